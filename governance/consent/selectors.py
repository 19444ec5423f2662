"""What stands: what the gate decides by, and whoever asks ahead of it; and the rows that pages are made of.

A guild's rows are read inside its tenant, a dreamer's own from anywhere.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance.consent import resolution
from governance.consent.enums import Purpose, Scope
from governance.consent.errors import NoSuchConsent
from governance.consent.models import Statement, Subject, UseSubject
from governance.consent.resolution import Place, Register, Said, Stated, Verdict
from governance.consent.terms import Terms
from guild.tenancy.context import current
from guild.tenancy.models import Guild, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet


class InForce:
    """What was stated about some contributions, from their own statements up to the guild's: asked as often
    as one likes, without a query.
    """

    def __init__(self, subjects: Iterable[Subject], statements: Iterable[Statement]) -> None:
        self.subjects: Mapping[UUID, Subject] = {row.contribution: row for row in subjects}
        self._rows = {row.leaf_index: row for row in statements}
        self._register = Register(stated(row) for row in self._rows.values())
        for subject in self.subjects.values():
            if subject.withdrawn_at is not None:
                self._register.withdraw(subject.contribution)
            if subject.restricted_at is not None:
                self._register.restrict(subject.contribution)

    def verdict(self, contribution: UUID, purpose: Purpose, *, at: datetime) -> Verdict:
        """The statement in force, and why it does not open."""
        subject = self.subjects.get(contribution)
        if subject is None:
            return resolution.NEVER_STATED
        return self._register.verdict(place_of(subject), purpose=purpose.value, at=at)

    def opens(self, contribution: UUID, purpose: Purpose, *, at: datetime) -> bool:
        """Whether the contribution may be opened for the purpose at that moment."""
        return self.verdict(contribution, purpose, at=at).opens

    def statement(self, contribution: UUID, purpose: Purpose) -> Statement | None:
        """The row of the narrowest statement, whatever it says, also where the contribution is restricted."""
        subject = self.subjects.get(contribution)
        if subject is None:
            return None
        said = self._register.in_force(place_of(subject), purpose=purpose.value)
        return None if said is None else self._rows[said.order]

    def terms(self, contribution: UUID, purpose: Purpose, *, at: datetime) -> Terms | None:
        """The terms of a use for the purpose; None where it does not open. Words may be shown only where the
        quote purpose stands by itself, and no longer than both stand.
        """
        said, reason = self.verdict(contribution, purpose, at=at)
        if said is None or reason:
            return None
        quote, unquoted = self.verdict(contribution, Purpose.QUOTE, at=at)
        ends = [one.expires_at for one in (said, None if unquoted else quote) if one and one.expires_at]
        return Terms(depth=said.depth, quote=not unquoted, expires_at=min(ends, default=None))


def in_force(guild: UUID, contributions: Iterable[UUID]) -> InForce:
    """What stands for these contributions, in two queries whatever their number; in the guild's tenant."""
    subjects = list(Subject.objects.filter(guild_id=guild, contribution__in=list(contributions)))
    return InForce(subjects, newest_statements(subjects))


def newest_statements(subjects: Iterable[Subject]) -> list[Statement]:
    """The newest statement of each kind that any of these contributions falls under, in one query."""
    rows = list(subjects)
    owners = {row.pseudonym for row in rows if row.pseudonym is not None}
    places = {place for row in rows for place in (row.session, row.lounge, row.guild_id) if place is not None}
    broader = Q(contribution=None, pseudonym__in=owners, scope_id__in=places)
    kind = ("contribution", "scope_id", "pseudonym", "purpose")
    return list(
        Statement.objects.filter(Q(contribution__in=[row.contribution for row in rows]) | broader)
        .filter(guild_id__in={row.guild_id for row in rows})
        .order_by(*kind, "-leaf_index")
        .distinct(*kind)
    )


def place_of(subject: Subject) -> Place:
    """Where a contribution lies, as `resolution` asks it."""
    return Place(subject.contribution, subject.session, subject.lounge, subject.guild_id, subject.pseudonym)


def stated(row: Statement) -> Stated:
    """A row as `resolution` takes it."""
    return Stated(
        order=row.leaf_index,
        scope=str(row.scope),
        scope_id=row.scope_id if row.contribution is None else row.contribution,
        owner=row.pseudonym,
        said=Said(str(row.purpose), str(row.state), float(row.depth), row.expires_at, row.notice_digest),
    )


