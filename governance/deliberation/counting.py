"""What a vote came to, from its ballots alone: exact fractions, no clock, no database. Pure.

Whoever was eligible when voting opened and is still a member when it ends counts. Of an open vote, who left
is taken out of the eligible and the ballots alike. Of a secret one nobody can tell which ballot was theirs:
a ballot that was cast stays, and so does its voter among the eligible.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from governance.deliberation.choices import ABSTAIN, CONSENT, NO, OBJECT, YES, ranking_of
from governance.deliberation.schulze import Matrix, schulze


class Method(StrEnum):
    """How a vote is decided."""

    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    CONSENT = "consent"
    RANKED = "ranked"


class Result(StrEnum):
    """What it came to. `VOID`: too few took part for it to say anything."""

    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


class Why(StrEnum):
    """The reason for a result."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NO_OBJECTION = "no_objection"
    OBJECTED = "objected"
    WINNER = "winner"
    TIE = "tie"
    ALL_ABSTAINED = "all_abstained"
    NO_QUORUM = "no_quorum"
    NOBODY_LEFT = "nobody_left"


@dataclass(frozen=True)
class Voter:
    """Somebody who was eligible when voting opened: whether they left since, and whether they voted."""

    pseudonym: str
    left: bool = False
    voted: bool = False


@dataclass(frozen=True)
class Ballot:
    """The last choice of one voter; `voter` is None in a secret vote."""

    choice: str
    voter: str | None = None


@dataclass(frozen=True)
class Poll:
    """Everything that a count needs. `quorum` is a share of the eligible; `options` only of a ranked vote."""

    method: Method
    quorum: Fraction
    eligible: tuple[Voter, ...]
    ballots: tuple[Ballot, ...]
    secret: bool = False
    options: int = 0


@dataclass(frozen=True)
class Outcome:
    """`share` is yes of yes and no; `pairs` how many rank one option before another; `winners` are options,
    several in a tie.
    """

    result: Result
    why: Why
    eligible: int
    voted: int
    counts: Mapping[str, int] = field(default_factory=dict)
    share: Fraction | None = None
    pairs: Matrix = ()
    winners: tuple[int, ...] = ()


HALF: Final = Fraction(1, 2)
TWO_THIRDS: Final = Fraction(2, 3)
THRESHOLDS: Final = MappingProxyType({Method.MAJORITY: HALF, Method.TWO_THIRDS: TWO_THIRDS})
CHOICES: Final = MappingProxyType(
    {
        Method.MAJORITY: (YES, NO, ABSTAIN),
        Method.TWO_THIRDS: (YES, NO, ABSTAIN),
        Method.CONSENT: (CONSENT, OBJECT, ABSTAIN),
        Method.RANKED: (ABSTAIN,),
    }
)
"""What may be chosen; in a ranked vote also every ranking."""


def count(poll: Poll) -> Outcome:
    """Count a vote. Raises ValueError for a choice that the method does not know, and for two ballots of one
    voter: neither can have been cast.
    """
    eligible, ballots = _who_counts(poll)
    _refuse_impossible(poll, ballots)
    numbers = _Numbers(len(eligible), len(ballots), _counted(poll.method, ballots))
    if not eligible:
        return numbers.outcome(Result.VOID, Why.NOBODY_LEFT)
    if not ballots or Fraction(len(ballots), len(eligible)) < poll.quorum:
        return numbers.outcome(Result.VOID, Why.NO_QUORUM)
    if all(ballot.choice == ABSTAIN for ballot in ballots):
        return numbers.outcome(Result.FAILED, Why.ALL_ABSTAINED)
    if poll.method is Method.RANKED:
        return _by_rank(numbers, ballots, options=poll.options)
    return _by_consent(numbers) if poll.method is Method.CONSENT else _by_share(numbers, poll.method)


@dataclass(frozen=True)
class _Numbers:
    eligible: int
    voted: int
    counts: Mapping[str, int]

    def outcome(
        self,
        result: Result,
        why: Why,
        *,
        share: Fraction | None = None,
        pairs: Matrix = (),
        winners: tuple[int, ...] = (),
    ) -> Outcome:
        return Outcome(result, why, self.eligible, self.voted, self.counts, share, pairs, winners)


def _who_counts(poll: Poll) -> tuple[tuple[Voter, ...], tuple[Ballot, ...]]:
    if poll.secret:
        return tuple(one for one in poll.eligible if one.voted or not one.left), poll.ballots
    staying = {one.pseudonym for one in poll.eligible if not one.left}
    eligible = tuple(one for one in poll.eligible if not one.left)
    return eligible, tuple(ballot for ballot in poll.ballots if ballot.voter in staying)


def _refuse_impossible(poll: Poll, ballots: Iterable[Ballot]) -> None:
    voters: set[str] = set()
    for ballot in ballots:
        if ballot.choice not in CHOICES[poll.method]:
            if poll.method is not Method.RANKED:
                raise ValueError(f"A vote by {poll.method.value} knows no choice {ballot.choice}.")
            ranking_of(ballot.choice, options=poll.options)
        if ballot.voter is not None:
            if ballot.voter in voters:
                raise ValueError(f"There are two ballots of {ballot.voter}.")
            voters.add(ballot.voter)


def _counted(method: Method, ballots: Iterable[Ballot]) -> dict[str, int]:
    found = Counter(ballot.choice for ballot in ballots)
    if method is Method.RANKED:
        return {"ranked": found.total() - found[ABSTAIN], ABSTAIN: found[ABSTAIN]}
    return {choice: found[choice] for choice in CHOICES[method]}


def _by_share(numbers: _Numbers, method: Method) -> Outcome:
    """More than half, or at least two thirds, of yes and no; abstentions are in neither."""
    yes, no = numbers.counts[YES], numbers.counts[NO]
    share = Fraction(yes, yes + no)
    reached = share > HALF if method is Method.MAJORITY else share >= TWO_THIRDS
    if reached:
        return numbers.outcome(Result.PASSED, Why.REACHED, share=share)
    return numbers.outcome(Result.FAILED, Why.NOT_REACHED, share=share)


def _by_consent(numbers: _Numbers) -> Outcome:
    if numbers.counts[OBJECT]:
        return numbers.outcome(Result.FAILED, Why.OBJECTED)
    return numbers.outcome(Result.PASSED, Why.NO_OBJECTION)


def _by_rank(numbers: _Numbers, ballots: Iterable[Ballot], *, options: int) -> Outcome:
    rankings = [ranking_of(one.choice, options=options) for one in ballots if one.choice != ABSTAIN]
    found = schulze(rankings, options=options)
    if len(found.winners) == 1:
        return numbers.outcome(Result.PASSED, Why.WINNER, pairs=found.pairs, winners=found.winners)
    return numbers.outcome(Result.FAILED, Why.TIE, pairs=found.pairs, winners=found.winners)
