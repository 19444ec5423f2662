"""What one check found in one place. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

LONGEST = 300
_LONGEST_VALUE = 70
_ROOM = {"table": 63, "row": 80, "expected": LONGEST, "actual": LONGEST}
"""Characters that a finding has for each. What is wrong may be as long as it likes."""


@dataclass(frozen=True)
class Discrepancy:
    """One place that is not as the ledger and the law say. `expected` and `actual` hold digests, numbers and
    codes, never words of people.

    `table` and `row` name a row by its table and key, `leaf_index` a leaf; `contribution` is the lent dream
    that it is about, where it is about one.
    """

    rule: str
    leaf_index: int | None = None
    table: str = ""
    row: str = ""
    expected: str = ""
    actual: str = ""
    contribution: UUID | None = None

    def __post_init__(self) -> None:
        for name, most in _ROOM.items():
            object.__setattr__(self, name, str(getattr(self, name))[:most])

    @property
    def mark(self) -> str:
        """The same for the same thing found again: over rule, leaf, table and row."""
        leaf = "" if self.leaf_index is None else self.leaf_index
        return hashlib.sha256(f"{self.rule}\n{leaf}\n{self.table}\n{self.row}\n".encode()).hexdigest()

    @property
    def place(self) -> str:
        """Where it is, in words."""
        leaf = "" if self.leaf_index is None else f"leaf {self.leaf_index}"
        row = f"{self.table} {self.row}".strip()
        return ", ".join(part for part in (leaf, row) if part) or "the guild"


def differing(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[str, str] | None:
    """What two accounts of the same thing do not agree on, as (expected, actual); None when they agree.

    Compared name by name of `expected`, each value as `plain` writes it.
    """
    told = {name: (plain(value), plain(actual.get(name))) for name, value in expected.items()}
    apart = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    if not apart:
        return None
    sides = (" ".join(f"{name}={_short(pair[side])}" for name, pair in apart.items()) for side in (0, 1))
    ought, found = (side[:LONGEST] for side in sides)
    return ought, found


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def plain(value: Any) -> str:
    """A value as a leaf and a row can both say it, so that equal things are written alike."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(plain(item) for item in value)) or "none"
    return str(value)
