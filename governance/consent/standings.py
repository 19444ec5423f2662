"""What a dreamer sees of their own: where each purpose of each lent dream stands, and every use of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from governance.consent import selectors
from governance.consent.enums import ConsentState, Purpose, Scope
from governance.consent.models import Statement, Subject, UseSubject
from governance.consent.purposes import REGISTRY, RegisteredPurpose
from governance.consent.resolution import EXPIRED, GIVING
from governance.consent.selectors import InForce


@dataclass(frozen=True)
class Standing:
    """Where one purpose of one contribution stands for its dreamer, and by which word: this dream's own, or a
    broader one. `state` is "not known" where nothing was ever said.
    """

    entry: RegisteredPurpose
    state: ConsentState
    scope: Scope
    since: datetime | None
    expires_at: datetime | None
    depth: float
    leaf_index: int | None
    statement: UUID | None

    @property
    def purpose(self) -> Purpose:
        return self.entry.purpose

    @property
    def title(self) -> str:
        return self.entry.title

    @property
    def is_open(self) -> bool:
        """Whether something may be opened for it, but for a restriction."""
        return self.state in GIVING

    @property
    def is_stated(self) -> bool:
        return self.statement is not None

    @property
    def is_broader(self) -> bool:
        """Whether it stands by what was said for more than this dream."""
        return self.is_stated and self.scope is not Scope.CONTRIBUTION


@dataclass(frozen=True)
class LentDream:
    """One contribution as its dreamer sees it: to whom, since when, and each purpose."""

    contribution: UUID
    guild: UUID
    guild_name: str
    session: UUID | None
    lounge: UUID | None
    lent_at: datetime
    withdrawn_at: datetime | None
    restricted_at: datetime | None
    told: int | None
    every_standing: tuple[Standing, ...]

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Those that something was said about."""
        return tuple(standing for standing in self.every_standing if standing.is_stated)

    @property
    def is_lent(self) -> bool:
        """Whether there is still something to withdraw."""
        return self.withdrawn_at is None

    @property
    def is_restricted(self) -> bool:
        return self.restricted_at is not None and self.is_lent


@dataclass(frozen=True)
class UseOfMine:
    """One opening of one's own dream. `part` is the row of its part in that use."""

    part: UUID
    at: datetime
    purpose: Purpose
    guild: UUID
    guild_name: str
    contribution: UUID
    lent_at: datetime
    on: str
    subject: UUID
    count: int
    leaf_index: int
    commitment: str

    @property
    def title(self) -> str:
        """What happened, in words."""
        return REGISTRY[self.purpose].done

    @property
    def others(self) -> int:
        """How many other dreams were opened with it."""
        return self.count - 1


def lent_dreams(subjects: Sequence[Subject], *, at: datetime | None = None) -> list[LentDream]:
    """These contributions with every purpose's standing, in two queries whatever their number."""
    moment = at or timezone.now()
    held = _held(subjects)
    names = selectors.guild_names({subject.guild_id for subject in subjects})
    return [
        LentDream(
            contribution=subject.contribution,
            guild=subject.guild_id,
            guild_name=names.get(subject.guild_id, selectors.LEFT_GUILD),
            session=subject.session,
            lounge=subject.lounge,
            lent_at=subject.made_at,
            withdrawn_at=subject.withdrawn_at,
            restricted_at=subject.restricted_at,
            told=subject.told,
            every_standing=_standings(subject, held[subject.guild_id], at=moment),
        )
        for subject in subjects
    ]


def statements_for(dreamer: UUID) -> list[LentDream]:
    """Every consent of a dreamer, in every guild, as it stands."""
    return lent_dreams(list(selectors.contributions_of(dreamer)))


def uses(rows: Sequence[UseSubject]) -> list[UseOfMine]:
    """These uses with the names of the guilds and the dates of lending, in two queries."""
    mine = Subject.objects.filter(contribution__in={row.contribution for row in rows})
    lent_at = dict(mine.values_list("contribution", "made_at"))
    names = selectors.guild_names({row.guild_id for row in rows})
    return [
        UseOfMine(
            part=row.pk,
            at=row.at,
            purpose=Purpose(row.purpose),
            guild=row.guild_id,
            guild_name=names.get(row.guild_id, selectors.LEFT_GUILD),
            contribution=row.contribution,
            lent_at=lent_at[row.contribution],
            on=row.on,
            subject=row.subject,
            count=row.count,
            leaf_index=row.leaf_index,
            commitment=row.commitment,
        )
        for row in rows
    ]


def uses_for(dreamer: UUID, *, limit: int | None = None) -> list[UseOfMine]:
    """The uses of a dreamer's dreams in every guild, newest first, at most `limit`."""
    return uses(list(selectors.use_rows_of(dreamer)[:limit]))


def standing(entry: RegisteredPurpose, row: Statement | None, *, at: datetime) -> Standing:
    """Where a purpose stands by one statement. What has run out says so before anybody records it."""
    if row is None:
        return Standing(entry, ConsentState.UNKNOWN, Scope.CONTRIBUTION, None, None, 0.0, None, None)
    state = ConsentState(row.state)
    if selectors.reason_shut(row, at=at) == EXPIRED:
        state = ConsentState.EXPIRED
    return Standing(
        entry=entry,
        state=state,
        scope=Scope(row.scope),
        since=row.stated_at,
        expires_at=row.expires_at,
        depth=float(row.depth),
        leaf_index=row.leaf_index,
        statement=row.pk,
    )


def _standings(subject: Subject, held: InForce, *, at: datetime) -> tuple[Standing, ...]:
    return tuple(
        standing(entry, held.statement(subject.contribution, entry.purpose), at=at)
        for entry in REGISTRY.values()
        if entry.of_dreams
    )


def _held(subjects: Iterable[Subject]) -> Mapping[UUID, InForce]:
    """By guild, since the numbers of leaves are each guild's own; one query for all."""
    rows = list(subjects)
    statements = selectors.newest_statements(rows) if rows else []
    return {
        guild: InForce(
            [row for row in rows if row.guild_id == guild],
            [row for row in statements if row.guild_id == guild],
        )
        for guild in {row.guild_id for row in rows}
    }
