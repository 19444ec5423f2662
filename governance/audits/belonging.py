"""Who belonged to a guild, held what, and acted under which law, told by the leaves alone. Pure.

What cannot have been so is noted in `found`: an act of somebody who was not a member or did not hold the
office then, an end of what had not begun, a law that says something else than the guild had enacted.
"""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from governance.audits.acts import Need, need_of
from governance.audits.discrepancies import Discrepancy
from governance.audits.handing import Handing
from governance.ledger.entry_reader import Told
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import instant
from governance.policies.services import digest_of
from governance.policies.told import text_told, values_told

GRACE: Final = timedelta(minutes=1)
"""How long after a law its predecessor may still be named: a decision is made before its leaf has the log."""
DREAMER: Final = "dreamer"
SCHEDULED, OPEN, CLOSED = "scheduled", "open", "closed"
FOUNDING_LEAVES: Final = 2
_FOUNDING: Final = LeafKind.GUILD_FOUNDED.value
_CHANGING: Final = frozenset(
    kind.value
    for kind in (
        LeafKind.GUILD_FOUNDED,
        LeafKind.POLICY_ENACTED,
        LeafKind.MEMBERSHIP_STARTED,
        LeafKind.MEMBERSHIP_ENDED,
        LeafKind.OFFICE_GRANTED,
        LeafKind.OFFICE_WITHDRAWN,
        LeafKind.OFFICE_RENEWED,
    )
)
"""Kinds after which somebody may do what they might not do before, or the other way round."""


class Hosted(NamedTuple):
    """A session: the leaf that first told of it, who leads it, in which lounge, and its state."""

    first: int
    host: str
    lounge: str | None
    state: str


