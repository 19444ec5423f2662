"""Counting: every boundary, and thousands of elections against programs by others."""

import random
from fractions import Fraction
from typing import Any

import pyrankvote
import pytest
from votelib.convert import RankedToCondorcetVotes
from votelib.evaluate.condorcet import Schulze
from votelib.evaluate.core import Tie
from votelib.evaluate.threshold import RelativeThreshold

from governance.deliberation.choices import ABSTAIN, CONSENT, NO, OBJECT, YES, ranking_of, ranking_token
from governance.deliberation.counting import Ballot, Method, Outcome, Poll, Result, Voter, Why, count
from governance.deliberation.schulze import schulze

ELECTIONS = 2_000
NO_QUORUM = Fraction(0)


def poll(
    choices: dict[str, int],
    *,
    method: Method = Method.MAJORITY,
    silent: int = 0,
    quorum: Fraction = NO_QUORUM,
    **more: Any,
) -> Poll:
    """A vote in which so many chose each, and some said nothing."""
    said = [choice for choice, number in choices.items() for _ in range(number)]
    ballots = tuple(Ballot(choice, f"v{i}") for i, choice in enumerate(said))
    voters = tuple(Voter(f"v{i}", voted=i < len(said)) for i in range(len(said) + silent))
    return Poll(method, quorum, voters, ballots, **more)


def verdict(asked: Poll) -> tuple[Result, Why]:
    outcome = count(asked)
    return outcome.result, outcome.why


REACHED = (Result.PASSED, Why.REACHED)
NOT_REACHED = (Result.FAILED, Why.NOT_REACHED)
TOO_FEW = (Result.VOID, Why.NO_QUORUM)


@pytest.mark.parametrize(
    ("method", "yes", "no", "expected"),
    [
        (Method.MAJORITY, 1, 1, NOT_REACHED),
        (Method.MAJORITY, 5, 5, NOT_REACHED),
        (Method.MAJORITY, 6, 5, REACHED),
        (Method.MAJORITY, 5, 6, NOT_REACHED),
        (Method.MAJORITY, 1, 0, REACHED),
        (Method.MAJORITY, 0, 1, NOT_REACHED),
        (Method.TWO_THIRDS, 2, 1, REACHED),
        (Method.TWO_THIRDS, 6, 3, REACHED),
        (Method.TWO_THIRDS, 5, 3, NOT_REACHED),
        (Method.TWO_THIRDS, 66, 34, NOT_REACHED),
        (Method.TWO_THIRDS, 67, 33, REACHED),
        (Method.TWO_THIRDS, 1, 1, NOT_REACHED),
    ],
)
def test_a_threshold_is_exact(method: Method, yes: int, no: int, expected: tuple[Result, Why]) -> None:
    assert verdict(poll({YES: yes, NO: no}, method=method)) == expected


def test_abstentions_count_for_the_quorum_and_not_for_the_threshold() -> None:
    half = Fraction(1, 2)
    assert verdict(poll({YES: 2, NO: 1, ABSTAIN: 2}, silent=5, quorum=half)) == REACHED
    assert verdict(poll({YES: 2, NO: 1, ABSTAIN: 1}, silent=6, quorum=half)) == TOO_FEW
    assert verdict(poll({YES: 2, NO: 1, ABSTAIN: 9}, method=Method.TWO_THIRDS, quorum=half)) == REACHED


@pytest.mark.parametrize(
    ("voted", "silent", "expected"), [(1, 2, REACHED), (33, 67, TOO_FEW), (34, 66, REACHED)]
)
def test_a_quorum_is_exact(voted: int, silent: int, expected: tuple[Result, Why]) -> None:
    assert verdict(poll({YES: voted}, silent=silent, quorum=Fraction(1, 3))) == expected


def test_a_vote_in_which_nobody_takes_part_is_void() -> None:
    assert verdict(poll({}, silent=3)) == TOO_FEW
    assert verdict(poll({})) == (Result.VOID, Why.NOBODY_LEFT)


@pytest.mark.parametrize("method", list(Method))
def test_a_vote_in_which_all_abstain_fails(method: Method) -> None:
    assert verdict(poll({ABSTAIN: 3}, method=method, options=3)) == (Result.FAILED, Why.ALL_ABSTAINED)


def test_one_objection_stands_against_any_number_of_consents() -> None:
    agreed, objected = poll({CONSENT: 4, ABSTAIN: 1}), poll({CONSENT: 4, OBJECT: 1})
    by_consent = {"method": Method.CONSENT, "quorum": NO_QUORUM}
    assert [
        verdict(Poll(eligible=one.eligible, ballots=one.ballots, **by_consent)) for one in (agreed, objected)
    ] == [(Result.PASSED, Why.NO_OBJECTION), (Result.FAILED, Why.OBJECTED)]


def test_whoever_left_is_taken_out_of_the_eligible_and_the_ballots() -> None:
    voters = (Voter("a"), Voter("b"), Voter("c", left=True), Voter("d", left=True))
    ballots = (Ballot(YES, "a"), Ballot(NO, "b"), Ballot(YES, "c"))
    assert count(Poll(Method.MAJORITY, Fraction(1), voters, ballots)) == Outcome(
        Result.FAILED, Why.NOT_REACHED, 2, 2, {YES: 1, NO: 1, ABSTAIN: 0}, Fraction(1, 2)
    )


