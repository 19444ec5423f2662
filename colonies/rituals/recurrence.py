"""When a ritual is kept: RFC 5545, by `icalendar` and `recurring-ical-events`. Pure.

Two kinds. *Together* is one instant for everybody: a wall clock in one named time zone. *Local* is the same
wall clock wherever each sleeper is: a floating time, as RFC 5545 calls it. Where a clock is set forward over
the time, it is kept an hour later; where a clock is set back over it, it is kept the first time around
(RFC 5545, 3.3.5). Every wall-clock time here is a naive datetime, and every instant an aware one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
YEAR = timedelta(days=366)
END_OF_DAY = time(23, 59, 59)
FIRST_ZONE_CHANGE = date(2024, 1, 1)  # zones in a feed begin here, or a year before its first event


class Kind(StrEnum):
    """Whose clock decides."""

    TOGETHER = "together"
    LOCAL = "local"


@dataclass(frozen=True)
class Move:
    """One occurrence that is kept at another time: where the rule has it, and where it is kept."""

    original: datetime
    to: datetime


@dataclass(frozen=True)
class Rhythm:
    """When something is kept. `rule` is an RRULE without UNTIL, "" for once; `until` is the last day on which
    it may begin; `also` are further times (RDATE), `without` those of its times that are left out (EXDATE).
    `zone` is the IANA name of the clock of what is kept together, and "" for what is local.
    """

    kind: Kind
    starts: datetime
    zone: str = ""
    length: timedelta = MINUTE
    rule: str = ""
    until: date | None = None
    also: tuple[datetime, ...] = ()
    without: tuple[datetime, ...] = ()
    moved: tuple[Move, ...] = ()


@dataclass(frozen=True, order=True)
class Occurrence:
    """One time of keeping. `original` is where the rule has it, on the clock of the rhythm: its name."""

    instant: datetime
    original: datetime
    wall: datetime

    @property
    def is_moved(self) -> bool:
        return self.wall != self.original


@dataclass(frozen=True)
class Card:
    """What a calendar shows of an event besides its times."""

    uid: str
    summary: str
    stamp: datetime
    sequence: int = 0
    address: str = ""


def occurrences(rhythm: Rhythm, *, zone: str, since: datetime, until: datetime) -> list[Occurrence]:
    """What begins from `since` on and before `until` (aware), in order, for somebody whose clock is that of
    `zone`. Linear in the number of occurrences since the first one.
    """
    found = (
        occurrence
        for component in _components_between(rhythm, zone=zone, since=since, until=until)
        for occurrence in [_occurrence(component, rhythm=rhythm, zone=zone)]
        if since <= occurrence.instant < until
    )
    return sorted(found)


def walls(rhythm: Rhythm, *, since: datetime, until: datetime) -> list[datetime]:
    """The wall-clock times on the rhythm's own clock, from `since` on and before `until` (naive)."""
    clock = rhythm.zone or "UTC"
    found = occurrences(rhythm, zone=clock, since=_on_clock(since, clock), until=_on_clock(until, clock))
    return [occurrence.wall for occurrence in found]


def events(rhythm: Rhythm, card: Card) -> list[icalendar.Event]:
    """The VEVENT of the rhythm, and one more for every occurrence that was moved."""
    made = bare_events(rhythm)
    for event in made:
        event.add("UID", card.uid)
        event.add("DTSTAMP", card.stamp)
        event.add("SEQUENCE", card.sequence)
        event.add("SUMMARY", card.summary)
        if card.address:
            event.add("URL", card.address)
        event.add("DURATION", rhythm.length)
        event.add("TRANSP", "TRANSPARENT")
        event.add("CLASS", "PRIVATE")
    return made


