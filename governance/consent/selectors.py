"""Reads of consents and uses: a guild's inside its tenant, a dreamer's own from anywhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from governance.consent.enums import ConsentState, Purpose
from governance.consent.errors import NoSuchConsent
from governance.consent.models import Statement, Subject, UseSubject
from governance.consent.purposes import REGISTRY
from governance.consent.terms import Terms
from guild.tenancy.context import current
from guild.tenancy.models import Guild

if TYPE_CHECKING:
    from django.db.models import QuerySet

DONE = {
    Purpose.SHARE_IN_SESSION: "Read in a session",
    Purpose.BLEND: "Blended",
    Purpose.QUOTE: "Quoted",
    Purpose.PUBLISH_TO_GUILD: "Published to the guild",
    Purpose.PUBLISH_BEYOND: "Published beyond the guild",
    Purpose.EXCHANGE: "Exchanged with another guild",
    Purpose.RESEARCH_AGGREGATE: "Counted in research",
}
LEFT_GUILD = "a guild you have left"

InForce = Mapping[tuple[UUID, Purpose], Statement]


@dataclass(frozen=True)
class Standing:
    """Where one purpose of one contribution stands for its dreamer."""

    purpose: Purpose
    title: str
    state: ConsentState
    since: datetime
    expires_at: datetime | None
    depth: float
    leaf_index: int

    @property
    def is_open(self) -> bool:
        """Whether something may still be opened for it."""
        return self.state is ConsentState.GIVEN


@dataclass(frozen=True)
class LentDream:
    """One contribution as its dreamer sees it: to whom, since when, and each purpose."""

    contribution: UUID
    guild: UUID
    guild_name: str
    lent_at: datetime
    withdrawn_at: datetime | None
    standings: tuple[Standing, ...]

    @property
    def is_lent(self) -> bool:
        """Whether there is still something to withdraw."""
        return self.withdrawn_at is None


@dataclass(frozen=True)
class UseOfMine:
    """One opening of one's own dream."""

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
        return DONE[self.purpose]

    @property
    def others(self) -> int:
        """How many other dreams were opened with it."""
        return self.count - 1


def in_force(guild: UUID, contributions: Iterable[UUID]) -> InForce:
    """The newest statement for each purpose of these contributions, in one query."""
    rows = (
        Statement.objects.filter(guild_id=guild, contribution__in=list(contributions))
        .order_by("contribution", "purpose", "-leaf_index")
        .distinct("contribution", "purpose")
    )
    return {(row.contribution, Purpose(row.purpose)): row for row in rows}


def stands(statement: Statement | None, *, at: datetime) -> bool:
    """Whether a statement opens anything at that moment; no statement is a refusal."""
    return (
        statement is not None
        and statement.state == ConsentState.GIVEN
        and (statement.expires_at is None or at < statement.expires_at)
    )


def terms_of(contribution: UUID, *, at: datetime | None = None) -> Terms:
    """The terms that hold for blending a contribution now, in its guild's tenant. Raises NoSuchConsent."""
    guild = current().guild
    statements = {} if guild is None else in_force(guild, [contribution])
    blend = statements.get((contribution, Purpose.BLEND))
    if blend is None:
        raise NoSuchConsent("Nothing was stated about that contribution.")
    quote = statements.get((contribution, Purpose.QUOTE))
    return terms_from(blend, quote=quote, at=at or timezone.now())


def terms_from(statement: Statement, *, quote: Statement | None, at: datetime) -> Terms:
    """Terms under one statement; words may be shown only where the quote purpose stands by itself."""
    return Terms(depth=float(statement.depth), quote=stands(quote, at=at), expires_at=statement.expires_at)


def contributions_of(dreamer: UUID) -> "QuerySet[Subject]":
    """Everything a dreamer ever lent, newest first; take a page, then `lent_dreams` of it."""
    return Subject.objects.filter(dreamer_id=dreamer).order_by("-made_at", "id")


def lent_dreams(subjects: Sequence[Subject], *, at: datetime | None = None) -> list[LentDream]:
    """These contributions with every purpose's standing, in two queries whatever their number."""
    moment = at or timezone.now()
    rows = (
        Statement.objects.filter(contribution__in=[subject.contribution for subject in subjects])
        .order_by("contribution", "purpose", "-leaf_index")
        .distinct("contribution", "purpose")
    )
    standings: dict[UUID, list[Standing]] = {}
    for row in rows:
        standings.setdefault(row.contribution, []).append(_standing(row, at=moment))
    names = guild_names({subject.guild_id for subject in subjects})
    order = list(Purpose)
    return [
        LentDream(
            contribution=subject.contribution,
            guild=subject.guild_id,
            guild_name=names.get(subject.guild_id, LEFT_GUILD),
            lent_at=subject.made_at,
            withdrawn_at=subject.withdrawn_at,
            standings=tuple(
                sorted(standings.get(subject.contribution, []), key=lambda s: order.index(s.purpose))
            ),
        )
        for subject in subjects
    ]


def statements_for(dreamer: UUID) -> list[LentDream]:
    """Every consent of a dreamer, in every guild, as it stands."""
    return lent_dreams(list(contributions_of(dreamer)))


def use_rows_of(dreamer: UUID) -> "QuerySet[UseSubject]":
    """Every use of a dreamer's dreams, newest first; take a page, then `uses` of it."""
    return UseSubject.objects.filter(dreamer_id=dreamer).order_by("-at", "-leaf_index")


def uses(rows: Sequence[UseSubject]) -> list[UseOfMine]:
    """These uses with the names of the guilds and the dates of lending, in two queries."""
    mine = Subject.objects.filter(contribution__in={row.contribution for row in rows})
    lent_at = dict(mine.values_list("contribution", "made_at"))
    names = guild_names({row.guild_id for row in rows})
    return [
        UseOfMine(
            at=row.at,
            purpose=Purpose(row.purpose),
            guild=row.guild_id,
            guild_name=names.get(row.guild_id, LEFT_GUILD),
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
    return uses(list(use_rows_of(dreamer)[:limit]))


def guild_names(guilds: Iterable[UUID]) -> dict[UUID, str]:
    """Names of the guilds that the dreamer may still see."""
    return dict(Guild.objects.filter(pk__in=list(guilds)).values_list("pk", "name"))


def _standing(row: Statement, *, at: datetime) -> Standing:
    state, purpose = ConsentState(row.state), Purpose(row.purpose)
    if state is ConsentState.GIVEN and not stands(row, at=at):
        state = ConsentState.EXPIRED
    return Standing(
        purpose=purpose,
        title=REGISTRY[purpose].title,
        state=state,
        since=row.stated_at,
        expires_at=row.expires_at,
        depth=float(row.depth),
        leaf_index=row.leaf_index,
    )
