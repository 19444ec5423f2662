"""Reads the sleep out of an Apple Health export, record by record, however large it is.

The file may be hostile: entities and external references are refused, and so is what is nested deeper than
any export. Its own document type, which names elements only, is let pass.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from colonies.diary.recorded import SHORTEST_WAKING, Sleep, Unread, gaps, joined

DEEPEST = 12
MOST_RECORDS = 300_000
APART = timedelta(hours=3)  # further apart than this, two stretches are two sleeps
_TYPE = "HKCategoryTypeIdentifierSleepAnalysis"
_VALUE = "HKCategoryValueSleepAnalysis"
_WHEN = "%Y-%m-%d %H:%M:%S %z"

Stretch = tuple[datetime, datetime]


def read_apple(file: IO[bytes]) -> Iterator[Sleep]:
    """Every sleep of every source that recorded when somebody slept. Raises Unread."""
    asleep: dict[str, list[Stretch]] = defaultdict(list)
    in_bed: list[Stretch] = []
    for source, value, stretch in _records(file):
        if value.startswith("Asleep"):
            asleep[source].append(stretch)
        elif value == "InBed":
            in_bed.append(stretch)
    beds = joined(in_bed)
    for stretches in asleep.values():
        for sleep in _sleeps(joined(stretches)):
            yield _in_bed(sleep, beds)


def _records(file: IO[bytes]) -> Iterator[tuple[str, str, Stretch]]:
    depth = count = 0
    root = None
    try:
        for event, element in iterparse(file, events=("start", "end")):
            if event == "start":
                root = element if root is None else root
                depth += 1
                if depth > DEEPEST:
                    raise Unread("This is no Apple Health export: it is nested deeper than one ever is.")
                continue
            depth -= 1
            if element.tag == "Record" and element.get("type") == _TYPE:
                count += 1
                if count > MOST_RECORDS:
                    raise Unread(f"More than {MOST_RECORDS:,} stretches of sleep: export fewer years.")
                if (found := _record(element.attrib)) is not None:
                    yield found
            if depth == 1 and root is not None:
                root.clear()
    except DefusedXmlException as error:
        raise Unread("This file defines entities, as no Apple Health export does. It is not read.") from error
    except ParseError as error:
        raise Unread(
            "This file is no whole Apple Health export: export it anew on the phone, and choose that file."
        ) from error


def _record(given: dict[str, str]) -> tuple[str, str, Stretch] | None:
    try:
        start, end = (_moment(given[name]) for name in ("startDate", "endDate"))
    except (KeyError, ValueError):
        return None
    value = given.get("value", "").removeprefix(_VALUE)
    return (given.get("sourceName", ""), value, (start, end)) if start < end else None


def _moment(text: str) -> datetime:
    """Of text such as "2026-03-02 23:12:10 +0100", which always has its offset. Raises ValueError."""
    return datetime.strptime(text, _WHEN)  # noqa: DTZ007 the format holds the offset


def _sleeps(stretches: list[Stretch]) -> Iterator[Sleep]:
    """Stretches of one source, joined where no more than three hours lie between."""
    parts: list[Stretch] = []
    for stretch in stretches:
        if parts and stretch[0] - parts[-1][1] > APART:
            yield _sleep(parts)
            parts = []
        parts.append(stretch)
    if parts:
        yield _sleep(parts)


def _sleep(parts: list[Stretch]) -> Sleep:
    wakings = [gap for gap in gaps(parts) if gap >= SHORTEST_WAKING]
    return Sleep(parts[0][0], parts[-1][1], awake=sum(wakings, start=timedelta(0)), awakenings=len(wakings))


def _in_bed(sleep: Sleep, beds: list[Stretch]) -> Sleep:
    """With the time in bed around it, if any was recorded."""
    around = [bed for bed in beds if bed[0] < sleep.woken and bed[1] > sleep.asleep]
    if not around:
        return sleep
    return Sleep(
        sleep.asleep,
        sleep.woken,
        into_bed=min(around[0][0], sleep.asleep),
        out_of_bed=max(around[-1][1], sleep.woken),
        awake=sleep.awake,
        awakenings=sleep.awakenings,
    )
