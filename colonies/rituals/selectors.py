"""Reads of colonies and rituals. The check is the function that fetches: a row, or a 404, or a 403 with a
sentence.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from colonies.rituals.enums import LEADING_PARTS, LIVE_STANDINGS, Part, Standing
from colonies.rituals.models import Belonging, Colony, Ritual, RitualVersion, Schedule, Translation
from governance.moderation import selectors as moderation
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of

NO_SUCH_COLONY = "There is no such colony in this guild."
NO_SUCH_RITUAL = "There is no such ritual in this guild."
NO_SUCH_VERSION = "The ritual has no such version."
NO_SUCH_BELONGING = "There is nobody here who asks, is invited or belongs under this name."

KIND = "ritual"
"""What the room of moderation calls a ritual."""

HIDDEN = "Hidden by moderation: {}."
A_NIGHT = timedelta(days=1)

_HERE = Q(standing=Standing.IN, membership__ended_at=None)


@dataclass(frozen=True)
class Company:
    """Who belongs to a colony, who is invited, and who asks; leaders first."""

    belonging: tuple[Belonging, ...]
    invited: tuple[Belonging, ...]
    asking: tuple[Belonging, ...]


@dataclass(frozen=True)
class Reading:
    """A version as it is read: the row, and the translation it is read in, None for its own language."""

    ritual: Ritual
    version: RitualVersion
    translation: Translation | None
    translations: tuple[Translation, ...]

    @property
    def is_newest(self) -> bool:
        return self.version.number == self.ritual.version


def resource_of(colony: Colony) -> Resource:
    """The colony as the law sees it, with those who lead it now."""
    leaders = _belongings(colony).filter(_HERE, part__in=LEADING_PARTS)
    return entities.colony(
        id=colony.pk,
        guild=colony.guild_id,
        leaders=list(leaders.values_list("membership_id", flat=True)),
        admission=colony.admission,
        archived=colony.is_archived,
    )


def colonies_for(membership: Membership) -> QuerySet[Colony]:
    """Every colony of the member's guild, those that are kept first, each with `keepers` and `rituals`
    counted and the member's own `standing`. Raises Denied.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    here = Belonging.objects.filter(_HERE, colony_id=OuterRef("pk")).order_by().values("colony_id")
    kept = Ritual.objects.filter(colony_id=OuterRef("pk"), rested_at=None).order_by().values("colony_id")
    mine = Belonging.objects.filter(
        colony_id=OuterRef("pk"), membership_id=membership.pk, standing__in=LIVE_STANDINGS
    )
    return (
        Colony.objects.filter(guild_id=membership.guild_id)
        .annotate(
            keepers=Subquery(here.annotate(count=Count("pk")).values("count")),
            rituals=Subquery(kept.annotate(count=Count("pk")).values("count")),
            standing=Subquery(mine.values("standing")[:1]),
        )
        .order_by("archived_at", "name", "id")
    )


def colony_for(membership: Membership, slug: str) -> Colony:
    """The colony at `slug`. Raises Http404 or Denied."""
    colony = Colony.objects.filter(guild_id=membership.guild_id, slug=slug).first()
    if colony is None:
        raise Http404(NO_SUCH_COLONY)
    require(actor=membership, action=Action.VIEW_COLONY, resource=resource_of(colony))
    return colony


def led_colony_for(membership: Membership, slug: str) -> Colony:
    """As `colony_for`, for those who lead it. Raises Http404 or Denied."""
    colony = colony_for(membership, slug)
    require(actor=membership, action=Action.LEAD_COLONY, resource=resource_of(colony))
    return colony


def company_of(colony: Colony) -> Company:
    """Everybody whose belonging has not ended, as the colony's page shows them."""
    rows = list(
        _belongings(colony)
        .filter(standing__in=LIVE_STANDINGS, membership__ended_at=None)
        .select_related("membership")
    )
    order = {Part.LEADER: 0, Part.CO_LEADER: 1, Part.MEMBER: 2}
    rows.sort(key=lambda row: (order[Part(row.part)], row.joined_at or row.began_at))
    return Company(*(tuple(row for row in rows if row.standing == s) for s in _SHOWN))


_SHOWN = (Standing.IN, Standing.INVITED, Standing.ASKED)


def belonging_of(colony: Colony, membership: Membership) -> Belonging | None:
    """Where the member stands with the colony now; None for no live standing."""
    live = _belongings(colony).filter(membership_id=membership.pk, standing__in=LIVE_STANDINGS)
    return live.select_related("membership").first()


def belongs(colony: Colony, membership: Membership) -> bool:
    row = belonging_of(colony, membership)
    return row is not None and row.standing == Standing.IN


