"""Everything that was ever said about one lent dream, and what its dreamer was told of others'."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from governance.consent import places, selectors
from governance.consent.enums import ConsentState, Purpose, Scope, Told
from governance.consent.errors import NoSuchConsent
from governance.consent.models import RecipientNotice, Restriction, Statement, Subject
from governance.consent.purposes import REGISTRY
from governance.ledger.enums import SYSTEM
from guild.tenancy.context import tenant

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Entry:
    """One line of a history: a statement with its receipt, or a restriction without one."""

    at: datetime
    title: str
    said: str
    scope: Scope
    by: str
    notice: str
    shown_at: datetime | None
    leaf_index: int
    statement: UUID | None


@dataclass(frozen=True)
class ToldMe:
    """One notice about somebody else's dream that had reached me."""

    id: UUID
    guild: UUID
    guild_name: str
    guild_slug: str
    what: Told
    place: str
    on: str
    subject: UUID
    reached_at: datetime
    told_at: datetime
    seen_at: datetime | None


def history_of(subject: Subject) -> list[Entry]:
    """All that bears on one contribution, newest first: refusals, requests and broader words too."""
    owner = [] if subject.pseudonym is None else [subject.pseudonym]
    where = [place for place in (subject.session, subject.lounge, subject.guild_id) if place is not None]
    of_dreams = [entry.purpose for entry in REGISTRY.values() if entry.of_dreams]
    broader = Q(contribution=None, pseudonym__in=owner, scope_id__in=where, purpose__in=of_dreams)
    rows = Statement.objects.filter(Q(contribution=subject.contribution) | broader, guild_id=subject.guild_id)
    aside = Restriction.objects.filter(guild_id=subject.guild_id, contribution=subject.contribution)
    found = [*(_statement(row) for row in rows), *(_restriction(row) for row in aside)]
    return sorted(found, key=lambda entry: entry.leaf_index, reverse=True)


def statement_for(dreamer: UUID, statement: UUID) -> Statement:
    """One statement of the dreamer's own. Raises NoSuchConsent for anybody else's."""
    row = Statement.objects.filter(dreamer_id=dreamer, pk=statement).first()
    if row is None:
        raise NoSuchConsent("You have stated no such consent.")
    return row


def told_rows(dreamer: UUID) -> "QuerySet[RecipientNotice]":
    """Every notice to a dreamer, newest first; take a page, then `told` of it."""
    return RecipientNotice.objects.filter(dreamer_id=dreamer).order_by("-told_at", "id")


def unread(dreamer: UUID) -> "QuerySet[RecipientNotice]":
    """Those that the dreamer has not put away."""
    return told_rows(dreamer).filter(seen_at=None)


def told(rows: Sequence[RecipientNotice], *, dreamer: UUID) -> list[ToldMe]:
    """These notices with the names of where the dream had reached; a few queries for each guild."""
    guilds = {row.guild_id for row in rows}
    called = selectors.guild_places(guilds)
    named: dict[UUID, Mapping[UUID, str]] = {}
    for guild in guilds:
        here = [row.subject for row in rows if row.guild_id == guild and row.on == Scope.SESSION]
        with tenant(guild=guild, dreamer=dreamer):
            named[guild] = places.names(guild, Scope.SESSION, here)
    return [_told(row, called, named[row.guild_id]) for row in rows]


def _told(row: RecipientNotice, called: Mapping[UUID, tuple[str, str]], named: Mapping[UUID, str]) -> ToldMe:
    name, slug = called.get(row.guild_id, (selectors.LEFT_GUILD, ""))
    return ToldMe(
        id=row.pk,
        guild=row.guild_id,
        guild_name=name,
        guild_slug=slug,
        what=Told(row.what),
        place=named.get(row.subject, ""),
        on=row.on,
        subject=row.subject,
        reached_at=row.reached_at,
        told_at=row.told_at,
        seen_at=row.seen_at,
    )


def _statement(row: Statement) -> Entry:
    state = ConsentState(row.state)
    return Entry(
        at=row.stated_at,
        title=REGISTRY[Purpose(row.purpose)].title,
        said=state.label,
        scope=Scope(row.scope),
        by=_who(row),
        notice=f"version {row.notice_version}",
        shown_at=row.served_at,
        leaf_index=row.leaf_index,
        statement=row.pk,
    )


def _who(row: Statement) -> str:
    if row.actor in ("", str(row.pseudonym)):
        return "me"
    return "the house" if row.actor == SYSTEM else "the guild"


def _restriction(row: Restriction) -> Entry:
    return Entry(
        at=row.at,
        title="All purposes",
        said="set aside" if row.restricted else "no longer set aside",
        scope=Scope.CONTRIBUTION,
        by="me",
        notice="",
        shown_at=None,
        leaf_index=row.leaf_index,
        statement=None,
    )


def events_of(row: Statement) -> Iterator[Statement]:
    """What was stated about exactly the same up to this statement, oldest first."""
    rows = Statement.objects.filter(
        guild_id=row.guild_id,
        contribution=row.contribution,
        scope_id=row.scope_id,
        purpose=row.purpose,
        leaf_index__lte=row.leaf_index,
    )
    if row.contribution is None:
        rows = rows.filter(pseudonym=row.pseudonym)
    yield from rows.order_by("leaf_index")
