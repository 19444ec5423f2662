"""Rules and places as pages and files name them; a rule that is known no longer is shown by its code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from governance.audits.enums import WAITING, Severity
from governance.audits.models import Finding
from governance.audits.rules import Rule, every_rule
from governance.oversight.enums import RemedyKind

_UNKNOWN = "This rule is not among those of this version any more."


def rule_of(code: str) -> Rule:
    """The rule of that code, or one in its place that says that it is gone."""
    known = every_rule().get(code)
    return known or Rule(code, Severity.MINOR, f"Not as {code} says", _UNKNOWN, "Start a new audit.", ())


def title_of(code: str) -> str:
    """What was found, as a heading: the sentence without its full stop."""
    return rule_of(code).title.rstrip(".")


def advised(finding: Finding) -> frozenset[RemedyKind]:
    """The remedies that the rule itself advises."""
    return frozenset(
        kind for kind in RemedyKind if kind.value in {advice.value for advice in rule_of(finding.rule).advice}
    )


def place_of(finding: Finding) -> str:
    """Where it is, in a few words: the leaf, the row, or both."""
    leaf = "" if finding.leaf_index is None else f"leaf {finding.leaf_index:,}"
    row = f"{finding.table} {finding.row}".strip()
    return ", ".join(part for part in (leaf, row) if part) or "the guild as a whole"


def differences_of(finding: Finding) -> list[tuple[str, str, str]]:
    """(what, as it should be, as it is) of each thing that differs, from `name=value` words on both sides."""
    ought, found = _values(finding.expected), _values(finding.actual)
    return [(name, ought.get(name, ""), found.get(name, "")) for name in dict.fromkeys([*ought, *found])]


def _values(text: str) -> dict[str, str]:
    parts = text.split(" ") if text else []
    if all("=" in part for part in parts):
        return dict(part.split("=", 1) for part in parts)
    return {"": text}


@dataclass(frozen=True)
class Line:
    """A finding as lists show it."""

    finding: Finding
    title: str
    place: str
    is_late: bool

    @property
    def is_waiting(self) -> bool:
        return self.finding.state in WAITING


def lines(findings: Iterable[Finding], *, now: datetime) -> list[Line]:
    """These findings with what their rules say, and whether their time is over."""
    return [
        Line(finding, title_of(finding.rule), place_of(finding), is_late(finding, now=now))
        for finding in findings
    ]


def is_late(finding: Finding, *, now: datetime) -> bool:
    """Whether somebody should have decided by now."""
    return finding.state in WAITING and finding.due_at is not None and finding.due_at <= now
