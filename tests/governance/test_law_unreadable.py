"""A guild whose law cannot be read: what asks for it is refused, and other guilds go on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from colonies.exchange import counting
from colonies.exchange.models import CultureMonth
from governance.policies.law import HOUSE_LAW, LawUnreadable
from governance.policies.quiet_hours import hush_of
from governance.policies.reasons import UNDECIDED
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from lounges.sessions import retention
from lounges.sessions.models import Contribution
from lounges.sessions.protocol import ErrorCode
from lounges.sessions.refusals import Refusal, refusal_of
from tests.cast import Cast
from tests.colonies.colony import found, write
from tests.governance.deliberating import give_law, inside
from tests.lounges.dreamscapes_circle import settle

BROKEN = {"values": {"sponsors": "many"}}


def test_a_socket_is_told_the_same_sentence() -> None:
    refusal = refusal_of(LawUnreadable("Give a whole number."))
    assert refusal == Refusal(ErrorCode.PERMISSION_DENIED, UNDECIDED)


def test_its_hours_of_quiet_are_those_of_the_house(cast: Cast) -> None:
    cast.lantern.law = BROKEN
    hush, house = hush_of(cast.lantern), hush_of(cast.harbour)
    assert (hush, HOUSE_LAW.quiet_from != HOUSE_LAW.quiet_until) == (house, house is not None)


def test_it_keeps_no_other_guild_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its turn comes first; then the other guild gives back what is overdue, and is counted."""
    for clock in (retention, counting):
        monkeypatch.setattr(clock, "every_guild", lambda: [cast.harbour.pk, cast.lantern.pk])
    write(cast.lara, found(cast.lara))
    lent = settle(cast, "mira").contributions["mira"]
    give_law(cast.lantern, retention_days="30")
    with tenant(guild=cast.harbour.pk):
        Guild.objects.filter(pk=cast.harbour.pk).update(law=BROKEN)
    with inside(cast.mira):
        Contribution.objects.filter(pk=lent).update(lent_at=timezone.now() - timedelta(days=31))
    counting.count_every_guild()
    assert retention.give_back_overdue() == 1
    with tenant(guild=cast.lantern.pk):
        assert CultureMonth.objects.exists()
