"""What a draft of a law would have done: the decisions that the ledger tells of, asked again under both laws.

A leaf tells what was allowed and done; `law.refused` leaves tell what a guild's own law refused. Offices are
those that the member holds now, and what a leaf does not tell is taken as it must have been for the act to be
allowed then: only what the draft itself changes makes a difference.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import Entry
from governance.ledger.models import Leaf
from governance.policies import engine, entities
from governance.policies.drafts import Draft, applied
from governance.policies.entities import Principal, Resource
from governance.policies.enums import Action
from governance.policies.errors import TooOften
from governance.policies.law import Law, law_of
from governance.policies.reasons import sentence_of
from governance.policies.services import require
from guild.tenancy.models import Membership

DAYS: Final = 90
MOST_SHOWN: Final = 200
MOST_TRIED: Final = 20
"""Drafts that one dreamer may try within `WITHIN`: each replays every decision of `DAYS`."""
WITHIN: Final = timedelta(minutes=10)
SOMEBODY_ELSE: Final = UUID(int=0)


@dataclass(frozen=True)
class Asked:
    """One decision as a leaf tells of it."""

    action: Action
    resource: Resource
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """A decision that the draft would have turned round."""

    leaf: int
    at: datetime
    action: Action
    name: str
    allowed: bool
    because: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """`counts`: action, how many decisions, how many of them the draft would have denied, how many allowed.
    `turned` are those it would have turned round, latest first, at most `MOST_SHOWN`.
    """

    days: int
    counts: tuple[tuple[Action, int, int, int], ...]
    turned: tuple[Verdict, ...]

    @property
    def denied(self) -> int:
        return sum(denied for _, _, denied, _ in self.counts)

    @property
    def allowed(self) -> int:
        return sum(allowed for _, _, _, allowed in self.counts)


Reader = Callable[[Membership, Entry], Asked | None]
_READERS: dict[LeafKind, Reader] = {}


def replays(kind: LeafKind) -> Callable[[Reader], Reader]:
    """Register how leaves of a kind are read as decisions. Rooms above do so when the process starts."""

    def register(reader: Reader) -> Reader:
        _READERS[kind] = reader
        return reader

    return register


def law_to_try(by: Membership) -> Law:
    """The law that whoever asks may try a draft on. Raises Denied, also where it cannot be read."""
    require(actor=by, action=Action.PREVIEW_LAW, resource=entities.guild(by.guild_id))
    return law_of(by.guild)


def preview(*, by: Membership, draft: Draft, days: int = DAYS) -> Preview:
    """Replay the last `days` under the law as it is and as it would be.

    Raises Denied, DraftRefused, and TooOften, for which only drafts count that could be tried.
    """
    now = law_to_try(by)
    then = applied(now, draft)
    _keep_pace(by.dreamer_id)
    people = {one.pseudonym: one for one in Membership.objects.filter(guild_id=by.guild_id)}
    total: Counter[Action] = Counter()
    turned: list[Verdict] = []
    for index, entry, actor, asked in _decisions(by, people, days=days):
        total[asked.action] += 1
        before, after = _verdict(actor, asked, now), _verdict(actor, asked, then)
        if before.allowed != after.allowed:
            because = () if after.allowed else tuple(map(sentence_of, after.rules))
            turned.append(Verdict(index, entry.at, asked.action, actor.display_name, after.allowed, because))
    return Preview(days, tuple(_counts(total, turned)), tuple(turned[::-1][:MOST_SHOWN]))


def _keep_pace(dreamer: UUID) -> None:
    """Count one more of the dreamer's, in whatever guild. Raises TooOften."""
    key = f"law-tried:{dreamer}"
    if cache.add(key, 1, timeout=WITHIN.total_seconds()):
        return
    try:
        tried = cache.incr(key)
    except ValueError:  # it ran out in between: a new while has begun
        return
    if tried > MOST_TRIED:
        raise TooOften(
            f"You tried {MOST_TRIED} drafts within a few minutes, and each is held against every decision of "
            f"{DAYS} days. Wait ten minutes, then try this one again."
        )


def _counts(total: Counter[Action], turned: Iterable[Verdict]) -> Iterator[tuple[Action, int, int, int]]:
    by_answer = Counter((one.action, one.allowed) for one in turned)
    for action, count in total.most_common():
        yield action, count, by_answer[action, False], by_answer[action, True]


def _decisions(
    by: Membership, people: Mapping[UUID, Membership], *, days: int
) -> Iterator[tuple[int, Entry, Membership, Asked]]:
    since = timezone.now() - timedelta(days=days)
    rows = Leaf.objects.filter(guild_id=by.guild_id, at__gte=since, kind__in=list(_READERS)).order_by("index")
    for index, raw in rows.values_list("index", "entry").iterator(chunk_size=2000):
        entry = leaves.decode(bytes(raw))
        actor = people.get(entry.actor) if isinstance(entry.actor, UUID) else None
        asked = _READERS[entry.kind](actor, entry) if actor is not None else None
        if actor is not None and asked is not None:
            yield index, entry, actor, asked


def _verdict(actor: Membership, asked: Asked, law: Law) -> engine.Verdict:
    principal = Principal(
        id=actor.pk,
        dreamer=actor.dreamer_id,
        guild=actor.guild_id,
        offices=tuple(actor.offices),
        live=True,
        law=law,
    )
    return engine.decide(
        principal=principal, action=asked.action, resource=asked.resource, context=asked.context
    )


@replays(LeafKind.LAW_REFUSED)
def _refused(actor: Membership, entry: Entry) -> Asked | None:
    """What the guild's own law refused, as it was asked then."""
    detail = entry.detail
    if detail["action"] not in set(Action):
        return None
    resource = Resource(detail["type"], UUID(entry.subjects[0]), actor.guild_id, _attributes(detail, actor))
    return Asked(Action(detail["action"]), resource, dict(detail["context"]))


def _attributes(detail: Mapping[str, Any], actor: Membership) -> dict[str, Any]:
    """The attributes of the resource as the leaf keeps them: references to whoever acted, to somebody else,
    and lists that whoever acted is in or not.
    """
    read: dict[str, Any] = dict(detail["attributes"])
    for name, type_name in dict(detail["own"]).items():
        read[name] = _oneself(type_name, actor)
    for name, type_name in dict(detail.get("others", {})).items():
        read[name] = entities.Reference(type_name, SOMEBODY_ELSE)
    for name, type_name in dict(detail.get("among", {})).items():
        read[name] = [_oneself(type_name, actor)] if type_name else []
    return read


def _oneself(type_name: str, actor: Membership) -> entities.Reference:
    return entities.Reference(type_name, actor.pk if type_name == "Member" else actor.dreamer_id)


@replays(LeafKind.DREAMSCAPE_MADE)
def _made(actor: Membership, entry: Entry) -> Asked | None:
    """A blend, by what it kept in truth and of how many voices it was. That it was asked for does not count
    beside it: what it would keep was not known then.
    """
    detail = entry.detail
    resource = entities.session(id=UUID(detail["session"]), guild=actor.guild_id, host=actor.pk, state="open")
    context = {"retention": detail["retention"], "voices": detail["voices"]}
    return Asked(Action.BLEND, resource, context)
