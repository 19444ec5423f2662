"""Reads the sleep that Fitbit and Oura export as JSON, and Oura as CSV. Pure.

Fitbit writes local times without a zone: they are read by the clock of the person whose they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from colonies.diary.recorded import Sleep
from guild.journal.nights import zone_named

Fields = Mapping[str, Any]
_AWAKE = "4"  # in Oura's line of phases, one for each five minutes
_PHASE = timedelta(minutes=5)
_NAPS = {"nap", "late_nap", "rest", "deleted"}


def is_fitbit(record: Any) -> bool:
    return isinstance(record, dict) and {"startTime", "endTime"} <= set(record)


def is_oura(record: Any) -> bool:
    return isinstance(record, dict) and {"bedtime_start", "bedtime_end"} <= set(record)


def read_fitbit(records: Iterable[Fields], *, zone: str) -> Iterator[Sleep | None]:
    """A sleep a record; None for one that cannot be read."""
    return (_tried(_fitbit, record, zone) for record in records)


def read_oura(records: Iterable[Fields], *, zone: str) -> Iterator[Sleep | None]:
    """A sleep a record; None for one that cannot be read."""
    return (_tried(_oura, record, zone) for record in records)


def _tried(read: Any, record: Fields, zone: str) -> Sleep | None:
    try:
        sleep: Sleep = read(record, zone)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
    return sleep


def _fitbit(record: Fields, zone: str) -> Sleep:
    start, end = _moment(record["startTime"], zone), _moment(record["endTime"], zone)
    latency = _minutes(record.get("minutesToFallAsleep"))
    after = _minutes(record.get("minutesAfterWakeup"))
    awake = record.get("minutesAwake")
    return Sleep(
        asleep=start + latency,
        woken=end - after,
        into_bed=start,
        out_of_bed=end,
        awake=None if awake is None else max(_minutes(awake) - latency - after, timedelta(0)),
        awakenings=_fitbit_awakenings(record.get("levels")),
        nap=record.get("mainSleep", True) is False,
    )


def _fitbit_awakenings(levels: Any) -> int | None:
    summary = levels.get("summary", {}) if isinstance(levels, dict) else {}
    for name in ("wake", "awake"):
        count = summary.get(name, {}).get("count")
        if isinstance(count, int) and count >= 0:
            return min(count, 50)
    return None


def _oura(record: Fields, zone: str) -> Sleep:
    start, end = _moment(record["bedtime_start"], zone), _moment(record["bedtime_end"], zone)
    latency = _seconds(record.get("latency", record.get("onset_latency")))
    phases = str(record.get("sleep_phase_5_min") or record.get("hypnogram_5min") or "").rstrip("0")
    after = _PHASE * (len(phases) - len(phases.rstrip(_AWAKE)))
    awake = record.get("awake_time", record.get("awake"))
    return Sleep(
        asleep=start + latency,
        woken=max(end - after, start + latency),
        into_bed=start,
        out_of_bed=end,
        awake=None if awake in (None, "") else max(_seconds(awake) - latency - after, timedelta(0)),
        awakenings=_runs(phases) if phases else None,
        nap=str(record.get("type", "")).lower() in _NAPS,
    )


def _runs(phases: str) -> int:
    """How often somebody lay awake between falling asleep and waking for good."""
    inner = phases.strip(_AWAKE)
    return sum(one == _AWAKE and before != _AWAKE for before, one in pairwise(inner))


def _moment(text: Any, zone: str) -> datetime:
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone_named(zone))


def _minutes(value: Any) -> timedelta:
    return timedelta(minutes=_number(value))


def _seconds(value: Any) -> timedelta:
    return timedelta(seconds=_number(value))


def _number(value: Any) -> float:
    """Nothing for nothing. Raises ValueError for less than nothing, or for more than a day of seconds."""
    number = float(value or 0)
    if not 0 <= number <= 86_400:
        raise ValueError("This is no length of a night.")
    return number
