"""What an audit holds a guild to: each rule with what breaking it means, and what to do about it.

The rules of governance stand in `oversight.checks`; the wings above add theirs when the process starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from governance.audits.enums import Severity


class Advice(StrEnum):
    """What may set a finding right. The first five are what a ruling can order; the rest is operators'
    work.
    """

    RE_BLEND = "re_blend"
    SHRED = "shred"
    SUSPEND = "suspend"
    NOTIFY = "notify"
    LIFT = "lift"
    RESTORE = "restore_from_backup"
    ROTATE_KEY = "rotate_key"
    NONE = "none"


ADVICE_WORDS: Mapping[Advice, str] = MappingProxyType(
    {
        Advice.RE_BLEND: "blend again",
        Advice.SHRED: "destroy the lent dream",
        Advice.SUSPEND: "suspend an office",
        Advice.NOTIFY: "tell the dreamer",
        Advice.LIFT: "let it be used again",
        Advice.RESTORE: "restore it from a backup",
        Advice.ROTATE_KEY: "change the key",
        Advice.NONE: "nothing to do",
    }
)


@dataclass(frozen=True)
class Rule:
    """One rule. `title` says what was found, as a sentence; `meaning` what may be behind it; `remedy` what
    to do, for which `advice` has the codes.
    """

    code: str
    severity: Severity
    title: str
    meaning: str
    remedy: str
    advice: tuple[Advice, ...]


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add rules, once a process. Raises ValueError for a code that another rule has."""
    for rule in rules:
        if _rules.setdefault(rule.code, rule) != rule:
            raise ValueError(f"Two rules of audits are called {rule.code}: give one another code.")


def rule(code: str) -> Rule:
    """The rule of that code. Raises KeyError: a finding names only rules that there are."""
    return _rules[code]


def every_rule() -> Mapping[str, Rule]:
    """All rules by their codes, in the order in which they were added."""
    return MappingProxyType(_rules)
