"""The recurrence rules that a ritual may follow, in their one spelling. Pure.

A part of RFC 5545's RRULE: every day, week, month or year, so and so often, on days of the week or the month.
Nothing more often than daily, and nothing that no human would say; so that no rule is costly to follow.
"""

from collections.abc import Sequence
from datetime import datetime

import icalendar
from dateutil.rrule import rrulestr

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
LONGEST_INTERVAL = 366
LARGEST_COUNT = 10_000
_PARTS = {
    "DAILY": {"INTERVAL", "COUNT"},
    "WEEKLY": {"INTERVAL", "COUNT", "BYDAY", "WKST"},
    "MONTHLY": {"INTERVAL", "COUNT", "BYDAY", "BYMONTHDAY"},
    "YEARLY": {"INTERVAL", "COUNT", "BYDAY", "BYMONTHDAY", "BYMONTH"},
}
_ORDER = ("FREQ", "INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST")


class RuleRefused(ValueError):
    """Not a rule that a ritual may follow; the message is a sentence to show."""


def checked_rule(text: str) -> str:
    """The rule in its one spelling; "" stays "" and means once. Raises RuleRefused."""
    spelt = text.strip().upper().removeprefix("RRULE:").strip(";")
    if not spelt:
        return ""
    try:
        parts = {key.upper(): values for key, values in icalendar.vRecur.from_ical(spelt).items()}
    except ValueError as error:
        raise RuleRefused("This is no rule as calendars write it, such as FREQ=WEEKLY;BYDAY=FR.") from error
    if "FREQ" not in parts:
        raise RuleRefused("This is no rule as calendars write it, such as FREQ=WEEKLY;BYDAY=FR.")
    _check_parts(parts)
    return ";".join(f"{key}={_joined(parts[key])}" for key in _ORDER if key in parts)


def first_time(rule: str, *, starts: datetime) -> datetime:
    """The first time from `starts` on at which the rule falls (wall clock). Raises RuleRefused for never."""
    if not rule:
        return starts
    first = next(iter(rrulestr(rule, dtstart=starts)), None)
    if not isinstance(first, datetime):
        raise RuleRefused("This rule never falls on any day.")
    return first


def explicit_rule(rule: str, *, starts: datetime) -> str:
    """A bare yearly rule with its day written out: programs differ about the 29th of February without it."""
    if not rule.startswith("FREQ=YEARLY") or "BY" in rule:
        return rule
    return checked_rule(f"{rule};BYMONTH={starts.month};BYMONTHDAY={starts.day}")


def rule_of(
    *, frequency: str, interval: int = 1, weekdays: Sequence[str] = (), starts: datetime, nth: bool = False
) -> str:
    """The rule of a simple choice. `nth`: monthly on the same weekday of the month, such as the third Friday;
    otherwise monthly on the same day of the month.
    """
    parts = [f"FREQ={frequency.upper()}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if frequency.upper() == "WEEKLY" and weekdays:
        parts.append("BYDAY=" + ",".join(day for day in WEEKDAYS if day in weekdays))
    if frequency.upper() == "MONTHLY":
        week, day = (starts.day - 1) // 7 + 1, WEEKDAYS[starts.weekday()]
        ordinal = f"{week}{day}" if week < 5 else f"-1{day}"
        parts.append(f"BYDAY={ordinal}" if nth else f"BYMONTHDAY={starts.day}")
    return checked_rule(";".join(parts))


def _check_parts(parts: dict[str, list[object]]) -> None:
    frequency = _joined(parts.get("FREQ", []))
    if frequency not in _PARTS:
        raise RuleRefused("A ritual is kept daily, weekly, monthly or yearly.")
    unknown = sorted(set(parts) - _PARTS[frequency] - {"FREQ"})
    if "UNTIL" in unknown:
        raise RuleRefused("Give the last day beside the rule, not in it.")
    if unknown:
        raise RuleRefused(f"A {frequency.lower()} rule has no {', '.join(unknown)} here.")
    _check_number(parts, "INTERVAL", LONGEST_INTERVAL)
    _check_number(parts, "COUNT", LARGEST_COUNT)
    if frequency == "WEEKLY" and any(str(day) not in WEEKDAYS for day in parts.get("BYDAY", [])):
        raise RuleRefused("A weekly rule names its days without a number, such as FR.")


def _check_number(parts: dict[str, list[object]], name: str, largest: int) -> None:
    for value in parts.get(name, []):
        if not isinstance(value, int) or not 1 <= value <= largest:
            raise RuleRefused(f"{name} is a number from 1 to {largest:,}.")


def _joined(values: object) -> str:
    many = values if isinstance(values, list) else [values]
    return ",".join(str(value) for value in many)


def said_aloud(rule: str) -> str:
    """A checked rule in words, such as "every week on Thursday"; one with days of the month or numbers of
    weekdays in its own spelling, since it says more than words would make clear.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    days = [_NAMES.get(day) for day in parts.pop("BYDAY", "").split(",") if day]
    unit, interval, count = _UNITS[parts.pop("FREQ")], parts.pop("INTERVAL", "1"), parts.pop("COUNT", "")
    parts.pop("WKST", None)
    if parts or None in days or (days and unit != "week"):
        return rule
    words = f"every {unit}" if interval == "1" else f"every {interval} {unit}s"
    words += f" on {_listed([day for day in days if day])}" if days else ""
    return words + (f", {count} times" if count else "")


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
