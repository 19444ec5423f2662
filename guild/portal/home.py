"""What the home pages gather from every room."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from governance.consent.histories import ToldMe, told, unread
from governance.consent.standings import UseOfMine, uses_for
from governance.deliberation.models import Proposal
from governance.deliberation.selectors import awaiting
from governance.oversight.access import may_oversee
from governance.oversight.docket import Waiting, waiting_in
from governance.oversight.tellings import Word, unread_by
from governance.policies.errors import Denied
from guild.dreamers.models import Dreamer
from guild.journal.nights import sleep_night
from guild.journal.records import OpenDream
from guild.journal.selectors import recent_dreams_for
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from guild.tenancy.selectors import memberships_of
from lounges.sessions.models import Session
from lounges.sessions.selectors import sessions_ahead

DREAMS, USES, SESSIONS, NOTICES, VOTES = 4, 5, 5, 3, 3
MORNING, AFTERNOON, EVENING = 5, 12, 18


@dataclass(frozen=True)
class Duty:
    """A guild whose findings wait for this enforcer, and how urgent they are."""

    guild: Guild
    waiting: Waiting


@dataclass(frozen=True)
class Wanted:
    """An open vote that this member has not taken part in yet."""

    guild: Guild
    proposal: Proposal


@dataclass(frozen=True)
class Night:
    """My night: everything on the first page."""

    tonight: date
    greeting: str
    zone: str
    memberships: list[Membership]
    dreams: list[OpenDream]
    sessions: list[Session]
    uses: list[UseOfMine]
    taken_back: list[ToldMe]
    duties: list[Duty]
    wanted: list[Wanted]
    told: list[Word]


def night_of(dreamer: Dreamer, *, now: datetime | None = None) -> Night:
    """Gather the page for one dreamer; a guild's sessions are read inside that guild's own tenant."""
    moment = now or timezone.now()
    memberships = memberships_of(dreamer.pk)
    return Night(
        tonight=sleep_night(moment, time_zone=dreamer.time_zone, turnover_hour=dreamer.night_turnover_hour),
        greeting=greeting(moment.astimezone(ZoneInfo(dreamer.time_zone)).hour),
        zone=dreamer.time_zone.replace("_", " "),
        memberships=memberships,
        dreams=recent_dreams_for(dreamer.pk, DREAMS),
        sessions=_sessions_in(memberships),
        uses=uses_for(dreamer.pk, limit=USES),
        taken_back=told(list(unread(dreamer.pk)[:NOTICES]), dreamer=dreamer.pk),
        duties=duties_of(memberships),
        wanted=wanted_in(memberships),
        told=unread_by(dreamer.pk, now=moment),
    )


def duties_of(memberships: list[Membership]) -> list[Duty]:
    """Where findings wait for somebody who may decide about them; read inside each guild's own tenant."""
    found = []
    for membership in filter(may_oversee, memberships):
        with tenant(guild=membership.guild_id, dreamer=membership.dreamer_id):
            found.append(Duty(membership.guild, waiting_in(membership.guild_id)))
    return [duty for duty in found if duty.waiting.total]


def wanted_in(memberships: list[Membership]) -> list[Wanted]:
    """Which votes wait for a ballot; read inside each guild's own tenant, as far as its law lets one read."""
    found: list[Wanted] = []
    for membership in memberships:
        with tenant(guild=membership.guild_id, dreamer=membership.dreamer_id), suppress(Denied):
            found += [Wanted(membership.guild, proposal) for proposal in awaiting(membership)]
    return sorted(found, key=_ends)[:VOTES]


def _ends(wanted: Wanted) -> datetime:
    ends = wanted.proposal.closes_at
    assert ends is not None  # noqa: S101 an open vote has an end
    return ends


def greeting(hour: int) -> str:
    """The greeting of an hour of the day, 0 to 23."""
    if MORNING <= hour < AFTERNOON:
        return "Good morning"
    if AFTERNOON <= hour < EVENING:
        return "Good afternoon"
    return "Good evening"


def _sessions_in(memberships: list[Membership]) -> list[Session]:
    found: list[Session] = []
    for membership in memberships:
        with tenant(guild=membership.guild_id, dreamer=membership.dreamer_id), suppress(Denied):
            ahead = sessions_ahead(membership, limit=SESSIONS)
            for session in ahead:
                session.guild = membership.guild
            found += ahead
    return sorted(found, key=lambda session: (not session.is_open, session.opens_at))[:SESSIONS]
