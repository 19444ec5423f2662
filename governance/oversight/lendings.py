"""What was lent, allowed, used, made and taken back in a guild, told by its leaves alone. Pure.

A use is judged by the consents in force at its leaf. What a leaf of use names only by a root stands beside
the log as a list, which the root proves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from governance.consent.resolution import EXPIRED, GIVING, Place, Register, stated_in
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.tree import leaf_hash
from governance.ledger.tree import root as merkle_root
from governance.oversight.belonging import Belonging, Leaf
from governance.oversight.discrepancies import Discrepancy

BLEND, QUOTE, SHARE = "blend", "quote", "share_in_session"
USE_SUBJECTS: Final = "consent_use_subject"
_USE: Final = LeafKind.USE.value
_LENT: Final = LeafKind.CONTRIBUTION_LENT.value
_GIVING: Final = frozenset(f"consent.{state}" for state in GIVING)
_LIFTED: Final = LeafKind.CONSENT_UNRESTRICTED.value
_ROUNDING: Final = 1e-9

Listed = Sequence[tuple[str, UUID]]
"""What stands beside the leaf of a use: each contribution in it, by commitment and id."""


class Loan:
    """A contribution, by the leaves that lent it, that took it back, and that last said what is in it; `told`
    is whether its dreamer ever let it be told.
    """

    __slots__ = ("content", "lent", "owner", "session", "told", "withdrawn")

    def __init__(self, *, lent: int, owner: str, session: str) -> None:
        self.lent, self.content, self.owner, self.session = lent, lent, owner, session
        self.withdrawn: int | None = None
        self.told = False


class Run:
    """A blend, by the leaves that tell of it; `voices` is what was opened for it last, `depths` how deep each
    might be blended then, and `quoted` whose words might be shown.
    """

    __slots__ = (
        "depths",
        "failed",
        "made",
        "outputs",
        "quoted",
        "requested",
        "session",
        "superseded",
        "use",
        "voices",
    )

    def __init__(self, *, requested: int, session: str) -> None:
        self.requested, self.session = requested, session
        self.use: int | None = None
        self.made: int | None = None
        self.failed: int | None = None
        self.superseded: int | None = None
        self.outputs = ""
        self.voices: Listed = ()
        self.depths: Mapping[str, float] = {}
        self.quoted: frozenset[str] = frozenset()

    @property
    def stands(self) -> bool:
        """Whether what it made may still be read."""
        return self.made is not None and self.superseded is None


class Lendings:
    """Everything heard so far. `people` is heard first, leaf by leaf."""

    def __init__(self, *, guild: str, people: Belonging, found: list[Discrepancy]) -> None:
        self._guild, self._people, self._found = guild, people, found
        self.loans: dict[str, Loan] = {}
        self.runs: dict[str, Run] = {}
        self.consents = Register()
        self.uses_checked = 0
        self._givers: dict[str, str] = {}
        self._hearers: dict[str, Callable[[int, Leaf], None]] = {
            LeafKind.CONTRIBUTION_WITHDRAWN.value: self._withdrawn,
            LeafKind.DREAM_RECTIFIED.value: self._rectified,
            LeafKind.BLEND_REQUESTED.value: self._requested,
            LeafKind.BLEND_FAILED.value: self._failed,
            LeafKind.DREAMSCAPE_MADE.value: self._made,
            LeafKind.DREAMSCAPE_SUPERSEDED.value: self._superseded,
        }

    def hear(self, index: int, leaf: Leaf, at: datetime, listed: Listed) -> None:
        """Take in a leaf; `listed` is what stands beside it if it is one of use."""
        kind = leaf["kind"]
        if kind in _GIVING:
            self._given(index, leaf)
            self.consents.state(stated_in(index, leaf))
            self._let_be_told(leaf, at)
        elif kind == _USE:
            self._used(index, leaf, at, listed)
        elif kind == _LENT:
            self._lent(index, leaf, at)
        else:
            hearer = self._hearers.get(kind)
            if hearer is not None:
                hearer(index, leaf)
            if self.consents.hear(index, leaf) and kind == _LIFTED:
                self._let_be_told(leaf, at)

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
        own = self.consents.own(commitment, purpose=purpose)
        if own is not None:
            return self.consents.why_shut(commitment, own, at=at)
        return self.consents.verdict(self.place_of(commitment), purpose=purpose, at=at).reason

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

    def _given(self, index: int, leaf: Leaf) -> None:
        """A consent is given by whoever lent the dream, or by whom it is about, and by nobody else."""
        actor, owner = leaf["actor"], leaf["detail"].get("pseudonym")
        if owner is None:
            loan = self.loans.get(leaf["subjects"][0])
            owner = self._givers.setdefault(leaf["subjects"][0], actor) if loan is None else loan.owner
        if actor != owner:
            self._note("log.actor", index, expected=owner, actual=actor)

    def _lent(self, index: int, leaf: Leaf, at: datetime) -> None:
        commitment = leaf["subjects"][0]
        giver = self._givers.pop(commitment, leaf["actor"])
        if giver != leaf["actor"]:
            self._note("log.actor", index, expected=giver, actual=leaf["actor"])
        if commitment in self.loans:
            self._note("log.story", index, expected="a new contribution", actual=commitment)
            return
        loan = Loan(lent=index, owner=leaf["actor"], session=leaf["detail"]["session"])
        self.loans[commitment] = loan
        loan.told = not self.reason_shut(commitment, purpose=SHARE, at=at)

    def _let_be_told(self, leaf: Leaf, at: datetime) -> None:
        """Which contributions may be told since a consent was given or a restriction lifted."""
        if leaf["detail"].get("purpose", SHARE) != SHARE:
            return
        for commitment in leaf["subjects"] or list(self.loans):
            loan = self.loans.get(commitment)
            if loan is not None and not loan.told:
                loan.told = not self.reason_shut(commitment, purpose=SHARE, at=at)

    def _withdrawn(self, index: int, leaf: Leaf) -> None:
        loan = self.loans.get(leaf["subjects"][0])
        if loan is None or loan.withdrawn is not None:
            self._note("log.story", index, expected="a lent contribution", actual=leaf["subjects"][0])
            return
        if leaf["actor"] not in (loan.owner, SYSTEM):
            self._note("log.actor", index, expected=loan.owner, actual=leaf["actor"])
        loan.withdrawn = index

    def _rectified(self, index: int, leaf: Leaf) -> None:
        loan = self.loans.get(leaf["subjects"][0]) if leaf["subjects"] else None
        if loan is not None and "content" in leaf["detail"]:
            loan.content = index

    def _used(self, index: int, leaf: Leaf, at: datetime, listed: Listed) -> None:
        detail = leaf["detail"]
        if not self._is_proven(index, leaf, listed):
            return
        purpose = detail["purpose"]
        for commitment, contribution in listed:
            why = self.reason_shut(commitment, purpose=purpose, at=at)
            if why:
                self._note(
                    "use.forbidden",
                    index,
                    expected=f"{purpose} allowed",
                    actual=f"{commitment} {why}",
                    table=USE_SUBJECTS,
                    row=str(contribution),
                    contribution=contribution,
                )
        self.uses_checked += len(listed)
        if detail["on"] == BLEND:
            self._opened_for(index, detail["subject"], at, listed)

    def _is_proven(self, index: int, leaf: Leaf, listed: Listed) -> bool:
        """Whether the list beside a use is the one whose root its leaf holds."""
        detail = leaf["detail"]
        found = root_over(listed)
        if found == leaf["subjects"][0] and len(listed) == detail["count"]:
            return True
        self._note(
            "use.list",
            index,
            expected=f"count={detail['count']} root={leaf['subjects'][0]}",
            actual=f"count={len(listed)} root={found}",
            table=USE_SUBJECTS,
        )
        return False

    def _opened_for(self, index: int, run_id: str, at: datetime, listed: Listed) -> None:
        run = self.runs.get(run_id)
        if run is None or run.made is not None:
            self._note("log.story", index, expected="a blend that was asked for", actual=run_id)
            return
        run.use, run.voices = index, tuple(listed)
        run.depths = {commitment: self._depth(commitment, at) for commitment, _ in listed}
        run.quoted = frozenset(
            commitment for commitment, _ in listed if not self.reason_shut(commitment, purpose=QUOTE, at=at)
        )

    def _depth(self, commitment: str, at: datetime) -> float:
        said, _ = self.consents.verdict(self.place_of(commitment), purpose=BLEND, at=at)
        return 0.0 if said is None else said.depth

    def _requested(self, index: int, leaf: Leaf) -> None:
        run_id, detail = leaf["subjects"][0], leaf["detail"]
        replaced = detail.get("supersedes")
        if replaced is not None and replaced not in self.runs:
            self._note("log.story", index, expected="a blend to replace", actual=replaced)
        run = self.runs.get(run_id)
        if run is None:
            self.runs[run_id] = Run(requested=index, session=detail["session"])
        elif run.failed is None:
            self._note("log.story", index, expected="a blend that failed", actual=run_id)
        else:
            run.requested, run.failed = index, None

    def _failed(self, index: int, leaf: Leaf) -> None:
        run = self.runs.get(leaf["subjects"][0])
        if run is None or run.made is not None or run.failed is not None:
            self._note("log.story", index, expected="a blend on its way", actual=leaf["subjects"][0])
            return
        run.failed = index

    def _made(self, index: int, leaf: Leaf) -> None:
        detail = leaf["detail"]
        run = self.runs.get(detail["run"])
        if run is None or run.made is not None or run.failed is not None:
            self._note("log.story", index, expected="a blend on its way", actual=detail["run"])
            return
        if (run.use, len(run.voices)) != (detail["use_leaf"], detail["voices"]):
            told = f"use={run.use} voices={len(run.voices)}"
            said = f"use={detail['use_leaf']} voices={detail['voices']}"
            self._note("blend.story", index, expected=told, actual=said)
        run.made, run.outputs = index, leaf["subjects"][1]
        self._judge_floor(index, detail)

    def _judge_floor(self, index: int, detail: Mapping[str, Any]) -> None:
        """A blend keeps to the floor that the guild had enacted when it was made."""
        floor, used, kept = self._people.floor, detail["floor"], detail["retention"]
        least = float(floor or 0)
        if used < least - _ROUNDING or kept < max(least, used) - _ROUNDING:
            said = f"floor={used} retention={kept}"
            self._note("blend.floor", index, expected=f"at least {floor}", actual=said)

    def _superseded(self, index: int, leaf: Leaf) -> None:
        run = self.runs.get(leaf["detail"]["run"])
        if run is None or not run.stands or run.outputs != leaf["subjects"][0]:
            said = leaf["detail"]["run"]
            self._note("log.story", index, expected="a dreamscape that stood", actual=said)
        if run is not None:
            run.superseded = index

    def _note(self, rule: str, index: int, *, expected: str, actual: str, **where: Any) -> None:
        self._found.append(Discrepancy(rule, leaf_index=index, expected=expected, actual=actual, **where))


def root_over(listed: Listed) -> str:
    """The root of the small tree over the commitments of a use, in their order; most uses have one."""
    if len(listed) == 1:
        return leaf_hash(_bytes_of(listed[0][0])).hex()
    commitments = sorted(commitment for commitment, _ in listed)
    return merkle_root([leaf_hash(_bytes_of(commitment)) for commitment in commitments]).hex()


def _bytes_of(commitment: str) -> bytes:
    try:
        return bytes.fromhex(commitment)
    except ValueError:
        return b""
