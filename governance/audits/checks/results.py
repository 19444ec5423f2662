"""Results that should have been replaced: made with what was taken back since, or with what has run out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.consent.resolution import EXPIRED

GRACE: Final = timedelta(minutes=15)
"""How long what ran out may stand: the clock ends it, and a clock may be away for a while."""

RUNS: Final = "dreamscapes_run"

RULES = (
    Rule(
        "result.standing",
        Severity.CRITICAL,
        "A dreamscape stands though a dream in it was taken back.",
        "The withdrawal ends every dreamscape made with the dream; this one was left, or was brought back.",
        "Destroy the dreamscape, and blend again without that dream.",
        (Advice.RE_BLEND, Advice.NOTIFY),
    ),
    Rule(
        "result.overrun",
        Severity.MAJOR,
        "A dreamscape stands though the consent to a dream in it has run out.",
        "The clock that ends such dreamscapes did not run, or the end was changed.",
        "Destroy the dreamscape, and blend again without that dream. See that the clock runs.",
        (Advice.RE_BLEND, Advice.NOTIFY),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every result that stands, against the consents as they are now."""
    lendings = examination.replay.lendings
    for run, _, contribution, why in lendings.overdue(at=examination.at, grace=GRACE):
        rule = "result.overrun" if why == EXPIRED else "result.standing"
        made = lendings.runs[run].made
        yield Discrepancy(rule, made, RUNS, run, "superseded", f"{contribution} {why}", contribution)
    examination.count("results", sum(told.stands for told in lendings.runs.values()))


CHECK = Check("results", "Results that should have been replaced", look, RULES)
