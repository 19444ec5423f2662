"""Telling somebody something, and the clock that sends it, for tests of notices."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from guild.notifications import sending, services
from guild.notifications.enums import Channel, Group, Kind, When
from guild.notifications.models import Notice
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

SignIn = Callable[[Membership], Client]
NOON = datetime.fromisoformat("2026-11-25T12:00+00:00")
SIX, NIGHT = NOON.replace(hour=18), NOON.replace(hour=23)
MORNING = NIGHT.replace(day=26, hour=7)
CANARY = "lantern"


def tell(
    member: Membership, kind: Kind = Kind.CONSENT_ASKED, *, key: str = "one", at: datetime = NOON
) -> None:
    services.notify(
        dreamer=member.dreamer_id, kind=kind, guild=member.guild_id, path="/g/lantern/", key=key, at=at
    )


def choose(member: Membership, group: Group, channel: Channel, when: When) -> None:
    with tenant(dreamer=member.dreamer_id):
        services.choose(by=member.dreamer_id, choices={(group, channel): when})


def row(member: Membership) -> Notice:
    with tenant(dreamer=member.dreamer_id):
        return Notice.objects.get()


def send(*moments: datetime) -> list[int]:
    return [sending.send_every_due(now=moment) for moment in moments]
