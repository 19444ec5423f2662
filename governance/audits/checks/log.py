"""The log itself: read from its first leaf to its last, and the rows beside it with it."""

from collections.abc import Iterator

from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import Severity
from governance.audits.examination import Block, Examination
from governance.audits.joining import LEAVES
from governance.audits.reading import before_the_first
from governance.audits.registry import LOG, Check, beside_the_log
from governance.audits.rules import Advice, Rule

_BACK = "Stop writing to this guild, and restore the log from a backup that its witnesses still agree with."

RULES = (
    Rule(
        "log.gap",
        Severity.CRITICAL,
        "A leaf is missing from the log.",
        "Somebody with full rights over the database removed it: the log itself never loses a leaf.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.place",
        Severity.CRITICAL,
        "A leaf stands where no leaf can be.",
        "Its index is below zero, or another leaf has the same: the walls that keep this from happening are "
        "down.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.hash",
        Severity.CRITICAL,
        "A leaf does not hash to what was recorded for it.",
        "Its bytes, or the hash beside them, were changed after they had been written.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.subtrees",
        Severity.CRITICAL,
        "The hashes stored with a leaf do not join the leaves before it.",
        "A leaf just before it was replaced together with its hash, or the stored hashes were changed.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.entry",
        Severity.CRITICAL,
        "A leaf holds something that the ledger would never write.",
        "It was not written by this software, or its bytes were damaged.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.columns",
        Severity.MAJOR,
        "What is shown of a leaf is not what it says.",
        "The kind or the time beside its bytes was changed; the bytes alone are evidence.",
        "Restore the columns from the bytes of the leaf.",
        (Advice.RESTORE,),
    ),
    Rule(
        "log.time",
        Severity.MAJOR,
        "A leaf is dated long before the one in front of it.",
        "Something was dated back, or the clock of a machine was wrong.",
        "Ask who ran the machine then. If its clock was right, treat the leaf as false.",
        (Advice.NONE,),
    ),
    Rule(
        "log.actor",
        Severity.CRITICAL,
        "Something was done in the name of somebody who could not have done it.",
        "Whoever is named was not a member at that leaf, or no member does such a thing by hand.",
        "Treat what that leaf records as not done, and look for how it came about.",
        (Advice.SUSPEND, Advice.NOTIFY),
    ),
    Rule(
        "log.office",
        Severity.CRITICAL,
        "Something was done without the office that it needs.",
        "Whoever is named did not hold the office at that leaf: it had ended, or was never given.",
        "Treat what that leaf records as not done, and decide about who did it.",
        (Advice.SUSPEND, Advice.NOTIFY),
    ),
    Rule(
        "log.law",
        Severity.MAJOR,
        "Something was decided under another law than the guild had enacted.",
        "The values of its policies were changed without being enacted, or no law was asked.",
        "Set the policy back to what was enacted, and decide again whatever was decided meanwhile.",
        (Advice.RE_BLEND, Advice.NOTIFY),
    ),
    Rule(
        "log.story",
        Severity.MAJOR,
        "The log tells of something that cannot follow on what it told before.",
        "Something ended that had not begun, or began twice: a leaf was inserted, or one is missing.",
        "Compare the log with a backup, and treat the leaf as false if it is not in there.",
        (Advice.RESTORE,),
    ),
    Rule(
        "blend.story",
        Severity.CRITICAL,
        "A dreamscape is said to be made of other dreams than were opened for it.",
        "The leaf was written by hand, or dreams were opened past the gate.",
        "Destroy the dreamscape and blend again.",
        (Advice.RE_BLEND, Advice.NOTIFY),
    ),
    Rule(
        "blend.floor",
        Severity.CRITICAL,
        "A dreamscape was made under a lower individuality floor than the guild had enacted.",
        "The floor was lowered without being enacted, or the worker did not keep to it.",
        "Set the floor back, destroy the dreamscape and blend again.",
        (Advice.RE_BLEND, Advice.NOTIFY),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Hear the whole log, and hold the rows beside each block against it."""
    for block in examination.blocks():
        yield from examination.take()
        yield from _beside(examination, block)
        examination.count("leaves", block.last + 1 - block.first)
    for index in before_the_first(examination.guild):
        yield Discrepancy("log.place", index, LEAVES, str(index), "an index from 0", "a leaf")
    for block in examination.beyond():
        yield from _beside(examination, block)


def _beside(examination: Examination, block: Block) -> Iterator[Discrepancy]:
    for rows in beside_the_log():
        yield from rows.look(examination, block)


CHECK = Check(LOG, "The log, leaf by leaf", look, RULES)
