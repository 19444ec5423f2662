"""What a device recorded of one sleep, and the diary's night that follows from it. Pure.

A device knows when somebody lay and when they slept, and not when they tried to: the time into bed is taken
for that, or, where even this is not known, the moment of falling asleep.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from colonies.diary.entries import Entry
from colonies.diary.measures import A_DAY, MINUTE, Night, contradictions
from guild.journal.nights import Reckoning, zone_named

_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # beyond them a clock cannot be reckoned from another everywhere
SHORTEST_WAKING = 5 * MINUTE  # what is shorter nobody remembers in the morning


class Unread(Exception):
    """Nothing can be made of a file, or of one record; the message is a sentence to show."""


@dataclass(frozen=True)
class Sleep:
    """One sleep. Whatever the device did not record is None; `nap` is what it says is not the night's."""

    asleep: datetime
    woken: datetime
    into_bed: datetime | None = None
    out_of_bed: datetime | None = None
    awake: timedelta | None = None
    awakenings: int | None = None
    nap: bool = False

    @property
    def length(self) -> timedelta:
        return self.woken - self.asleep


@dataclass(frozen=True)
class Found:
    """What a file holds: nights by their date, and a sentence for everything that is not taken."""

    entries: tuple[Entry, ...]
    said: tuple[str, ...] = ()


def nights_of(sleeps: Iterable[Sleep], *, reckoning: Reckoning) -> Found:
    """One night for the longest sleep of each; naps and further sleeps are counted and left out."""
    chosen: dict[date, Sleep] = {}
    naps = others = wrong = 0
    for sleep in sleeps:
        if sleep.nap:
            naps += 1
            continue
        if not _is_possible(sleep):
            wrong += 1
            continue
        on = reckoning.night_of(min(sleep.into_bed or sleep.asleep, sleep.asleep))
        others += on in chosen
        chosen[on] = max(chosen.get(on, sleep), sleep, key=lambda one: one.length)
    entries = [_entry(on, chosen[on], reckoning.time_zone) for on in sorted(chosen)]
    kept = tuple(entry for entry in entries if not contradictions(entry.night))
    wrong += len(entries) - len(kept)
    return Found(kept, tuple(_sentences(naps=naps, others=others, wrong=wrong)))


def joined(stretches: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Stretches of time in order, with those that touch or overlap made one."""
    whole: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def gaps(stretches: Sequence[tuple[datetime, datetime]]) -> list[timedelta]:
    """The lengths of what lies between stretches that are joined."""
    return [later[0] - earlier[1] for earlier, later in pairwise(stretches)]


def _is_possible(sleep: Sleep) -> bool:
    first, last = sleep.into_bed or sleep.asleep, sleep.out_of_bed or sleep.woken
    if not all(_FIRST_YEAR <= one.year <= _LAST_YEAR for one in (first, sleep.asleep, sleep.woken, last)):
        return False
    return first <= sleep.asleep < sleep.woken <= last and last - first <= A_DAY


def _entry(on: date, sleep: Sleep, zone: str) -> Entry:
    clock = zone_named(zone)

    def here(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(clock).replace(second=0, microsecond=0)

    tried = here(sleep.into_bed) or here(sleep.asleep)
    asleep = here(sleep.asleep)
    night = Night(
        on=on,
        into_bed=here(sleep.into_bed),
        tried_to_sleep=tried,
        latency=None if tried is None or asleep is None else _whole(_between(tried, asleep)),
        awakenings=sleep.awakenings,
        awake=None if sleep.awake is None else _whole(sleep.awake),
        final_awakening=here(sleep.woken),
        out_of_bed=here(sleep.out_of_bed),
    )
    return Entry(night, zone)


def _between(first: datetime, second: datetime) -> timedelta:
    utc = zone_named("UTC")
    return second.astimezone(utc) - first.astimezone(utc)


def _whole(length: timedelta) -> timedelta:
    return round(max(length, timedelta(0)) / MINUTE) * MINUTE


def _sentences(*, naps: int, others: int, wrong: int) -> Iterable[str]:
    if naps:
        yield f"{naps} nap{'' if naps == 1 else 's'} left out: the diary holds nights."
    if others:
        yield f"{others} further sleep{'' if others == 1 else 's'} of the same nights: the longest counts."
    if wrong:
        yield f"{wrong} sleep{'' if wrong == 1 else 's'} left out that cannot have been so."
