"""When rituals are kept, as one person meets it: by their own clock and their own nights."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404

from colonies.rituals.enums import Standing
from colonies.rituals.models import Belonging, Ritual, Schedule
from colonies.rituals.recurrence import A_DAY, Occurrence, occurrences
from guild.dreamers.models import Dreamer
from guild.journal.nights import Reckoning, zone_named
from guild.tenancy.models import Membership

AHEAD = timedelta(days=60)
SHOWN = 6
NO_SUCH_SCHEDULE = "The ritual is not kept at this time, or no longer."


@dataclass(frozen=True)
class Evening:
    """One keeping, for one person: `night` is the sleep night that it belongs to, where they are."""

    schedule: Schedule
    occurrence: Occurrence
    night: date

    @property
    def ritual(self) -> Ritual:
        return self.schedule.ritual

    @property
    def instant(self) -> datetime:
        return self.occurrence.instant

    @property
    def original(self) -> str:
        """The name of the occurrence in an address or a form."""
        return self.occurrence.original.isoformat(timespec="minutes")


def zone_of(dreamer: Dreamer) -> ZoneInfo:
    """The clock of this person at present."""
    return zone_named(dreamer.time_zone)


def schedules_of(ritual: Ritual) -> list[Schedule]:
    """The colony's own times that have not ended, oldest first; evenings with a guest are not among them."""
    rows = list(_live().filter(guild_id=ritual.guild_id, ritual_id=ritual.pk, guest=None))
    for row in rows:
        row.ritual = ritual
    return rows


def schedule_of(ritual: Ritual, schedule_id: UUID) -> Schedule:
    """One of them. Raises Http404."""
    found = next((row for row in schedules_of(ritual) if row.pk == schedule_id), None)
    if found is None:
        raise Http404(NO_SUCH_SCHEDULE)
    return found


def schedules_for(membership: Membership) -> list[Schedule]:
    """Everything that the member keeps in this guild: live times of rituals that are kept, in colonies that
    they belong to, or to which one of these is a guest.
    """
    colonies = Belonging.objects.filter(
        guild_id=membership.guild_id, membership_id=membership.pk, standing=Standing.IN
    )
    mine = colonies.values("colony_id")
    kept = _live().filter(
        Q(ritual__colony_id__in=mine) | Q(guest_id__in=mine),
        guild_id=membership.guild_id,
        ritual__rested_at=None,
        ritual__colony__archived_at=None,
    )
    return list(kept.select_related("ritual", "ritual__colony", "guest"))


def evenings_ahead(schedules: Iterable[Schedule], *, reckoning: Reckoning, now: datetime) -> list[Evening]:
    """The next few keepings, soonest first."""
    found = evenings_between(schedules, reckoning=reckoning, since=now, until=now + AHEAD)
    return found[:SHOWN]


def evenings_of(schedules: Iterable[Schedule], *, reckoning: Reckoning, night: date) -> list[Evening]:
    """What belongs to one night, in order. A night on which clocks change is as long as it is."""
    middle = datetime(night.year, night.month, night.day, tzinfo=zone_named(reckoning.time_zone))
    around = evenings_between(schedules, reckoning=reckoning, since=middle - A_DAY, until=middle + 3 * A_DAY)
    return [evening for evening in around if evening.night == night]


def evenings_between(
    schedules: Iterable[Schedule], *, reckoning: Reckoning, since: datetime, until: datetime
) -> list[Evening]:
    """Keepings that begin from `since` on and before `until`, in order."""
    found = [
        Evening(schedule, occurrence, reckoning.night_of(occurrence.instant))
        for schedule in schedules
        for occurrence in occurrences(schedule.rhythm, zone=reckoning.time_zone, since=since, until=until)
    ]
    return sorted(found, key=lambda evening: (evening.instant, evening.ritual.title))


def _live() -> QuerySet[Schedule]:
    return Schedule.objects.filter(ended_at=None)
