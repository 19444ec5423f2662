"""The checks of an audit, in the order in which it makes them. The wings above add theirs when the process
starts; no signals.
"""

from dataclasses import dataclass

from governance.audits.examination import Beside, Look
from governance.audits.rules import Rule
from governance.audits.rules import register as register_rules

LOG = "log"
"""The first step, in which the whole log is heard."""


@dataclass(frozen=True)
class Check:
    """One step of an audit. `title` says what is looked at, for whoever waits; `rules` are all those under
    which it can find something, everywhere they apply.
    """

    name: str
    title: str
    look: Look
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class BesideTheLog:
    """Rows that name their leaf, held against it block by block while the log is read."""

    look: Beside
    rules: tuple[Rule, ...]


_checks: dict[str, Check] = {}
_beside: list[BesideTheLog] = []


def register(check: Check) -> None:
    """Add a step; once a process, in the order in which steps are made. Registering twice is once."""
    register_rules(*check.rules)
    _checks.setdefault(check.name, check)


def register_beside(rows: BesideTheLog) -> None:
    """Add rows to be held against the log as it is read. Registering twice is once."""
    register_rules(*rows.rules)
    if rows not in _beside:
        _beside.append(rows)


def every_check() -> tuple[Check, ...]:
    """All steps, in order."""
    return tuple(_checks.values())


def beside_the_log() -> tuple[BesideTheLog, ...]:
    """All rows that are held against the log as it is read."""
    return tuple(_beside)


def title_of(step: str) -> str:
    """What a step looks at, in words; of one that there is no longer, nothing."""
    check = _checks.get(step)
    return "" if check is None else check.title
