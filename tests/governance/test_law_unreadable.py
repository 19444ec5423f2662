"""A guild whose law cannot be read: what asks for it is refused, and other guilds go on."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from colonies.exchange import counting
from colonies.exchange.models import CultureMonth
from governance.policies.law import HOUSE_LAW, LawUnreadable
from governance.policies.quiet_hours import hush_of
from governance.policies.reasons import UNDECIDED
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes.services import perform_blend
from lounges.sessions import retention
from lounges.sessions.models import Contribution
from lounges.sessions.protocol import ErrorCode
from lounges.sessions.refusals import Refusal, refusal_of
from tests.cast import Cast
from tests.colonies.colony import found, write
from tests.governance.deliberating import give_law, inside
from tests.governance.test_offices_invitations import invite
from tests.lounges.dreamscapes_circle import fresh, request, settle

BROKEN = {"values": {"sponsors": "many"}}


def break_law(guild: Guild) -> None:
    with tenant(guild=guild.pk):
        Guild.objects.filter(pk=guild.pk).update(law=BROKEN)


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
    break_law(cast.harbour)
    with inside(cast.mira):
        Contribution.objects.filter(pk=lent).update(lent_at=timezone.now() - timedelta(days=31))
    counting.count_every_guild()
    assert retention.give_back_overdue() == 1
    with tenant(guild=cast.lantern.pk):
        assert CultureMonth.objects.exists()


def test_a_door_that_shows_the_law_in_brief_is_refused_and_nobody_comes_in(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    """Addresses of no guild, which ask the law nothing before they show what it says."""
    made, zed = invite(cast.ayla), client_of(cast.zed)
    zed.post(reverse("joining:bring"), {"code": made.code})
    break_law(cast.lantern)
    told = [
        zed.get(reverse("joining:join")),
        zed.post(reverse("api-invitation-read"), {"code": made.code}, content_type="application/json"),
    ]
    said = [(one.status_code, UNDECIDED in unescape(one.content.decode())) for one in told]
    assert said == [(403, True), (403, True)]
    assert zed.post(reverse("joining:join"), {"display_name": "Zed", "hue": "1"}).status_code == 403
    with tenant(guild=cast.lantern.pk):
        assert not Membership.objects.filter(display_name="Zed").exists()


def test_a_blend_under_way_ends_with_the_sentence_and_is_not_tried_again(cast: Cast) -> None:
    run = request(settle(cast, "finn", "mira"))
    break_law(cast.lantern)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert (fresh(run).state, fresh(run).failure) == ("failed", UNDECIDED)