def is_narrower_yes(row: Statement | None, *, than: Scope) -> bool:
    """Whether the statement in force for a dream says yes, by a word narrower than the scope."""
    rank = resolution.NARROWEST_FIRST.index
    return row is not None and row.state in resolution.GIVING and rank(row.scope) < rank(than.value)


def reason_shut(row: Statement, *, at: datetime) -> str:
    """Why one statement by itself opens nothing at that moment; "" when it opens."""
    return resolution.reason_shut(stated(row).said, at=at)


def terms_of(contribution: UUID, *, at: datetime | None = None) -> Terms:
    """The terms stated for blending a contribution, in its guild's tenant, whether or not they still stand.

    Words may be shown only where they do. Raises NoSuchConsent.
    """
    guild = current().guild
    standing = InForce((), ()) if guild is None else in_force(guild, [contribution])
    blend = standing.statement(contribution, Purpose.BLEND)
    if blend is None:
        raise NoSuchConsent("Nothing was stated about that contribution.")
    quote = standing.opens(contribution, Purpose.QUOTE, at=at or timezone.now())
    return Terms(depth=float(blend.depth), quote=quote, expires_at=blend.expires_at)


def standing_choices(
    member: Membership,
    purposes: Iterable[Purpose],
    *,
    lounge: UUID | None = None,
    session: UUID | None = None,
) -> dict[Purpose, Verdict]:
    """What a member said for a session, its lounge or the guild as a whole, the narrowest first, in one
    query; in the guild's tenant. For what concerns a person and no dream, and for what a dream's own answer
    may leave open.
    """
    asked = list(purposes)
    places = [place for place in (session, lounge, member.guild_id) if place is not None]
    rows = (
        Statement.objects.filter(
            guild_id=member.guild_id, contribution=None, pseudonym=member.pseudonym, purpose__in=asked
        )
        .filter(scope_id__in=places)
        .order_by("scope_id", "purpose", "-leaf_index")
        .distinct("scope_id", "purpose")
    )
    register, now = Register(stated(row) for row in rows), timezone.now()
    place = Place(None, session, lounge, member.guild_id, member.pseudonym)
    return {purpose: register.verdict(place, purpose=purpose.value, at=now) for purpose in asked}


def allows(member: Membership, purpose: Purpose) -> bool:
    """Whether a member allows what concerns them and no dream of theirs, such as reminders."""
    return standing_choices(member, [purpose])[purpose].opens


def contributions_of(dreamer: UUID) -> "QuerySet[Subject]":
    """Everything a dreamer ever lent, newest first; take a page, then `standings.lent_dreams` of it."""
    return Subject.objects.filter(dreamer_id=dreamer).order_by("-made_at", "id")


def subject_for(dreamer: UUID, contribution: UUID) -> Subject:
    """One contribution of the dreamer's own. Raises NoSuchConsent for anybody else's."""
    found = Subject.objects.filter(dreamer_id=dreamer, contribution=contribution).first()
    if found is None:
        raise NoSuchConsent("You have lent no such dream.")
    return found


def lent_by(dreamer: UUID, *, guild: UUID, scope: Scope, scope_id: UUID) -> list[Subject]:
    """What a dreamer still lends within a guild, a lounge or a session; in the guild's tenant."""
    rows = Subject.objects.filter(dreamer_id=dreamer, guild_id=guild, withdrawn_at=None)
    if scope is Scope.GUILD:
        return list(rows)
    return list(rows.filter(**{scope.value: scope_id}))


def use_rows_of(dreamer: UUID) -> "QuerySet[UseSubject]":
    """Every use of a dreamer's dreams, newest first; take a page, then `standings.uses` of it."""
    return UseSubject.objects.filter(dreamer_id=dreamer).order_by("-at", "-leaf_index")


LEFT_GUILD = "a guild you have left"


def guild_places(guilds: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and address of the guilds that the dreamer may still see."""
    rows = Guild.objects.filter(pk__in=list(guilds)).values_list("pk", "name", "slug")
    return {guild: (name, slug) for guild, name, slug in rows}


def guild_names(guilds: Iterable[UUID]) -> dict[UUID, str]:
    """Names of the guilds that the dreamer may still see."""
    return dict(Guild.objects.filter(pk__in=list(guilds)).values_list("pk", "name"))
