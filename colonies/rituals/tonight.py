"""What one keeps on a night, in all of one's guilds, and how one's keeping goes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from colonies.rituals.enums import Keeping
from colonies.rituals.lights import Light, light
from colonies.rituals.models import Belonging, Observance, Pause, Ritual, Schedule
from colonies.rituals.times import Evening, evenings_between, evenings_of, schedules_for
from guild.dreamers.models import Dreamer
from guild.journal.nights import Reckoning, zone_named
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import memberships_of

WEEKS = 4
LEAST_PRESENCE = timedelta(minutes=15)


@dataclass(frozen=True)
class Presence:
    """How many others keep a ritual now, and the names of those who show theirs."""

    others: int
    names: tuple[str, ...]

    @property
    def unnamed(self) -> int:
        return self.others - len(self.names)


@dataclass(frozen=True)
class Tonight:
    """One ritual of one night: when (in order; none for what falls on no time), and what was said of it."""

    membership: Membership
    ritual: Ritual
    evenings: tuple[Evening, ...]
    observance: Observance | None
    presence: Presence
    light: Light

    @property
    def said(self) -> str:
        return self.observance.keeping if self.observance is not None else ""


def night_named(text: str) -> date | None:
    """The night of a name such as 2026-11-25; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tonight_of(dreamer: Dreamer, *, night: date, now: datetime) -> list[Tonight]:
    """Everything that falls on one night, in all guilds, by time; each guild in a tenant of its own."""
    found: list[Tonight] = []
    paused = paused_nights_of(dreamer.pk, since=night - timedelta(weeks=WEEKS), until=night)
    for membership in memberships_of(dreamer.pk):
        with tenant(guild=membership.guild_id, dreamer=dreamer.pk):
            found += _in_guild(membership, reckoning_of(dreamer), night=night, now=now, paused=paused)
    return sorted(found, key=lambda one: (one.evenings[0].instant, one.ritual.title))


def _in_guild(
    membership: Membership, reckoning: Reckoning, *, night: date, now: datetime, paused: Collection[date]
) -> list[Tonight]:
    schedules = schedules_for(membership)
    falling: dict[UUID, list[Evening]] = defaultdict(list)
    for evening in evenings_of(schedules, reckoning=reckoning, night=night):
        falling[evening.ritual.pk].append(evening)
    said = _said(membership, falling, since=night - timedelta(weeks=WEEKS), until=night)
    present = presences(membership, [evenings[0].ritual for evenings in falling.values()], now=now)
    return [
        Tonight(
            membership=membership,
            ritual=evenings[0].ritual,
            evenings=tuple(evenings),
            observance=said[ritual_id].get(night),
            presence=present[ritual_id],
            light=_light(
                [row for row in schedules if row.ritual_id == ritual_id],
                reckoning,
                night=night,
                said=said[ritual_id],
                paused=paused,
            ),
        )
        for ritual_id, evenings in falling.items()
    ]


def paused_nights_of(dreamer: UUID, *, since: date, until: date) -> set[date]:
    """The nights between both, `until` included, that lie in a pause."""
    nights: set[date] = set()
    for row in Pause.objects.filter(dreamer_id=dreamer, first_night__lte=until):
        first, last = max(row.first_night, since), min(row.last_night or until, until)
        nights |= {first + timedelta(days=day) for day in range((last - first).days + 1)}
    return nights


def is_pausing(dreamer: UUID) -> bool:
    return Pause.objects.filter(dreamer_id=dreamer, last_night=None).exists()


def presences(membership: Membership, rituals: Iterable[Ritual], *, now: datetime) -> dict[UUID, Presence]:
    """Who else keeps these rituals now: whoever began no longer ago than the ritual takes, or than fifteen
    minutes. Call only for rituals of colonies that the member belongs to.
    """
    wanted = {ritual.pk: ritual for ritual in rituals}
    rows = (
        Observance.objects.filter(
            guild_id=membership.guild_id,
            ritual_id__in=wanted,
            began_at__gt=now - timedelta(hours=4),
            began_at__lte=now,
            keeping__in=(Keeping.KEPT, Keeping.PARTLY),
            membership__ended_at=None,
        )
        .exclude(membership_id=membership.pk)
        .select_related("membership")
    )
    lengths = _lengths(wanted)
    here = [row for row in rows if row.began_at and row.began_at > now - lengths[row.ritual_id]]
    named = _named(membership.guild_id, here, wanted)
    return {
        identity: Presence(
            others=sum(row.ritual_id == identity for row in here),
            names=tuple(sorted(name for ritual_id, name in named if ritual_id == identity)),
        )
        for identity in wanted
    }


def _named(guild: UUID, here: list[Observance], rituals: dict[UUID, Ritual]) -> list[tuple[UUID, str]]:
    colonies = {row.ritual_id: rituals[row.ritual_id].colony_id for row in here}
    shown = set(
        Belonging.objects.filter(
            guild_id=guild, colony_id__in=set(colonies.values()), shows_name=True, ended_at=None
        ).values_list("colony_id", "membership_id")
    )
    return [
        (row.ritual_id, row.membership.display_name)
        for row in here
        if (colonies[row.ritual_id], row.membership_id) in shown
    ]


def _lengths(rituals: Collection[UUID]) -> dict[UUID, timedelta]:
    """How long each takes by its times, and fifteen minutes at least."""
    found = dict.fromkeys(rituals, LEAST_PRESENCE)
    rows = Schedule.objects.filter(ritual_id__in=list(rituals), ended_at=None)
    for identity, minutes in rows.values_list("ritual_id", "minutes"):
        found[identity] = max(found[identity], timedelta(minutes=minutes))
    return found


def _said(
    membership: Membership, rituals: Collection[UUID], *, since: date, until: date
) -> dict[UUID, dict[date, Observance]]:
    said: dict[UUID, dict[date, Observance]] = defaultdict(dict)
    rows = Observance.objects.filter(
        guild_id=membership.guild_id,
        membership_id=membership.pk,
        ritual_id__in=list(rituals),
        night__gte=since,
        night__lte=until,
    )
    for row in rows:
        said[row.ritual_id][row.night] = row
    return said


def _light(
    schedules: list[Schedule],
    reckoning: Reckoning,
    *,
    night: date,
    said: dict[date, Observance],
    paused: Collection[date],
) -> Light:
    """The light of the four weeks before `night`, and of that night where something was said of it."""
    middle = datetime(night.year, night.month, night.day, tzinfo=zone_named(reckoning.time_zone))
    before = evenings_between(
        schedules,
        reckoning=reckoning,
        since=middle - timedelta(weeks=WEEKS),
        until=middle + timedelta(days=1),
    )
    nights = {evening.night for evening in before if evening.night < night}
    kept = {on: row.keeping for on, row in said.items()}
    return light(nights=nights, kept=kept, paused=paused)