class Belonging:
    """Everything heard so far. `houses` are the digests of the house's own policies, of every release: a law
    that leaves tell of has one digest under each.
    """

    def __init__(self, *, houses: Collection[str], found: list[Discrepancy]) -> None:
        self._houses, self._found = houses, found
        self.joined: dict[str, int] = {}
        self.left: dict[str, int] = {}
        self.offices: dict[str, set[str]] = {}
        self.sessions: dict[str, Hosted] = {}
        self.lounges: dict[str, int] = {}
        self.floor = ""
        self.values: dict[str, str] = {}
        self.law_leaf: int | None = None
        self.law_text: str | None = None
        self.laws: dict[int, str] = {}
        self._lawful: frozenset[str] = frozenset()
        self._lawful_before: frozenset[str] = frozenset()
        self._until = ""
        self._founder = ""
        self._allowed: dict[tuple[str, str], set[str]] = {}
        self._hearers: dict[str, Callable[[int, Told], None]] = {
            _FOUNDING: self._enacted,
            LeafKind.POLICY_ENACTED.value: self._enacted,
            LeafKind.MEMBERSHIP_STARTED.value: self._started,
            LeafKind.MEMBERSHIP_ENDED.value: self._ended,
            LeafKind.OFFICE_GRANTED.value: self._granted,
            LeafKind.OFFICE_WITHDRAWN.value: self._taken,
            LeafKind.LOUNGE_MADE.value: self._lounge,
            LeafKind.SESSION_SCHEDULED.value: self._scheduled,
            LeafKind.SESSION_OPENED.value: self._opened,
            LeafKind.SESSION_CLOSED.value: self._closed,
        }
        self.handing = Handing(self._note)
        self._hearers |= self.handing.hearers

    def hear(self, index: int, leaf: Told) -> None:
        """Judge the act of a leaf by what was so before it, then take it in."""
        shape = leaf.shape
        if leaf.actor not in self.allowed(shape.kind, shape.policy_set):
            self._judge(index, leaf)
        hearer = self._hearers.get(shape.kind)
        if hearer is not None:
            hearer(index, leaf)
            if shape.kind in _CHANGING:
                for actors in self._allowed.values():
                    actors.clear()

    def listens_to(self, kind: str) -> bool:
        """Whether more than the act of such a leaf is judged: `hear` needs each of them."""
        return kind in self._hearers

    def allowed(self, kind: str, policy_set: str) -> Set[str]:
        """Who may do such a thing now under that law, as far as `hear` has judged it. Always the same set:
        what is in it goes and comes.
        """
        return self._allowed.setdefault((kind, policy_set), set())

    def is_live(self, pseudonym: str) -> bool:
        """Whether somebody is a member now."""
        return pseudonym in self.joined and pseudonym not in self.left

    def holds(self, pseudonym: str, offices: frozenset[str]) -> bool:
        """Whether a member holds one of these offices now."""
        return not offices.isdisjoint(self.offices.get(pseudonym, ()))

    def _judge(self, index: int, leaf: Told) -> None:
        """Note what was not allowed. An act that was, whatever the leaf says beside it, is remembered until
        somebody's standing or the law changes.
        """
        kind, actor, named = leaf.kind, leaf.actor, leaf.shape.policy_set
        before = len(self._found)
        need = need_of(kind, leaf.detail)
        if need.lawful or named:
            self._judge_law(index, leaf, need)
        if actor == SYSTEM:
            if not need.system:
                self._note("log.actor", index, expected="a member", actual=SYSTEM)
        elif kind != _FOUNDING and not self._is_founding(index, leaf):
            self._judge_member(index, leaf, need)
        hangs_on_leaf = kind in _CHANGING or need.host or need.oneself
        told_apart = index > FOUNDING_LEAVES and (not hangs_on_leaf or self.holds(actor, need.offices))
        is_of_now = not named or not self._lawful or named in self._lawful
        if told_apart and is_of_now and len(self._found) == before:
            self._allowed[kind, named].add(actor)

    def _judge_member(self, index: int, leaf: Told, need: Need) -> None:
        actor = leaf.actor
        if not need.member:
            self._note("log.actor", index, expected=SYSTEM, actual=actor)
        elif actor not in self.joined or (need.live and actor in self.left):
            self._note("log.actor", index, expected="a member", actual=actor)
        elif need.offices and not (self.holds(actor, need.offices) or self._may_otherwise(leaf, need)):
            expected = " or ".join(sorted(need.offices))
            held = ",".join(sorted(self.offices.get(actor, ()))) or "no office"
            self._note("log.office", index, expected=expected, actual=held)
        elif need.host and not need.offices and not self._may_otherwise(leaf, need):
            self._note("log.office", index, expected="the host of the session", actual=actor)

    def _may_otherwise(self, leaf: Told, need: Need) -> bool:
        """Whether it was done to oneself, or in a session of one's own, where that is enough."""
        subjects, actor = leaf.subjects, leaf.actor
        if need.oneself and subjects and subjects[0] == actor:
            return True
        named = leaf.detail.get("session") or (subjects[0] if subjects else None)
        held = self.sessions.get(named) if isinstance(named, str) else None
        return need.host and held is not None and held.host == actor

    def _is_founding(self, index: int, leaf: Told) -> bool:
        """Whether the founder comes in by themself, and as the first steward: right after the founding."""
        return index <= FOUNDING_LEAVES and leaf.actor == self._founder

    def _judge_law(self, index: int, leaf: Told, need: Need) -> None:
        named = leaf.shape.policy_set
        if not named:
            self._note("log.law", index, expected="a law that was asked", actual="none")
        elif self._lawful and not self._names_the_law(named, leaf.at):
            self._note("log.law", index, expected=f"the law of leaf {self.law_leaf}", actual=named)

    def _names_the_law(self, digest: str, at: str) -> bool:
        return digest in self._lawful or (digest in self._lawful_before and at <= self._until)

    def _enacted(self, index: int, leaf: Told) -> None:
        if leaf.kind == _FOUNDING:
            if index:
                self._note("log.story", index, expected="the first leaf", actual=f"leaf {index}")
            self._founder = leaf.actor
        self.values |= values_told(leaf.detail) or _values_before(leaf.detail)
        self.floor, self.law_leaf = self.values.get("individuality_floor", ""), index
        self.law_text = text_told(leaf.detail)
        if self.law_text is not None:
            self.laws[index] = self.law_text
        self._lawful_before, self._until = self._lawful, _written(leaf.at, GRACE)
        self._lawful = (
            frozenset(digest_of(self.law_text, house=house) for house in self._houses)
            if self.law_text is not None
            else frozenset()
        )
        if self._lawful and leaf.detail["law"] not in self._lawful:
            self._note("log.law", index, expected="the digest of its values", actual=leaf.detail["law"])

    def _started(self, index: int, leaf: Told) -> None:
        who = leaf.subjects[0]
        if who in self.joined:
            self._note("log.story", index, expected="a new member", actual=who)
        self.joined.setdefault(who, index)
        self.offices.setdefault(who, set())
        self.handing.came(index, leaf)

    def _ended(self, index: int, leaf: Told) -> None:
        who = leaf.subjects[0]
        if not self.is_live(who):
            self._note("log.story", index, expected="a member", actual=who)
        self.left.setdefault(who, index)
        self.handing.left(index, leaf)

    def _granted(self, index: int, leaf: Told) -> None:
        who, office = leaf.subjects[0], leaf.detail["office"]
        held = self.offices.setdefault(who, set())
        if office in held or not self.is_live(who):
            self._note("log.story", index, expected="a member without it", actual=f"{who} {office}")
        held.add(office)
        self.handing.given(index, leaf)

    def _taken(self, index: int, leaf: Told) -> None:
        who, office = leaf.subjects[0], leaf.detail["office"]
        held = self.offices.setdefault(who, set())
        if office not in held and office != DREAMER:
            self._note("log.story", index, expected="a member who held it", actual=f"{who} {office}")
        held.discard(office)
        self.handing.taken(index, leaf)

    def _lounge(self, index: int, leaf: Told) -> None:
        self.lounges.setdefault(leaf.subjects[0], index)

    def _scheduled(self, index: int, leaf: Told) -> None:
        session = leaf.subjects[0]
        if session in self.sessions:
            self._note("log.story", index, expected="a new session", actual=session)
        self.sessions[session] = Hosted(index, leaf.actor, leaf.detail.get("lounge"), SCHEDULED)

    def _opened(self, index: int, leaf: Told) -> None:
        session = leaf.subjects[0]
        held = self.sessions.get(session)
        if held is not None and held.state != SCHEDULED:
            self._note("log.story", index, expected="a session that was not opened yet", actual=session)
        first = index if held is None else held.first
        lounge = leaf.detail.get("lounge") or (held.lounge if held else None)
        self.sessions[session] = Hosted(first, leaf.actor, lounge, OPEN)

    def _closed(self, index: int, leaf: Told) -> None:
        session = leaf.subjects[0]
        held = self.sessions.get(session)
        if held is None or held.state != OPEN:
            self._note("log.story", index, expected="an open session", actual=session)
            return
        self.sessions[session] = held._replace(state=CLOSED)

    def _note(self, rule: str, index: int, *, expected: str, actual: str) -> None:
        self._found.append(Discrepancy(rule, leaf_index=index, expected=expected, actual=actual))


def _values_before(detail: Mapping[str, Any]) -> dict[str, str]:
    """The values in a leaf of the form that named only what had changed."""
    floor, exchange = detail.get("individuality_floor"), detail.get("exchange")
    values = {"individuality_floor": f"{Decimal(floor):.2f}"} if isinstance(floor, str) else {}
    if isinstance(exchange, Sequence) and not isinstance(exchange, str):
        reach, fall, *partners = exchange
        values |= {
            "exchange_reach": reach,
            "diversity_fall": f"{Decimal(fall):.2f}",
            "exchange_partners": " ".join(partners),
        }
    return values


def _written(at: str, later: timedelta) -> str:
    """An instant after another, as an entry writes it."""
    return instant(datetime.fromisoformat(at) + later)
