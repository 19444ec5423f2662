"""When a notice comes: never in the hours of quiet, and what is gathered at its hour. Pure.

Everything is reckoned by wall clocks and given as instants in UTC. An hour that a clock skips is the one
after it; an hour that comes twice is its first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guild.notifications.quiet import Quiet

DAYS = 7


@dataclass(frozen=True)
class Hush:
    """Hours of quiet by one clock: one's own, or a guild's."""

    quiet: Quiet
    zone: ZoneInfo


@dataclass(frozen=True)
class Round:
    """When what is gathered comes, by one's own clock: daily (`weekday` None) or on one day (Monday is 0)."""

    hour: int
    zone: ZoneInfo
    weekday: int | None = None

    def after(self, moment: datetime) -> datetime:
        """The first time later than `moment`."""
        today = moment.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(DAYS + 2))
        times = (self._on(day) for day in days if self.weekday in (None, day.weekday()))
        return next(at for at in times if at > moment)

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, time(self.hour), tzinfo=self.zone).astimezone(UTC)


def out_of_quiet(moment: datetime, hushes: Iterable[Hush]) -> datetime:
    """`moment`, or when the last of the hours of quiet that it falls into have ended.

    Hours of several clocks may follow one another round the day without a gap; then it is let through after a
    day, since never is no answer.
    """
    held, at = tuple(hushes), moment
    while at < moment + timedelta(days=1):
        ends = [_end(at, hush) for hush in held if _covers(hush, at)]
        if not ends:
            return at
        at = max(ends)
    return moment + timedelta(days=1)


def comes_at(made: datetime, *, now: datetime, gathered: Round | None, hushes: Iterable[Hush]) -> datetime:
    """When something made at `made` is told: at once, or (`gathered`) with all that is gathered; not later
    than at `now` if its time has come.
    """
    wanted = made if gathered is None else gathered.after(made)
    return out_of_quiet(max(wanted, now), hushes)


def _covers(hush: Hush, at: datetime) -> bool:
    return hush.quiet.covers(at.astimezone(hush.zone).time())


def _end(at: datetime, hush: Hush) -> datetime:
    """The first instant after `at` at which that clock shows the end of its quiet."""
    today = at.astimezone(hush.zone).date()
    shown = (
        datetime.combine(today + timedelta(days=ahead), hush.quiet.until, tzinfo=hush.zone).replace(fold=fold)
        for ahead in (0, 1)
        for fold in (0, 1)
    )
    return min(instant for one in shown if (instant := one.astimezone(UTC)) > at)