def test_a_secret_ballot_stays_when_its_voter_leaves_since_nobody_can_tell_which_it_is() -> None:
    voters = (Voter("a", voted=True), Voter("b", left=True, voted=True), Voter("c", left=True), Voter("d"))
    ballots = (Ballot(YES), Ballot(NO))
    assert count(Poll(Method.MAJORITY, NO_QUORUM, voters, ballots, secret=True)) == Outcome(
        Result.FAILED, Why.NOT_REACHED, 3, 2, {YES: 1, NO: 1, ABSTAIN: 0}, Fraction(1, 2)
    )


def test_two_ballots_of_one_voter_are_refused() -> None:
    voters = (Voter("a"), Voter("b"))
    twice = (Ballot(YES, "a"), Ballot(YES, "a"))
    with pytest.raises(ValueError, match="two ballots of a"):
        count(Poll(Method.MAJORITY, NO_QUORUM, voters, twice))


@pytest.mark.parametrize(
    ("method", "choice"),
    [
        (Method.MAJORITY, "perhaps"),
        (Method.MAJORITY, CONSENT),
        (Method.CONSENT, YES),
        (Method.RANKED, "0>0"),
        (Method.RANKED, "0>3"),
        (Method.RANKED, "1=0"),
        (Method.RANKED, " 0"),
        (Method.RANKED, "٣"),
    ],
)
def test_a_choice_that_the_method_does_not_know_is_refused(method: Method, choice: str) -> None:
    with pytest.raises(ValueError):
        count(poll({choice: 1}, method=method, options=3))


def test_a_ranked_vote_with_two_winners_is_a_tie_and_said_to_be_one() -> None:
    outcome = count(poll({"0>1>2": 1, "1>0>2": 1}, method=Method.RANKED, options=3))
    assert (outcome.result, outcome.why, outcome.winners) == (Result.FAILED, Why.TIE, (0, 1))


def test_the_example_of_schulze_himself_gives_his_winner() -> None:
    """Schulze (2011), example 1: 45 voters, five candidates, and E wins by its beatpaths."""
    votes = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
    ballots = {">".join(str("ABCDE".index(one)) for one in said): number for said, number in votes.items()}
    outcome = count(poll(ballots, method=Method.RANKED, options=5))
    assert (outcome.winners, outcome.pairs[0], outcome.pairs[4]) == (
        (4,),
        (0, 20, 26, 30, 22),
        (23, 27, 21, 31, 0),
    )


def random_ranking(chance: random.Random, options: int) -> str:
    ranked = chance.sample(range(options), chance.randint(1, options))
    groups: list[list[int]] = []
    for option in ranked:
        if groups and chance.random() < 0.25:
            groups[-1].append(option)
        else:
            groups.append([option])
    return ranking_token(groups)


def as_votelib(token: str, options: int) -> tuple[Any, ...]:
    return tuple(next(iter(g)) if len(g) == 1 else g for g in ranking_of(token, options=options))


def test_ranked_votes_agree_with_votelib() -> None:
    chance = random.Random(20261125)
    ties = 0
    for _ in range(ELECTIONS):
        options = chance.randint(3, 6)
        said = [random_ranking(chance, options) for _ in range(chance.randint(1, 15))]
        ours = schulze([ranking_of(token, options=options) for token in said], options=options)
        votes: dict[Any, int] = {}
        for token in [*said, "=".join(map(str, range(options)))]:  # so that it knows every option
            ranked = as_votelib(token, options)
            votes[ranked] = votes.get(ranked, 0) + 1
        pairs = RankedToCondorcetVotes().convert(votes)
        paths = Schulze.widest_paths(pairs)
        every = range(options)
        assert ours.pairs == tuple(tuple(pairs.get((a, b), 0) for b in every) for a in every)
        assert ours.paths == tuple(tuple(paths.get((a, b), 0) for b in every) for a in every)
        if len(ours.winners) == 1:
            assert Schulze().evaluate(pairs) == list(ours.winners)
        else:
            ties += 1
            best = Schulze().evaluate(pairs) if pairs else []
            tied = {one for each in best for one in (each if isinstance(each, Tie) else (each,))}
            assert tied <= set(ours.winners)
    assert 100 < ties < ELECTIONS - 100


def test_thresholds_agree_with_votelib_and_pyrankvote() -> None:
    chance = random.Random(1)
    more_than_half = RelativeThreshold(Fraction(1, 2), accept_equal=False)
    more_than_a_third = RelativeThreshold(Fraction(1, 3), accept_equal=False)
    yes_option, no_option = pyrankvote.Candidate(YES), pyrankvote.Candidate(NO)
    for _ in range(ELECTIONS):
        yes, no = chance.randint(0, 12), chance.randint(0, 12)
        if not yes + no:
            continue
        said = {YES: yes, NO: no}
        passed = verdict(poll(said)) == REACHED
        assert passed == (YES in more_than_half.evaluate(said))
        by_two_thirds = verdict(poll(said, method=Method.TWO_THIRDS)) == REACHED
        assert by_two_thirds == (NO not in more_than_a_third.evaluate(said))
        if yes != no:  # which it decides by lot
            ballots = [pyrankvote.Ballot([yes_option])] * yes + [pyrankvote.Ballot([no_option])] * no
            won = pyrankvote.instant_runoff_voting([yes_option, no_option], ballots).get_winners()
            assert passed == (won == [yes_option])
