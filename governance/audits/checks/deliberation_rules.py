"""What an audit holds proposals, votes and petitions to."""

from typing import Final

from governance.audits.enums import Severity
from governance.audits.rules import Advice, Rule

_BELIEVE: Final = "Believe the leaf, set the row back, and look for who had it changed."

RULES = (
    Rule(
        "proposal.row",
        Severity.CRITICAL,
        "A proposal is not as the log tells it.",
        "Its state, its result, its rules or when its vote ends was changed by hand.",
        _BELIEVE,
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "proposal.unrecorded",
        Severity.CRITICAL,
        "There is a proposal that nobody made.",
        "The row was made by hand.",
        "Treat as not decided what was decided by it, and remove the row.",
        (Advice.RESTORE,),
    ),
    Rule(
        "proposal.lost",
        Severity.MAJOR,
        "A proposal is missing.",
        "A member proposed something, and the row was removed since.",
        "Restore the row from a backup.",
        (Advice.RESTORE,),
    ),
    Rule(
        "proposal.text",
        Severity.CRITICAL,
        "A version of a proposal does not say what it said.",
        "Its words, its options or what it would change was altered after members had read it.",
        "Believe the digest of the leaf: decide anew what was decided about other words.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "sponsor.row",
        Severity.MAJOR,
        "The sponsors of a proposal are not those of whom the log tells.",
        "A sponsor was added or removed by hand.",
        _BELIEVE,
        (Advice.RESTORE,),
    ),
    Rule(
        "electorate.row",
        Severity.CRITICAL,
        "The list of who may vote is not the one that voting opened with.",
        "Somebody was added to it, or taken off it, by hand.",
        "Set the list back and count anew; an outcome that hangs on it is void.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "electorate.leaf",
        Severity.CRITICAL,
        "Voting opened with another list than that of the members.",
        "Whoever opened it did not take down who was a member then.",
        "Hold the vote again.",
        (Advice.SUSPEND,),
    ),
    Rule(
        "electorate.voted",
        Severity.CRITICAL,
        "There are more or fewer ballots than members who voted.",
        "A ballot was added or removed, or somebody was marked as having voted.",
        "Compare the ballots with their leaves; if it cannot be settled, hold the vote again.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "ballot.row",
        Severity.CRITICAL,
        "A ballot is not the one that was cast.",
        "What it says, whose it is, or whether it counts was changed by hand.",
        "Believe the leaf: let its voter show their receipt, and count anew.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "ballot.unrecorded",
        Severity.CRITICAL,
        "There is a ballot that nobody cast.",
        "The row was made by hand.",
        "Remove it, and count anew.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "ballot.lost",
        Severity.CRITICAL,
        "A ballot is missing.",
        "It was cast, and the row was removed since.",
        "Restore the row from a backup, and count anew.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "ballot.late",
        Severity.CRITICAL,
        "A ballot was cast when voting was not open.",
        "A process that does not keep to the rules took it.",
        "It does not count: count anew without it.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "vote.count",
        Severity.CRITICAL,
        "A vote, counted again, does not come to what the log says.",
        "Ballots, the list of voters or the rules were changed since, or it was counted wrongly.",
        "Settle the findings about its rows first, then count again; undo what was done by a wrong outcome.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "vote.document",
        Severity.CRITICAL,
        "The exported count is not the one that the log holds the digest of.",
        "The document was changed or removed by hand.",
        "Restore it from a backup: whoever has taken it along can compare.",
        (Advice.RESTORE,),
    ),
    Rule(
        "petition.row",
        Severity.MAJOR,
        "A petition is not as the log tells it.",
        "Its words, its signatures or its state was changed by hand, or it was made or removed so.",
        _BELIEVE,
        (Advice.RESTORE,),
    ),
)
