"""Telling those whom a dream had reached (GDPR 19). The rooms above know who they are, and register once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from governance.consent import announcing
from governance.consent.enums import Told
from governance.consent.models import RecipientNotice, Subject
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.tenancy.context import tenant

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Recipient:
    """A dreamer whom a contribution reached, on what ("session", "blend"), which one, and when it could."""

    dreamer: UUID
    on: str
    subject: UUID
    reached_at: datetime


Callback = Callable[[Subject], Iterable[Recipient]]

_callbacks: list[Callback] = []


def on_naming(callback: Callback) -> None:
    """Ask `callback` whom a contribution reached, in its guild's tenant, before anything of it is destroyed.

    Registering twice is once.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)


def of(subject: Subject) -> tuple[Recipient, ...]:
    """Everybody but its dreamer whom the contribution reached, each once, by where it reached them first."""
    found = [one for callback in _callbacks for one in callback(subject)]
    first: dict[UUID, Recipient] = {}
    for one in sorted(found, key=lambda one: one.reached_at):
        first.setdefault(one.dreamer, one)
    first.pop(subject.dreamer_id, None)
    return tuple(first.values())


def tell(subject: Subject, reached: Iterable[Recipient], *, what: Told, at: datetime) -> int:
    """One notice for each of them, and one leaf with their number, which is given back.

    The guild's ledger is held by the caller. The leaf is written also where nobody was reached, so that
    whoever checks the log sees that they were asked about.
    """
    told = list(reached)
    leaf = ledger.append(
        guild=subject.guild_id,
        kind=LeafKind.RECIPIENTS_TOLD,
        actor=SYSTEM,
        subjects=[subject.commitment],
        detail={"what": what.value, "count": len(told)},
        at=at,
    )
    RecipientNotice.objects.bulk_create(
        RecipientNotice(
            guild_id=subject.guild_id,
            dreamer_id=one.dreamer,
            contribution=subject.contribution,
            what=what,
            on=one.on,
            subject=one.subject,
            reached_at=one.reached_at,
            told_at=at,
            leaf_index=leaf.index,
        )
        for one in told
    )
    announcing.reached(subject, [one.dreamer for one in told], leaf=leaf.index, at=at)
    Subject.objects.filter(pk=subject.pk).update(told=len(told))
    return len(told)


def put_away(*, by: UUID) -> int:
    """Mark every notice to a dreamer as read; how many were not. No leaf: what one has read is one's own."""
    guilds = set(_unread(by).values_list("guild_id", flat=True))
    return sum(_put_away_in(guild, by) for guild in guilds)


def _put_away_in(guild: UUID, dreamer: UUID) -> int:
    with tenant(guild=guild, dreamer=dreamer):
        return _unread(dreamer).filter(guild_id=guild).update(seen_at=timezone.now())


def _unread(dreamer: UUID) -> "QuerySet[RecipientNotice]":
    return RecipientNotice.objects.filter(dreamer_id=dreamer, seen_at=None)