def keeps(ritual: Ritual, membership: Membership, *, night: date | None = None) -> bool:
    """Whether the member keeps the ritual: they belong to its colony, or to one that is its guest on an
    evening at about that night (None: about now).
    """
    if belongs(ritual.colony, membership):
        return True
    mine = Belonging.objects.filter(
        guild_id=ritual.guild_id, membership_id=membership.pk, standing=Standing.IN
    ).values("colony_id")
    evenings = Schedule.objects.filter(
        guild_id=ritual.guild_id, ritual_id=ritual.pk, guest_id__in=mine, ended_at=None
    )
    around = night or timezone.now().date()
    return any(abs(row.first_day - around) <= A_NIGHT for row in evenings)


def belonging_in(colony: Colony, belonging_id: UUID) -> Belonging:
    """A live standing of the colony, by its id. Raises Http404."""
    row = (
        _belongings(colony)
        .filter(pk=belonging_id, standing__in=LIVE_STANDINGS, membership__ended_at=None)
        .select_related("membership")
        .first()
    )
    if row is None:
        raise Http404(NO_SUCH_BELONGING)
    return row


def members_to_invite(colony: Colony) -> list[Membership]:
    """Those of the guild who have no live standing with the colony, by name."""
    known = set(
        _belongings(colony).filter(standing__in=LIVE_STANDINGS).values_list("membership_id", flat=True)
    )
    return [member for member in members_of(colony.guild_id) if member.pk not in known]


def rituals_of(colony: Colony) -> list[Ritual]:
    """The colony's rituals, those that are kept first."""
    rows = list(
        Ritual.objects.filter(guild_id=colony.guild_id, colony_id=colony.pk).order_by(
            "rested_at", "title", "id"
        )
    )
    hidden = moderation.hidden(colony.guild_id, KIND, [row.pk for row in rows])
    for row in rows:
        if row.pk in hidden:
            row.title = HIDDEN.format(hidden[row.pk])
    return rows


def ritual_for(membership: Membership, ritual_id: UUID) -> Ritual:
    """The ritual, with its colony. Raises Http404 or Denied."""
    ritual = (
        Ritual.objects.filter(guild_id=membership.guild_id, pk=ritual_id).select_related("colony").first()
    )
    if ritual is None:
        raise Http404(NO_SUCH_RITUAL)
    require(actor=membership, action=Action.VIEW_COLONY, resource=resource_of(ritual.colony))
    return ritual


def written_ritual_for(membership: Membership, ritual_id: UUID) -> Ritual:
    """As `ritual_for`, for those who write the colony's rituals. Raises Http404 or Denied."""
    ritual = ritual_for(membership, ritual_id)
    require(actor=membership, action=Action.WRITE_RITUAL, resource=resource_of(ritual.colony))
    return ritual


def kept_ritual_for(membership: Membership, ritual_id: UUID) -> Ritual:
    """As `ritual_for`, for those who keep it: who belong to its colony, or are its guests. Raises Http404 or
    Denied.
    """
    ritual = ritual_for(membership, ritual_id)
    inside, resource = keeps(ritual, membership), resource_of(ritual.colony)
    require(actor=membership, action=Action.KEEP_RITUAL, resource=resource, belongs=inside)
    return ritual


def version_of(ritual: Ritual, number: int) -> RitualVersion:
    """One version, with its author. Raises Http404."""
    if not 1 <= number <= ritual.version:
        raise Http404(NO_SUCH_VERSION)
    rows = RitualVersion.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk, number=number)
    version = rows.select_related("author").first()
    if version is None:
        raise Http404(NO_SUCH_VERSION)
    return version


def newest_of(ritual: Ritual) -> RitualVersion:
    return version_of(ritual, ritual.version)


def versions_of(ritual: Ritual) -> list[RitualVersion]:
    """All versions, newest first, with their authors."""
    rows = RitualVersion.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk)
    return list(rows.select_related("author").order_by("-number"))


def reading_of(ritual: Ritual, *, number: int | None = None, language: str = "") -> Reading:
    """A version (None: the newest) in a language; one that it is not translated into is read in its own.

    Raises Http404 for a number that the ritual does not have, and for one that moderation hid, with the
    reason.
    """
    hidden = moderation.hidden(ritual.guild_id, KIND, [ritual.pk])
    if hidden:
        raise Http404(HIDDEN.format(hidden[ritual.pk]))
    version = version_of(ritual, number or ritual.version)
    translations = tuple(translations_of(version))
    chosen = next((row for row in translations if row.language == language), None)
    return Reading(ritual, version, chosen, translations)


def translations_of(version: RitualVersion) -> list[Translation]:
    rows = Translation.objects.filter(guild_id=version.guild_id, version_id=version.pk)
    return list(rows.select_related("translator").order_by("language"))


def _belongings(colony: Colony) -> QuerySet[Belonging]:
    return Belonging.objects.filter(guild_id=colony.guild_id, colony_id=colony.pk)
