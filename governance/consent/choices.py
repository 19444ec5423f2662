"""What a dreamer said for more than one dream: for a guild, a lounge or a session, purpose by purpose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from governance.consent import places, selectors, standings
from governance.consent.enums import Scope
from governance.consent.models import Statement, Subject
from governance.consent.purposes import REGISTRY, RegisteredPurpose
from governance.consent.selectors import InForce
from governance.consent.standings import Standing
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

UNNAMED = {Scope.LOUNGE: "a lounge that is no more", Scope.SESSION: "a session that is no more"}


@dataclass(frozen=True)
class Choice:
    """One purpose in one place. `narrower` counts the dreams lent there that say yes by a word of their own,
    or of a narrower place, whatever is said here.
    """

    entry: RegisteredPurpose
    standing: Standing
    narrower: int

    @property
    def is_shown(self) -> bool:
        """Whether it is shown at once: what nothing is done for yet waits in a fold until it is answered."""
        return self.entry.in_use or self.standing.is_stated


@dataclass(frozen=True)
class ChoicePlace:
    """Somewhere one may say something for all one lends there. `lent` is how many dreams that is now."""

    guild: UUID
    scope: Scope
    id: UUID
    name: str
    lent: int
    choices: tuple[Choice, ...]

    @property
    def is_stated(self) -> bool:
        return any(choice.standing.is_stated for choice in self.choices)

    @property
    def has_more(self) -> bool:
        return not all(choice.is_shown for choice in self.choices)


@dataclass(frozen=True)
class GuildChoices:
    """One guild, and within it the lounges and sessions that one lends to."""

    whole: ChoicePlace
    within: tuple[ChoicePlace, ...]


def choices_for(dreamer: UUID) -> list[GuildChoices]:
    """Every guild that the dreamer belongs to or still lends to, in a tenant of theirs.

    The guilds' own tenants are entered for the names of their places: a number of queries for each guild,
    whatever is lent there.
    """
    mine = list(
        Membership.objects.filter(dreamer_id=dreamer).select_related("guild").order_by("joined_at", "id")
    )
    lent = list(Subject.objects.filter(dreamer_id=dreamer, withdrawn_at=None))
    guilds = {row.guild_id for row in mine if row.is_live} | {subject.guild_id for subject in lent}
    said = _said_by(dreamer)
    return sorted(
        (
            _guild(
                [row for row in mine if row.guild_id == guild],
                [subject for subject in lent if subject.guild_id == guild],
                [row for row in said if row.guild_id == guild],
                dreamer=dreamer,
            )
            for guild in guilds
        ),
        key=lambda one: one.whole.name,
    )


@dataclass(frozen=True)
class Whereabouts:
    """Where one contribution was lent, by name; "" where nobody knows."""

    session: str
    lounge: str


def whereabouts(subject: Subject) -> Whereabouts:
    """The names of the session and the lounge that a contribution of one's own was lent to."""
    with tenant(guild=subject.guild_id, dreamer=subject.dreamer_id):
        return Whereabouts(
            session=_name(subject.guild_id, Scope.SESSION, subject.session),
            lounge=_name(subject.guild_id, Scope.LOUNGE, subject.lounge),
        )


def _name(guild: UUID, scope: Scope, identity: UUID | None) -> str:
    return "" if identity is None else places.names(guild, scope, [identity]).get(identity, "")


def _said_by(dreamer: UUID) -> list[Statement]:
    kind = ("guild_id", "scope_id", "pseudonym", "purpose")
    rows = Statement.objects.filter(dreamer_id=dreamer, contribution=None)
    return list(rows.order_by(*kind, "-leaf_index").distinct(*kind))


def _guild(
    mine: Sequence[Membership], lent: Sequence[Subject], said: Sequence[Statement], *, dreamer: UUID
) -> GuildChoices:
    member = next((row for row in mine if row.is_live), mine[-1])
    own = [row for row in said if row.pseudonym == member.pseudonym]
    with tenant(guild=member.guild_id, dreamer=dreamer):
        held = selectors.in_force(member.guild_id, [subject.contribution for subject in lent])
        within = [
            _place(member.guild_id, scope, identity, name, lent, own, held)
            for scope in (Scope.LOUNGE, Scope.SESSION)
            for identity, name in _named(member.guild_id, scope, lent, own)
        ]
        whole = _place(member.guild_id, Scope.GUILD, member.guild_id, member.guild.name, lent, own, held)
    return GuildChoices(whole, tuple(within))


def _named(
    guild: UUID, scope: Scope, lent: Iterable[Subject], own: Iterable[Statement]
) -> list[tuple[UUID, str]]:
    """The places of a scope that are lent to or spoken of, by name."""
    lent_to = {getattr(subject, scope.value) for subject in lent} - {None}
    spoken_of = {row.scope_id for row in own if row.scope == scope and row.scope_id is not None}
    found = places.names(guild, scope, lent_to | spoken_of)
    named = [(identity, found.get(identity, UNNAMED[scope])) for identity in lent_to | spoken_of]
    return sorted(named, key=lambda one: (one[1], str(one[0])))


def _place(
    guild: UUID,
    scope: Scope,
    identity: UUID,
    name: str,
    lent: Iterable[Subject],
    own: Iterable[Statement],
    held: InForce,
) -> ChoicePlace:
    here = [subject for subject in lent if scope is Scope.GUILD or getattr(subject, scope.value) == identity]
    said = {row.purpose: row for row in own if row.scope_id == identity}
    now = timezone.now()
    choices = tuple(
        Choice(
            entry,
            standings.standing(entry, said.get(entry.purpose), at=now),
            _narrower(entry, scope, here, held),
        )
        for entry in REGISTRY.values()
        if entry.of_dreams or scope is Scope.GUILD
    )
    return ChoicePlace(guild, scope, identity, name, len(here), choices)


def _narrower(entry: RegisteredPurpose, scope: Scope, here: Iterable[Subject], held: InForce) -> int:
    rows = [held.statement(subject.contribution, entry.purpose) for subject in here]
    return sum(selectors.is_narrower_yes(row, than=scope) for row in rows)
