"""Counting a vote again from its document alone, and saying what does not agree. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from governance.deliberation.choices import holds
from governance.deliberation.counting import Outcome, count
from governance.deliberation.documents import FORMAT, Vote, poll_of, told


@dataclass(frozen=True)
class Recount:
    """What the ballots of the document come to, and a sentence for everything that does not agree."""

    outcome: Outcome | None
    problems: tuple[str, ...]


def recount(vote: Vote) -> Recount:
    """Count it anew. What is no document of a vote is a problem and no exception."""
    try:
        if vote["format"] != FORMAT:
            return Recount(None, (f"This is no document of the form {FORMAT}.",))
        problems = [*_ballots(vote), *_voters(vote)]
        outcome = count(poll_of(vote))
        if told(outcome) != vote["outcome"]:
            problems.append("The outcome in the document is not what its ballots come to.")
        return Recount(outcome, tuple(problems))
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        return Recount(None, (f"This cannot be counted: {type(error).__name__}: {error}",))


def _ballots(vote: Vote) -> Iterator[str]:
    """Each commitment opens; no ballot is there twice, and each has a leaf of its own."""
    proposal = UUID(vote["proposal"])
    for one in vote["ballots"]:
        if one["superseded"]:
            continue
        nonce = bytes.fromhex(one["nonce"])
        if not holds(one["commitment"], proposal=proposal, choice=one["choice"], nonce=nonce):
            yield f"Ballot {one['ballot']} is not the one that was committed to."
    for name in ("ballot", "leaf"):
        for value, number in Counter(one[name] for one in vote["ballots"]).items():
            if number > 1:
                yield f"The {name} {value} is there {number} times."


def _voters(vote: Vote) -> Iterator[str]:
    """Whoever voted was eligible, once, and is marked as having voted; a secret vote has as many ballots."""
    voted = [one["pseudonym"] for one in vote["eligible"] if one["voted"]]
    live = [one for one in vote["ballots"] if not one["superseded"]]
    pseudonyms = Counter(one["pseudonym"] for one in vote["eligible"])
    for pseudonym, number in pseudonyms.items():
        if number > 1:
            yield f"{pseudonym} is listed as eligible {number} times."
    if vote["rules"]["secret"]:
        if any(one["voter"] is not None for one in live):
            yield "A ballot of a secret vote names its voter."
        if len(live) != len(voted):
            yield f"{len(voted)} voted, but there are {len(live)} ballots."
        return
    for one in live:
        if one["voter"] not in pseudonyms:
            yield f"Ballot {one['ballot']} is of somebody who was not eligible."
    if sorted(one["voter"] for one in live) != sorted(voted):
        yield "Those who are said to have voted are not those whose ballots there are."
