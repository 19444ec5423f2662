"""Reading a date as people write it in a file, without guessing between day and month."""

import re
from datetime import date, datetime, time

from guild.journal.nights import Reckoning, zone_named

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_DAY_MONTH = re.compile(_WEEKDAY + r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(_WEEKDAY + r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_LONGEST_HEADING = 240
_YEAR = re.compile(r"\d{4}")
_FORMS = "|".join(
    re.sub(r"\((?!\?)", "(?:", form.pattern)
    for form in (_YEAR_FIRST, _DOTTED, _SLASHED, _DAY_MONTH, _MONTH_DAY)
)
_HEADING = re.compile(
    rf"(?:#+\s*|[*_=]+\s*)?(?:date\s*:\s*)?(?P<date>{_FORMS})(?:\s*[-–—:·|]\s*(?P<title>\S.*?))?\s*[*_=:]*",
    re.IGNORECASE,
)


class NotADate(ValueError):
    """`str(error)` says why, and how to write it."""


def read_night(text: str, *, reckoning: Reckoning) -> date:
    """The sleep night that `text` names: a date as it stands, an instant by the dreamer's own turnover.

    An instant without an offset is read in the dreamer's zone; midnight to the second is a date that a
    program wrote as an instant. Raises NotADate.
    """
    typed = text.strip()
    if ("T" in typed.upper() and typed[:4].isdigit()) or ":" in typed:
        return _night_of_instant(typed, reckoning=reckoning)
    return read_date(typed)


def date_heading(line: str) -> tuple[str, str] | None:
    """The date (as typed) and the title of a line that is nothing but those; None for any other line."""
    if len(line) > _LONGEST_HEADING or not _YEAR.search(line):
        return None
    match = _HEADING.fullmatch(line.strip())
    return (match["date"], (match["title"] or "").strip()) if match else None


def read_date(text: str) -> date:
    """A calendar date in any form we know. Raises NotADate, also for 03/05/2024, which is two dates."""
    typed = " ".join(text.casefold().split())
    for pattern, order in (
        (_YEAR_FIRST, "ymd"),
        (_DOTTED, "dmy"),
        (_DAY_MONTH, "dmy"),
        (_MONTH_DAY, "mdy"),
    ):
        if match := pattern.fullmatch(typed):
            return _make(typed, dict(zip(order, match.groups(), strict=True)))
    if match := _SLASHED.fullmatch(typed):
        return _make(typed, _slashed(typed, match))
    raise NotADate(f"“{text.strip()[:40]}” is not a date we can read: write it like 2024-05-31.")


def _slashed(typed: str, match: re.Match[str]) -> dict[str, str]:
    first, second, year = match.groups()
    if int(first) <= 12 and int(second) <= 12 and first != second:
        raise NotADate(f"“{typed}” can be read as two different dates: write it like 2024-05-31.")
    day_first = int(second) <= 12
    return {"y": year, "m": second if day_first else first, "d": first if day_first else second}


def _make(typed: str, parts: dict[str, str]) -> date:
    month = _MONTHS.get(parts["m"]) if not parts["m"].isdigit() else int(parts["m"])
    try:
        return date(int(parts["y"]), month or 0, int(parts["d"]))
    except ValueError as error:
        raise NotADate(f"“{typed[:40]}” is not a day of the calendar: write it like 2024-05-31.") from error


def _night_of_instant(typed: str, *, reckoning: Reckoning) -> date:
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError as error:
        raise NotADate(f"“{typed[:40]}” is not a date we can read: write it like 2024-05-31.") from error
    if instant.time() == time.min:
        return instant.date()
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone_named(reckoning.time_zone))
    return reckoning.night_of(instant)
