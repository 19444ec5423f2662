"""When a reminder rings, so that nothing rings in the hours of quiet. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_EARLIER = timedelta(hours=2)
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """From one wall-clock time to another, over midnight if need be; the same twice is no quiet at all."""

    since: time
    until: time

    def covers(self, at: time) -> bool:
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


def rings_at(begins: datetime, *, minutes: int, zone: ZoneInfo, quiet: Quiet) -> datetime | None:
    """So many minutes before something begins, by instants. What would ring in the quiet rings in the minute
    before it, if that is no more than two hours sooner; else not at all (None).
    """
    wanted = begins.astimezone(ZoneInfo("UTC")) - timedelta(minutes=minutes)
    local = wanted.astimezone(zone)
    if not quiet.covers(local.time()):
        return wanted
    day = local.date() if quiet.since <= local.time() else local.date() - A_DAY
    start = datetime.combine(day, quiet.since, tzinfo=zone).astimezone(ZoneInfo("UTC")) - A_MINUTE
    return start if wanted - start <= MOST_EARLIER else None
