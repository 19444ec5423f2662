"""A night as it is written down, as it is sealed, and as it is opened. Pure."""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from colonies.diary.measures import MINUTE, Measures, Night, measures, on_the_clock

TIMES = ("into_bed", "tried_to_sleep", "final_awakening", "out_of_bed")
LENGTHS = ("latency", "awake")
LONGEST_SLEEP = timedelta(hours=16)


@dataclass(frozen=True)
class Written:
    """What a form holds: clock times and minutes; whatever is not known is None."""

    into_bed: time | None = None
    tried_to_sleep: time | None = None
    latency: int | None = None
    awakenings: int | None = None
    awake: int | None = None
    final_awakening: time | None = None
    out_of_bed: time | None = None
    quality: int | None = None
    comment: str = field(default="", repr=False)


@dataclass(frozen=True)
class Entry:
    """An opened entry. `zone` is the clock that it was written by, wherever its dreamer is now."""

    night: Night
    zone: str
    comment: str = field(default="", repr=False)
    revision: int = 1

    @property
    def on(self) -> date:
        return self.night.on

    @property
    def measures(self) -> Measures:
        return measures(self.night)

    @property
    def written(self) -> Written:
        """As the form had it."""
        night = self.night
        clocks: dict[str, Any] = {name: _clock(getattr(night, name)) for name in TIMES}
        lengths: dict[str, Any] = {name: _minutes(getattr(night, name)) for name in LENGTHS}
        return Written(
            awakenings=night.awakenings, quality=night.quality, comment=self.comment, **clocks, **lengths
        )


def entry_of(written: Written, *, night: date, zone: str, turnover: int) -> Entry:
    """The instants behind the clock times. A time of waking or getting up that lies before what went ahead of
    it is of the day after, where that is no longer than anybody sleeps: such a night went on past its
    turnover.
    """
    moments: dict[str, Any] = {name: _moment(getattr(written, name), night, zone, turnover) for name in TIMES}
    before = [moments["into_bed"], moments["tried_to_sleep"]]
    for name in ("final_awakening", "out_of_bed"):
        known = [moment for moment in before if moment is not None]
        if known and moments[name] is not None and moments[name] < max(known):
            later = _moment(getattr(written, name), night + timedelta(days=1), zone, turnover)
            if later is not None and later - max(known) <= LONGEST_SLEEP:
                moments[name] = later
        before.append(moments[name])
    lengths: dict[str, Any] = {name: _length(getattr(written, name)) for name in LENGTHS}
    whole = Night(on=night, awakenings=written.awakenings, quality=written.quality, **moments, **lengths)
    return Entry(whole, zone, written.comment)


def as_last_time(entry: Entry) -> Written:
    """What a next night begins with: clock times and minutes as they were. How one slept is said anew."""
    return replace(entry.written, quality=None, comment="")


def document(entry: Entry) -> str:
    """The entry as JSON text, for sealing."""
    night = entry.night
    fields: dict[str, Any] = {name: _iso(getattr(night, name)) for name in TIMES}
    fields |= {name: _minutes(getattr(night, name)) for name in LENGTHS}
    fields |= {"awakenings": night.awakenings, "quality": night.quality}
    return json.dumps(fields | {"zone": entry.zone, "comment": entry.comment}, ensure_ascii=False)


def read_document(text: str, *, night: date, revision: int) -> Entry:
    fields = json.loads(text)
    moments: dict[str, Any] = {name: fields[name] and datetime.fromisoformat(fields[name]) for name in TIMES}
    lengths: dict[str, Any] = {name: _length(fields[name]) for name in LENGTHS}
    whole = Night(on=night, awakenings=fields["awakenings"], quality=fields["quality"], **moments, **lengths)
    return Entry(whole, fields["zone"], fields["comment"], revision)


def _moment(at: time | None, night: date, zone: str, turnover: int) -> datetime | None:
    return None if at is None else on_the_clock(night=night, at=at, turnover=turnover, zone=zone)


def _length(minutes: int | None) -> timedelta | None:
    return None if minutes is None else minutes * MINUTE


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length / MINUTE)


def _clock(moment: datetime | None) -> time | None:
    return None if moment is None else moment.time().replace(second=0, microsecond=0)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
