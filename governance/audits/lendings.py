"""What was lent, allowed, used, made and taken back in a guild, told by its leaves alone. Pure.

A use is judged by the consents in force at its leaf. What a leaf of use names only by a root stands beside
the log as a list, which the root proves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
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


class Lendings:
    """Everything heard so far. `people` is heard first, leaf by leaf."""

    def __init__(self, *, guild: str, people: Belonging, found: list[Discrepancy]) -> None:
        self._guild, self._people, self._found = guild, people, found
        self._held: Shelf[Loan] = Shelf(flat=Loan.flat, full=Loan.full)
        self._runs: Shelf[Run] = Shelf(flat=Run.flat, full=Run.full, at_hand=RUNS_AT_HAND)
        self._at_hand = self._held.at_hand
        self.loans = Loans(self._held.looked_at)
        self.runs = self._runs.looked_at
        self.uses_checked = 0
        self._consents = Register(held=self._held, new=Loan)
        self._hearers: dict[str, Callable[[int, Told], None]] = {
            LeafKind.CONTRIBUTION_WITHDRAWN.value: self._withdrawn,
            LeafKind.DREAM_RECTIFIED.value: self._rectified,
            LeafKind.BLEND_REQUESTED.value: self._requested,
            LeafKind.BLEND_FAILED.value: self._failed,
            LeafKind.BLEND_HALTED.value: self._halted,
            LeafKind.DREAMSCAPE_MADE.value: self._made,
            LeafKind.DREAMSCAPE_SUPERSEDED.value: self._superseded,
        }

    def hear(
        self, index: int, shape: Shape, actor: str, at: str, subjects: Sequence[str], listed: Listed
    ) -> None:
        """Take in a leaf; `listed` is what stands beside it if it is one of use."""
        kind = shape.kind
        if kind in _GIVING:
            self._given(index, shape, actor, at, subjects)
        elif kind == _USE:
            self._used(index, shape.detail, at, subjects, listed)
        elif kind == _LENT:
            self._lent(index, shape, actor, at, subjects)
        else:
            self._hear_otherwise(index, Told(shape, actor, at, subjects))

    def _hear_otherwise(self, index: int, leaf: Told) -> None:
        kind = leaf.shape.kind
        hearer = self._hearers.get(kind)
        if hearer is not None:
            hearer(index, leaf)
        if kind in _OF_CONSENT and self._consents.hear(index, leaf.document) and kind == _LIFTED:
            self._let_be_told(leaf)

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
                    yield run, commitment, contribution, why

    def _why_overdue(self, run: Run, commitment: str, *, at: datetime, grace: timedelta) -> str:
        why = self.reason_shut(commitment, purpose=BLEND, at=at)
        if not why and commitment in run.quoted and self.reason_shut(commitment, purpose=QUOTE, at=at):
            return "unquoted"
        if why == EXPIRED and not self.reason_shut(commitment, purpose=BLEND, at=at - grace):
            return ""
        return why

    def _given(self, index: int, shape: Shape, actor: str, at: str, subjects: Sequence[str]) -> None:
        """A consent is given by whoever lent the dream, or by whom it is about, and by nobody else."""
        if shape.made_of_it is None:
            shape.made_of_it = self._word_of(shape)
        said: Said | None = shape.made_of_it[0]
        if said is None:
            self._given_elsewhere(index, Told(shape, actor, at, subjects))
            return
        commitment = subjects[0]
        loan = self._at_hand.get(commitment) or self._held.get(commitment)
        if loan is None:
            loan = self._held[commitment] = Loan(actor)
        elif loan.owner != actor:
            loan.owner = loan.owner or actor
            if loan.owner != actor:
                self._note("log.actor", index, expected=loan.owner, actual=actor)
        loan.state(index, said)
        if loan.lent != NOT_YET and not loan.told:
            self._let_be_told(Told(shape, actor, at, subjects))

    @staticmethod
    def _word_of(shape: Shape) -> tuple[Said | None]:
        """What is said about one contribution; None where the scope is named, or whose word it is."""
        elsewhere = "scope" in shape.detail or "pseudonym" in shape.detail
        return (None if elsewhere else said_in(shape.kind, shape.detail),)

    def _given_elsewhere(self, index: int, leaf: Told) -> None:
        """A consent that names its scope, or whose word it is."""
        owner = leaf.detail.get("pseudonym")
        if owner is None:
            loan = self._consents.own(leaf.subjects[0])
            owner = loan.owner = loan.owner or leaf.actor
        if leaf.actor != owner:
            self._note("log.actor", index, expected=owner, actual=leaf.actor)
        self._consents.state(stated_in(index, leaf.document))
        self._let_be_told(leaf)

    def _lent(self, index: int, shape: Shape, actor: str, at: str, subjects: Sequence[str]) -> None:
        commitment = subjects[0]
        loan = self._at_hand.get(commitment) or self._held.get(commitment)
        if loan is None:
            loan = self._held[commitment] = Loan(actor)
        elif loan.owner and loan.owner != actor:
            self._note("log.actor", index, expected=loan.owner, actual=actor)
        if loan.lent != NOT_YET:
            self._note("log.story", index, expected="a new contribution", actual=commitment)
            return
        loan.lent = loan.content = index
        loan.owner, loan.session = actor, shape.detail["session"]
        loan.told = not self.reason_shut(commitment, purpose=SHARE, at=datetime.fromisoformat(at))

    def _let_be_told(self, leaf: Told) -> None:
        """Which contributions may be told since a consent was given or a restriction lifted."""
        if leaf.detail.get("purpose", SHARE) != SHARE:
            return
        at = datetime.fromisoformat(leaf.at)
        for commitment in leaf.subjects or list(self.loans):
            loan = self._held.look(commitment)
            if loan is None or loan.lent == NOT_YET or loan.told:
                continue
            if not self.reason_shut(commitment, purpose=SHARE, at=at):
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

    def _used(
        self, index: int, detail: Mapping[str, Any], at: str, subjects: Sequence[str], listed: Listed
    ) -> None:
        if not self._is_proven(index, detail, subjects[0], listed):
            return
        purpose, moment = detail["purpose"], datetime.fromisoformat(at)
        for commitment, contribution in listed:
            why = self.reason_shut(commitment, purpose=purpose, at=moment)
            if why:
                where = {"row": str(contribution), "contribution": contribution}
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
        said = {commitment: self._said(commitment, BLEND) for commitment, _ in listed}
        run.depths = {commitment: 0.0 if word is None else word.depth for commitment, word in said.items()}
        run.quoted = frozenset([one for one in said if not self.reason_shut(one, purpose=QUOTE, at=at)])

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


def root_over(listed: Listed) -> str:
    """The root of the small tree over the commitments of a use, in their order; most uses have one."""
    try:
        hashes = [sha256(b"\x00" + bytes.fromhex(one)).digest() for one in sorted([one for one, _ in listed])]
    except ValueError:
        return ""
    return merkle_root(hashes).hex()
