"""Does a ritual help? One's own nights, and, for those who lead, figures over those who allow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from colonies.diary import selectors as diary
from colonies.diary.comparison import FEWEST_PEOPLE, Figure, Slept, of_one, over_people
from colonies.diary.models import ComparedNights
from colonies.rituals import selectors
from colonies.rituals.enums import Keeping, Standing
from colonies.rituals.errors import NotNow
from colonies.rituals.models import Belonging, Colony, Observance, Ritual
from colonies.rituals.times import evenings_between, schedules_of
from colonies.rituals.tonight import paused_nights_of
from governance.consent.enums import Purpose
from governance.consent.selectors import allows
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import Decision, authorize, require
from guild.dreamers.models import Dreamer
from guild.journal.nights import zone_named
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

WEEKS = 26
TOO_FEW = (
    "Fewer than five people allow this comparison and have five nights of their diary on either side: "
    "so few that one could tell who they are. Nothing was compared."
)
OTHERS = (
    "Those who stand behind it are others than earlier this week. So that nobody can be worked out, "
    "it is compared again from Monday on."
)
_KEPT = (Keeping.KEPT, Keeping.PARTLY)


@dataclass(frozen=True)
class Own:
    """One's own comparison of one ritual."""

    ritual: Ritual
    slept: Slept
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Shared:
    """A comparison over `people`: those whose nights are in it."""

    ritual: Ritual
    people: int
    figures: tuple[Figure, ...]


def own_comparisons(member: Membership, colony: Colony, *, now: datetime) -> list[Own]:
    """Of every ritual that is kept, for the member alone: nobody's permission is needed for one's own. In the
    member's own tenant. Raises the vault's errors.
    """
    found = []
    for ritual in (one for one in selectors.rituals_of(colony) if not one.is_at_rest):
        slept = _slept(member, ritual, now=now)
        found.append(Own(ritual, slept, tuple(of_one(slept))))
    return found


def parts_of(member: Membership) -> list[ComparedNights]:
    """The comparisons that the member's nights were part of, newest first."""
    mine = ComparedNights.objects.filter(guild_id=member.guild_id, dreamer_id=member.dreamer_id)
    return list(mine.select_related("ritual")[:10])


@transaction.atomic
def compare(*, by: Membership, ritual: Ritual, now: datetime) -> Shared:
    """Over all who belong and allow it, up to the last Monday; a leaf says that it was made, and of how many.

    The nights of each are opened in a tenant of theirs, and only where at least five allow it. The result is
    returned and not kept. Raises Denied, NotNow with too few people or others than earlier in
    the week, and the vault's errors.
    """
    resource = selectors.resource_of(ritual.colony)
    require(actor=by, action=Action.LEAD_COLONY, resource=resource)
    ledger.hold(guild=by.guild_id)
    willing = [member for member in _belonging(ritual) if allows(member, Purpose.COMPARISON)]
    _require_enough(by, ritual, people=len(willing))
    everybody = list(_nights_of(willing, ritual, now=now))
    enough = [(member, slept) for member, slept in everybody if slept.is_enough]
    decision = _require_enough(by, ritual, people=len(enough))
    _require_same_people(ritual, [member for member, _ in enough], now=now)
    _record(by, ritual, [member for member, _ in enough], decision=decision, now=now)
    return Shared(ritual, len(enough), tuple(over_people([slept for _, slept in enough])))


def _belonging(ritual: Ritual) -> list[Membership]:
    rows = Belonging.objects.filter(
        guild_id=ritual.guild_id,
        colony_id=ritual.colony_id,
        standing=Standing.IN,
        membership__ended_at=None,
    )
    return [row.membership for row in rows.select_related("membership")]


def _require_enough(by: Membership, ritual: Ritual, *, people: int) -> Decision:
    resource = selectors.resource_of(ritual.colony)
    decision = authorize(actor=by, action=Action.VIEW_COLONY_FIGURES, resource=resource, people=people)
    if people < FEWEST_PEOPLE or not decision.allowed:
        raise NotNow(TOO_FEW)
    return decision


def _require_same_people(ritual: Ritual, members: list[Membership], *, now: datetime) -> None:
    """Over the same weeks nobody is compared with and without one person, who could be worked out from both.

    Raises NotNow where the last comparison since Monday was over others.
    """
    today = now.astimezone(UTC)
    monday = today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=today.weekday())
    rows = ComparedNights.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk, at__gte=monday)
    last = rows.order_by("-leaf_index").values_list("leaf_index", flat=True).first()
    if last is None:
        return
    before = set(rows.filter(leaf_index=last).values_list("dreamer_id", flat=True))
    if before != {member.dreamer_id for member in members}:
        raise NotNow(OTHERS)


def _nights_of(
    members: Iterable[Membership], ritual: Ritual, *, now: datetime
) -> Iterable[tuple[Membership, Slept]]:
    for member in members:
        dreamer = Dreamer.objects.get(pk=member.dreamer_id)
        member.dreamer = dreamer
        tonight = reckoning_of(dreamer).night_of(now)
        with tenant(guild=member.guild_id, dreamer=dreamer.pk):
            slept = _slept(member, ritual, now=now, until=tonight - timedelta(days=tonight.weekday()))
        yield member, slept


def _slept(member: Membership, ritual: Ritual, *, now: datetime, until: date | None = None) -> Slept:
    """The nights of the last half year on which the ritual fell or something was said of it, before `until`
    (tonight), without those of a pause; in the member's own tenant.
    """
    reckoning = reckoning_of(member.dreamer)
    last = (until or reckoning.night_of(now)) - timedelta(days=1)
    since = last - timedelta(weeks=WEEKS)
    said = _said(member, ritual, since=since, until=last)
    zone = zone_named(reckoning.time_zone)
    evenings = evenings_between(
        schedules_of(ritual),
        reckoning=reckoning,
        since=datetime(since.year, since.month, since.day, tzinfo=zone),
        until=datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=2),
    )
    fell = {evening.night for evening in evenings} | set(said)
    fell -= paused_nights_of(member.dreamer_id, since=since, until=last)
    nights = [
        entry.night
        for entry in diary.entries_between(member.dreamer_id, since=since, until=last)
        if entry.on in fell
    ]
    return Slept(
        kept=tuple(night for night in nights if said.get(night.on) in _KEPT),
        without=tuple(night for night in nights if said.get(night.on) not in _KEPT),
        zone=reckoning.time_zone,
    )


def _said(member: Membership, ritual: Ritual, *, since: date, until: date) -> dict[date, str]:
    rows = Observance.objects.filter(
        guild_id=member.guild_id,
        membership_id=member.pk,
        ritual_id=ritual.pk,
        night__gte=since,
        night__lte=until,
    )
    return dict(rows.values_list("night", "keeping"))


def _record(
    by: Membership, ritual: Ritual, members: list[Membership], *, decision: Decision, now: datetime
) -> None:
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.COMPARISON_MADE,
        actor=by.pseudonym,
        subjects=[str(ritual.pk)],
        policy_set=decision.policy_set,
        detail={"count": len(members), "purpose": Purpose.COMPARISON.value},
        at=now,
    )
    ComparedNights.objects.bulk_create(
        ComparedNights(
            guild_id=by.guild_id,
            dreamer_id=member.dreamer_id,
            ritual_id=ritual.pk,
            people=len(members),
            at=now,
            leaf_index=leaf.index,
        )
        for member in members
    )


def erase_parts(dreamer: UUID, *, guild: UUID) -> None:
    """In the guild's tenant: that somebody's nights were ever compared."""
    ComparedNights.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
