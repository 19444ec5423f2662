"""What a guild's own law says about its sessions, on every path: hosting, hours, depth, group, retention."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from governance.consent import answering
from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from governance.policies.reasons import RULES
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.sessions import loans, services
from lounges.sessions.enums import ContributionState
from lounges.sessions.hours import minute_of
from lounges.sessions.models import Contribution, Session
from lounges.sessions.retention import give_back_overdue
from lounges.sessions.tasks import give_back
from tests.cast import Cast
from tests.lounges.dreamscapes_circle import DREAMS, blend, lend, open_session, set_stage, settle
from tests.lounges.guild_law import give_law
from tests.lounges.sessions_stage import EVERYTHING, NOTICES, Stage, dream_of

SignIn = Callable[[Membership], Client]


def as_member(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def hours_around_now(*, inside: bool) -> dict[str, str]:
    """Lounge hours in which it is now, or is not."""
    minute = minute_of(timezone.now(), clock="UTC")
    opens, closes = (minute - 60) % 1440, (minute + 60) % 1440
    return {"opens_at": str(opens if inside else closes), "closes_at": str(closes if inside else opens)}


@pytest.fixture
def lounge(cast: Cast) -> Any:
    with as_member(cast.ayla):
        return services.make_lounge(by=cast.ayla, name="North room")


@pytest.mark.parametrize(
    ("moment", "clock", "minute"),
    [
        ("2026-01-15T22:30", "UTC", 1350),
        ("2026-07-15T22:30", "Europe/Lisbon", 1410),
        ("2026-07-15T22:30", "Asia/Kolkata", 240),
    ],
)
def test_minutes_are_of_the_guilds_own_clock(moment: str, clock: str, minute: int) -> None:
    assert minute_of(datetime.fromisoformat(moment).replace(tzinfo=UTC), clock=clock) == minute


def test_members_open_sessions_where_the_law_lets_them(cast: Cast, lounge: Any, client_of: SignIn) -> None:
    address = reverse("api-sessions", kwargs={"guild_slug": cast.lantern.slug})
    body = json.dumps({"lounge": lounge.slug, "title": "Mine"})
    told = []
    for hosts in ("architects", "members"):
        give_law(cast.lantern, hosts=hosts)
        told.append(client_of(cast.mira).post(address, body, content_type="application/json").status_code)
    assert told == [403, 201]


@pytest.mark.parametrize(("inside", "page", "api"), [(True, 302, 201), (False, 403, 403)])
def test_sessions_open_within_lounge_hours_on_every_path(
    cast: Cast, lounge: Any, client_of: SignIn, inside: bool, page: int, api: int
) -> None:
    with as_member(cast.ayla):
        later = services.create(
            lounge=lounge, by=cast.ayla, title="Later", opens_at=timezone.now() + timedelta(days=1)
        )
    give_law(cast.lantern, **hours_around_now(inside=inside))
    client, slug = client_of(cast.ayla), cast.lantern.slug
    form = {"title": "Now", "format": "open_circle", "confidentiality": "session", "when": "now"}
    told = [
        client.post(reverse("sessions:lounge", args=[slug, lounge.slug]), form).status_code,
        client.post(
            reverse("api-sessions", args=[slug]),
            json.dumps({"lounge": lounge.slug, "title": "Now"}),
            content_type="application/json",
        ).status_code,
        client.post(reverse("api-session-open", args=[slug, later.pk])).status_code,
    ]
    assert told == [page, api, 200 if inside else 403]


@pytest.mark.parametrize("inside", [True, False])
def test_a_lounge_offers_to_open_a_session_only_within_its_hours(
    cast: Cast, lounge: Any, client_of: SignIn, inside: bool
) -> None:
    """Outside of them one can still be planned, and the page says why it cannot be opened now."""
    give_law(cast.lantern, **hours_around_now(inside=inside))
    place = reverse("sessions:lounge", args=[cast.lantern.slug, lounge.slug])
    page = client_of(cast.ayla).get(place).content.decode()
    shown = {
        "open": "Open or plan it</button>" in page,
        "plan": "Plan it</button>" in page,
        "why": escape(RULES["lounge-hours"]) in page,
    }
    assert shown == {"open": inside, "plan": not inside, "why": not inside}
    for nobody in (cast.mira, cast.ezra):
        page = client_of(nobody).get(place).content.decode()
        assert ("plan it</button>" in page.lower(), escape(RULES["lounge-hours"]) in page) == (False, False)


def test_hours_may_go_beyond_midnight_and_equal_ones_are_always(cast: Cast, lounge: Any) -> None:
    def opens_at(hour: int) -> bool:
        day = timezone.now().date() + timedelta(days=2)
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        try:
            with as_member(cast.ayla):
                services.create(lounge=lounge, by=cast.ayla, title="Then", opens_at=at)
        except Denied:
            return False
        return True

    give_law(cast.lantern, opens_at="1320", closes_at="120")  # 22:00 to 02:00
    night = [opens_at(hour) for hour in (21, 22, 23, 0, 1, 2)]
    give_law(cast.lantern, opens_at="600", closes_at="600")
    assert (night, opens_at(3)) == ([False, True, True, True, True, False], True)


def test_deeper_than_the_law_allows_is_not_lent_on_any_path(cast: Cast, client_of: SignIn) -> None:
    stage = Stage(cast.ayla)
    stage.join(cast.mira)
    stage.go_to("sharing")
    give_law(cast.lantern, largest_depth="0.30")
    with pytest.raises(Denied, match="no dream be blended that deep"):
        stage.share(cast.mira, depth=0.31)
    body = {
        "key": str(uuid4()),
        "dream": str(dream_of(cast.mira)),
        "extent": "whole",
        "purposes": EVERYTHING,
        "notices": NOTICES,
        "depth": 0.31,
    }
    address = reverse("api-session-contributions", args=[cast.lantern.slug, stage.session.pk])
    refused = client_of(cast.mira).post(address, json.dumps(body), content_type="application/json")
    assert (refused.status_code, "that deep" in refused.content.decode()) == (403, True)
    lent = stage.share(cast.mira, depth=0.30)
    with pytest.raises(Denied, match="that deep"):
        answering.give(
            by=cast.mira.dreamer_id,
            target=answering.one_dream(Contribution(pk=lent).pk),
            purpose=Purpose.BLEND,
            read=REGISTRY[Purpose.BLEND].notice.digest,
            depth=0.8,
        )


def test_what_was_lent_deeper_before_is_blended_no_deeper(cast: Cast) -> None:
    circle = settle(cast, "finn", "mira", depth=0.9)
    give_law(cast.lantern, largest_depth="0.20", individuality_floor="0.30")
    run = blend(circle)
    assert (run.state, run.terms["largest_depth"]) == (RunState.FINISHED, 0.2)


def test_fewer_dreamers_than_the_law_asks_for_are_not_blended_and_nothing_is_opened(cast: Cast) -> None:
    circle = settle(cast, "finn", "mira")
    give_law(cast.lantern, smallest_group="3")
    run = blend(circle)
    with tenant(guild=circle.guild):
        uses = Leaf.objects.filter(guild_id=circle.guild, kind="use").count()
    assert (run.state, "Fewer dreamers" in run.failure, uses) == (RunState.FAILED, True, 0)


def test_three_dreams_of_two_dreamers_are_a_group_of_two(cast: Cast) -> None:
    session = open_session(cast.ayla, cast.members)
    set_stage(session, cast.ayla, "sharing")
    for name, text in (("finn", "finn"), ("mira", "mira"), ("mira", "lara")):
        lend(session, getattr(cast, name), DREAMS[text])
    set_stage(session, cast.ayla, "associating", "blending")
    give_law(cast.lantern, smallest_group="3")
    from lounges.dreamscapes.services import perform_blend, request_blend

    with as_member(cast.ayla):
        run = request_blend(session=session, by=cast.ayla, key=uuid4())
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    with tenant(guild=run.guild_id):
        assert BlendRun.objects.get(pk=run.pk).state == RunState.FAILED


def test_dreams_lent_for_too_long_are_given_back_with_their_keys(cast: Cast) -> None:
    circle = settle(cast, "finn", "mira", "lara")
    run, now = blend(circle), timezone.now()
    old, newer = circle.contributions["mira"], circle.contributions["finn"]
    with tenant(guild=circle.guild):
        Contribution.objects.filter(pk=old).update(lent_at=now - timedelta(days=31))
        Contribution.objects.filter(pk=newer).update(lent_at=now - timedelta(days=29))
    assert give_back_overdue(now=now) == 0  # no such law yet
    give_law(cast.lantern, retention_days="30")
    assert (give_back_overdue(now=now), give_back_overdue(now=now)) == (1, 0)
    with tenant(guild=circle.guild):
        rows = {row.pk: row for row in Contribution.objects.filter(session_id=circle.session.pk)}
        assert {pk: row.state for pk, row in rows.items()} == {
            old: ContributionState.WITHDRAWN,
            newer: ContributionState.LENT,
            circle.contributions["lara"]: ContributionState.LENT,
        }
        assert vault.is_destroyed(key_id=rows[old].key_id)
        assert BlendRun.objects.get(pk=run.pk).state == RunState.SUPERSEDED
        (leaf,) = Leaf.objects.filter(kind="contribution.withdrawn")
        assert b'"actor":"system"' in bytes(leaf.entry)


def test_guild_without_such_a_law_gives_nothing_back_by_itself(cast: Cast) -> None:
    circle = settle(cast, "mira")
    with tenant(guild=circle.guild):
        Contribution.objects.update(lent_at=timezone.now() - timedelta(days=5000))
    give_back()
    with tenant(guild=circle.guild):
        assert Contribution.objects.get(pk=circle.contributions["mira"]).is_lent
    with as_member(cast.mira):
        loans.withdraw(by=cast.mira, contribution_id=circle.contributions["mira"])


def test_plain_recipe_and_old_sessions_go_on_as_before(cast: Cast) -> None:
    run = blend(settle(cast, "finn", "mira"))
    with tenant(guild=run.guild_id):
        session = Session.objects.get(pk=run.session_id)
    assert (run.state, session.experience_version_id, run.experience_version_id) == (
        RunState.FINISHED,
        None,
        None,
    )
