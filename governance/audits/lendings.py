"""What was lent, allowed, used, made and taken back in a guild, told by its leaves alone. Pure.

A use is judged by the consents in force at its leaf. What a leaf of use names only by a root stands beside
the log as a list, which the root proves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from governance.audits.belonging import Belonging
from governance.audits.discrepancies import Discrepancy
from governance.audits.loans import NOT_YET, Listed, Loan, Loans, Run
from governance.audits.shelf import Shelf
from governance.consent.resolution import (
    EXPIRED,
    GIVING,
    UNTOUCHED,
    Own,
    Place,
    Register,
    Said,
    said_in,
    stated_in,
)
from governance.ledger.entry_reader import Shape, Told
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.tree import root as merkle_root

RUNS_AT_HAND: Final = 2_000
BLEND, QUOTE, SHARE = "blend", "quote", "share_in_session"
USE_SUBJECTS: Final = "consent_use_subject"
_USE: Final = LeafKind.USE.value
_LENT: Final = LeafKind.CONTRIBUTION_LENT.value
_GIVING: Final = frozenset(f"consent.{state}" for state in GIVING)
_OF_CONSENT: Final = frozenset(kind for kind in LeafKind.values if kind.startswith("consent.")) | {
    LeafKind.CONTRIBUTION_WITHDRAWN.value
}
_LIFTED: Final = LeafKind.CONSENT_UNRESTRICTED.value
_ROUNDING: Final = 1e-9

Hearer = Callable[[Shape, int, str, str, Sequence[str]], None]
"""Takes in a leaf: its shape, its index, who, when, and about what."""


class Lendings:
    """Everything heard so far. `people` is heard first, leaf by leaf; what stands `beside` leaves of use, by
    index, is there before they are.
    """

    def __init__(self, *, guild: str, people: Belonging, found: list[Discrepancy]) -> None:
        self._guild, self._people, self._found = guild, people, found
        self._held: Shelf[Loan] = Shelf(flat=Loan.flat, full=Loan.full)
        self._runs: Shelf[Run] = Shelf(flat=Run.flat, full=Run.full, at_hand=RUNS_AT_HAND)
        self._at_hand = self._held.at_hand
        self.loans = Loans(self._held.looked_at)
        self.runs = self._runs.looked_at
        self.beside: Mapping[int, Listed] = {}
        self.uses_checked = 0
        self._consents = Register(held=self._held, new=Loan)
        self._of_kind: dict[str, Hearer] = {_USE: self._used, _LENT: self._lent}
        self._hearers: dict[str, Callable[[int, Told], None]] = {
            LeafKind.CONTRIBUTION_WITHDRAWN.value: self._withdrawn,
            LeafKind.DREAM_RECTIFIED.value: self._rectified,
            LeafKind.BLEND_REQUESTED.value: self._requested,
            LeafKind.BLEND_FAILED.value: self._failed,
            LeafKind.BLEND_HALTED.value: self._halted,
            LeafKind.DREAMSCAPE_MADE.value: self._made,
            LeafKind.DREAMSCAPE_SUPERSEDED.value: self._superseded,
        }

    def hearer_of(self, shape: Shape) -> Hearer:
        """How to take in leaves of that shape, one by one, in order. It does not hold the shape, so that the
        one may hold the other without a cycle.
        """
        kind, detail = shape.kind, shape.detail
        if kind not in _GIVING:
            return self._of_kind.get(kind, self._hear_otherwise)
        if "scope" in detail or "pseudonym" in detail:
            return self._given_elsewhere
        try:
            return partial(self._given, said_in(kind, detail))
        except (KeyError, TypeError, ValueError):
            return self._given_badly

    def _hear_otherwise(self, shape: Shape, index: int, actor: str, at: str, subjects: Sequence[str]) -> None:
        kind, leaf = shape.kind, Told(shape, actor, at, subjects)
        hearer = self._hearers.get(kind)
        if hearer is not None:
            hearer(index, leaf)
        if kind in _OF_CONSENT and self._consents.hear(index, leaf.document) and kind == _LIFTED:
            self._let_be_told(subjects, at=at)

    def tidy(self) -> None:
        """Let memory go of what was not touched lately. Call it between leaves."""
        self._held.tidy()
        self._runs.tidy()

    def place_of(self, commitment: str) -> Place:
        """Where a contribution was lent, as consents speak of it."""
        loan = self.loans.get(commitment)
        if loan is None:
            return Place(commitment, None, None, self._guild, None)
        held = self._people.sessions.get(loan.session)
        lounge = None if held is None else held.lounge
        return Place(commitment, loan.session, lounge, self._guild, loan.owner)

    def reason_shut(self, commitment: str, *, purpose: str, at: datetime) -> str:
        """Why a contribution may not be opened for a purpose; "" when it may."""
        held: Own = self._at_hand.get(commitment) or self._held.look(commitment) or UNTOUCHED
        if held.opens(purpose, at):
            return ""
        return held.why_shut(self._said(commitment, purpose), at=at)

    def _said(self, commitment: str, purpose: str) -> Said | None:
        """What is in force for a contribution, whether or not it opens."""
        loan = self._at_hand.get(commitment) or self._held.look(commitment)
        word = None if loan is None else loan.word(purpose)
        if word is not None:
            return word[1]
        stated = self._consents.in_force(self.place_of(commitment), purpose=purpose)
        return stated and stated.said

    def overdue(self, *, at: datetime, grace: timedelta) -> Iterator[tuple[str, str, UUID, str]]:
        """(run, commitment, contribution, why) of every result that stands though it should have been
        replaced.

        What was taken back ends a result at once; what ran out ends it within `grace`.
        """
        for run, told in self.runs.items():
            if not told.stands:
                continue
            for commitment, contribution in told.voices:
                why = self._why_overdue(told, commitment, at=at, grace=grace)
                if why:
                    yield run, commitment, UUID(bytes=contribution), why

    def _why_overdue(self, run: Run, commitment: str, *, at: datetime, grace: timedelta) -> str:
        why = self.reason_shut(commitment, purpose=BLEND, at=at)
        if not why and commitment in run.quoted and self.reason_shut(commitment, purpose=QUOTE, at=at):
            return "unquoted"
        if why == EXPIRED and not self.reason_shut(commitment, purpose=BLEND, at=at - grace):
            return ""
        return why

    def _given(self, said: Said, _: Shape, index: int, actor: str, at: str, subjects: Sequence[str]) -> None:
        """What is said about one contribution. It is given by whoever lent the dream, or by whom it is about,
        and by nobody else.
        """
        commitment = subjects[0]
        loan = self._at_hand.get(commitment) or self._held.get(commitment)
        if loan is None:
            loan = self._held.add(commitment, Loan(actor))
        elif loan.owner != actor:
            loan.owner = loan.owner or actor
            if loan.owner != actor:
                self._note("log.actor", index, expected=loan.owner, actual=actor)
        loan.state(index, said)
        if loan.lent != NOT_YET and not loan.told and said.purpose == SHARE:
            self._let_be_told(subjects, at=at)

    def _given_badly(self, shape: Shape, *_: Any) -> None:
        """Raises what makes of it no word of consent."""
        said_in(shape.kind, shape.detail)

    def _given_elsewhere(
        self, shape: Shape, index: int, actor: str, at: str, subjects: Sequence[str]
    ) -> None:
        """A consent that names its scope, or whose word it is."""
        owner = shape.detail.get("pseudonym")
        if owner is None:
            loan = self._consents.own(subjects[0])
            owner = loan.owner = loan.owner or actor
        if actor != owner:
            self._note("log.actor", index, expected=owner, actual=actor)
        stated = stated_in(index, Told(shape, actor, at, subjects).document)
        self._consents.state(stated)
        if stated.said.purpose == SHARE:
            self._let_be_told(subjects, at=at)

    def _lent(self, shape: Shape, index: int, actor: str, at: str, subjects: Sequence[str]) -> None:
        commitment = subjects[0]
        loan = self._at_hand.get(commitment) or self._held.get(commitment)
        if loan is None:
            loan = self._held.add(commitment, Loan(actor))
        elif loan.owner and loan.owner != actor:
            self._note("log.actor", index, expected=loan.owner, actual=actor)
        if loan.lent != NOT_YET:
            self._note("log.story", index, expected="a new contribution", actual=commitment)
            return
        loan.lent = loan.content = index
        loan.owner, loan.session = actor, shape.detail["session"]
        moment = datetime.fromisoformat(at)
        loan.told = loan.opens(SHARE, moment) or not self.reason_shut(commitment, purpose=SHARE, at=moment)

    def _let_be_told(self, subjects: Sequence[str], *, at: str) -> None:
        """Which contributions may be told since a consent was given or a restriction lifted."""
        moment = datetime.fromisoformat(at)
        for commitment in subjects or list(self.loans):
            loan = self._held.look(commitment)
            if loan is None or loan.lent == NOT_YET or loan.told:
                continue
            if not self.reason_shut(commitment, purpose=SHARE, at=moment):
                self._held[commitment].told = True

    def _withdrawn(self, index: int, leaf: Told) -> None:
        loan = self._held.get(leaf.subjects[0])
        if loan is None or loan.lent == NOT_YET or loan.withdrawn is not None:
            self._note("log.story", index, expected="a lent contribution", actual=leaf.subjects[0])
            return
        if leaf.actor not in (loan.owner, SYSTEM):
            self._note("log.actor", index, expected=loan.owner, actual=leaf.actor)
        loan.withdrawn = index

    def _rectified(self, index: int, leaf: Told) -> None:
        loan = self._held.get(leaf.subjects[0]) if leaf.subjects else None
        if loan is not None and loan.lent != NOT_YET and "content" in leaf.detail:
            loan.content = index

    def _used(self, shape: Shape, index: int, _: str, at: str, subjects: Sequence[str]) -> None:
        detail, listed = shape.detail, self.beside.get(index, ())
        if not (
            _is_alone(detail, subjects[0], listed) or self._is_proven(index, detail, subjects[0], listed)
        ):
            return
        purpose, moment, at_hand = detail["purpose"], datetime.fromisoformat(at), self._at_hand
        for commitment, contribution in listed:
            loan = at_hand.get(commitment)
            if loan is not None and loan.opens(purpose, moment):
                continue
            why = self.reason_shut(commitment, purpose=purpose, at=moment)
            if why:
                known = UUID(bytes=contribution)
                where = {"row": str(known), "contribution": known}
                told, found = f"{purpose} allowed", f"{commitment} {why}"
                self._note("use.forbidden", index, expected=told, actual=found, table=USE_SUBJECTS, **where)
        self.uses_checked += len(listed)
        if detail["on"] == BLEND:
            self._opened_for(index, detail["subject"], moment, listed)

    def _is_proven(self, index: int, detail: Mapping[str, Any], root: str, listed: Listed) -> bool:
        """Whether the list beside a use is the one whose root its leaf holds."""
        found = root_over(listed)
        if found == root and len(listed) == detail["count"]:
            return True
        self._note(
            "use.list",
            index,
            expected=f"count={detail['count']} root={root}",
            actual=f"count={len(listed)} root={found}",
            table=USE_SUBJECTS,
        )
        return False

    def _opened_for(self, index: int, run_id: str, at: datetime, listed: Listed) -> None:
        run = self._runs.get(run_id)
        if run is None or run.made is not None:
            self._note("log.story", index, expected="a blend that was asked for", actual=run_id)
            return
        run.use, run.voices = index, tuple(listed)
        depths, quoted = {}, []
        for commitment, _ in listed:
            loan = self._at_hand.get(commitment) or self._held.look(commitment) or UNTOUCHED
            word = loan.word(BLEND)
            said = self._said(commitment, BLEND) if word is None else word[1]
            depths[commitment] = 0.0 if said is None else said.depth
            if loan.opens(QUOTE, at) or not self.reason_shut(commitment, purpose=QUOTE, at=at):
                quoted.append(commitment)
        run.depths, run.quoted = depths, frozenset(quoted)

    def _requested(self, index: int, leaf: Told) -> None:
        run_id, detail = leaf.subjects[0], leaf.detail
        replaced = detail.get("supersedes")
        if replaced is not None and replaced not in self.runs:
            self._note("log.story", index, expected="a blend to replace", actual=replaced)
        run = self._runs.get(run_id)
        if run is None:
            self._runs[run_id] = Run(requested=index, session=detail["session"])
        elif run.failed is None or run.halted:
            self._note("log.story", index, expected="a blend that failed", actual=run_id)
        else:
            run.requested, run.failed = index, None

    def _failed(self, index: int, leaf: Told) -> None:
        run = self._runs.get(leaf.subjects[0])
        if run is None or run.made is not None or run.failed is not None:
            self._note("log.story", index, expected="a blend on its way", actual=leaf.subjects[0])
            return
        run.failed = index

    def _halted(self, index: int, leaf: Told) -> None:
        """Every blend on its way is stopped, and none of them goes on."""
        for run_id in leaf.detail["runs"]:
            run = self._runs.get(run_id)
            if run is None or run.made is not None or run.failed is not None:
                self._note("log.story", index, expected="a blend on its way", actual=run_id)
            else:
                run.failed, run.halted = index, True

    def _made(self, index: int, leaf: Told) -> None:
        detail = leaf.detail
        run = self._runs.get(detail["run"])
        if run is None or run.made is not None or run.failed is not None:
            self._note("log.story", index, expected="a blend on its way", actual=detail["run"])
            return
        if (run.use, len(run.voices)) != (detail["use_leaf"], detail["voices"]):
            told = f"use={run.use} voices={len(run.voices)}"
            said = f"use={detail['use_leaf']} voices={detail['voices']}"
            self._note("blend.story", index, expected=told, actual=said)
        run.made, run.outputs = index, leaf.subjects[1]
        self._judge_floor(index, detail)

    def _judge_floor(self, index: int, detail: Mapping[str, Any]) -> None:
        """A blend keeps to the floor that the guild had enacted when it was made."""
        floor, used, kept = self._people.floor, detail["floor"], detail["retention"]
        least = float(floor or 0)
        if used < least - _ROUNDING or kept < max(least, used) - _ROUNDING:
            said = f"floor={used} retention={kept}"
            self._note("blend.floor", index, expected=f"at least {floor}", actual=said)

    def _superseded(self, index: int, leaf: Told) -> None:
        run = self._runs.get(leaf.detail["run"])
        if run is None or not run.stands or run.outputs != leaf.subjects[0]:
            said = leaf.detail["run"]
            self._note("log.story", index, expected="a dreamscape that stood", actual=said)
        if run is not None:
            run.superseded = index

    def _note(self, rule: str, index: int, *, expected: str, actual: str, **where: Any) -> None:
        self._found.append(Discrepancy(rule, leaf_index=index, expected=expected, actual=actual, **where))


def _is_alone(detail: Mapping[str, Any], root: str, listed: Listed) -> bool:
    """Whether a use is one of a single contribution and the list beside it names that one; most are."""
    try:
        return (
            len(listed) == 1 == detail["count"]
            and sha256(b"\x00" + bytes.fromhex(listed[0][0])).hexdigest() == root
        )
    except ValueError:
        return False


def root_over(listed: Listed) -> str:
    """The root of the small tree over the commitments of a use, in their order."""
    from_hex = bytes.fromhex
    try:
        hashes = [sha256(b"\x00" + from_hex(one)).digest() for one in sorted([one for one, _ in listed])]
    except ValueError:
        return ""
    return merkle_root(hashes).hex()