def bare_events(rhythm: Rhythm) -> list[icalendar.Event]:
    """The same with their times alone."""
    main = _starting(rhythm.starts, rhythm)
    if rhythm.rule:
        main.add("RRULE", _recur(rhythm))
    if rhythm.also:
        main.add("RDATE", [_clocked(moment, rhythm) for moment in rhythm.also])
    if rhythm.without:
        main.add("EXDATE", [_clocked(moment, rhythm) for moment in rhythm.without])
    moved = []
    for move in rhythm.moved:
        event = _starting(move.to, rhythm)
        event.add("RECURRENCE-ID", _clocked(move.original, rhythm))
        moved.append(event)
    return [main, *moved]


def calendar(entries: Iterable[tuple[Rhythm, Card]], *, name: str = "") -> icalendar.Calendar:
    """A calendar of rhythms, with the time zones that it names."""
    made = icalendar.Calendar()
    made.add("PRODID", "-//DreamScape Guild//Rituals//EN")
    made.add("VERSION", "2.0")
    if name:
        made.add("X-WR-CALNAME", name)
    first = FIRST_ZONE_CHANGE
    for rhythm, card in entries:
        first = min(first, rhythm.starts.date() - YEAR)
        for event in events(rhythm, card):
            made.add_component(event)
    made.add_missing_timezones(first_date=first)
    _one_date_a_line(made)
    return made


def _one_date_a_line(made: icalendar.Calendar) -> None:
    """Some readers take only the first date of an RDATE line of a time zone: give each a line of its own."""
    for zone in made.timezones:
        for change in zone.subcomponents:
            dates = change.get("RDATE")
            if isinstance(dates, icalendar.vDDDLists):
                change["RDATE"] = [icalendar.vDDDLists([moment.dt]) for moment in dates.dts]


def _components_between(
    rhythm: Rhythm, *, zone: str, since: datetime, until: datetime
) -> list[icalendar.Event]:
    """Events that may begin between two instants: a day more on both sides, on whatever clock."""
    clock = ZoneInfo(rhythm.zone or zone)
    first, last = (moment.astimezone(clock).replace(tzinfo=None) for moment in (since, until))
    made = icalendar.Calendar()
    for event in bare_events(rhythm):
        event.add("UID", "one")
        made.add_component(event)
    span = (first - 2 * A_DAY, last + 2 * A_DAY)
    if rhythm.zone:
        span = (span[0].replace(tzinfo=clock), span[1].replace(tzinfo=clock))
    found: list[Any] = list(recurring_ical_events.of(made).between(*span))
    return found


def _occurrence(component: icalendar.Event, *, rhythm: Rhythm, zone: str) -> Occurrence:
    clock = rhythm.zone or zone
    wall = _wall(component["DTSTART"])
    named = component.get("RECURRENCE-ID")
    original = _wall(named) if named is not None else wall
    return Occurrence(_on_clock(wall, clock).astimezone(UTC), original, wall)


def _wall(shown: Any) -> datetime:
    """The wall clock of a DATE-TIME property."""
    moment: datetime = shown.dt
    return moment.replace(tzinfo=None, fold=0)


def _starting(wall: datetime, rhythm: Rhythm) -> icalendar.Event:
    event = icalendar.Event()
    event.add("DTSTART", _clocked(wall, rhythm))
    return event


def _recur(rhythm: Rhythm) -> icalendar.vRecur:
    """The rule with its UNTIL: in UTC for what is kept together, floating for what is local (RFC 5545)."""
    recur = icalendar.vRecur.from_ical(rhythm.rule)
    if rhythm.until is not None:
        last = datetime.combine(rhythm.until, END_OF_DAY)
        recur["UNTIL"] = [_on_clock(last, rhythm.zone).astimezone(UTC) if rhythm.zone else last]
    return recur


def _clocked(wall: datetime, rhythm: Rhythm) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(rhythm.zone)) if rhythm.zone else wall


def _on_clock(wall: datetime, zone: str) -> datetime:
    """The instant at which the clock of `zone` shows `wall` for the first time; in a gap, an hour later."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0)
