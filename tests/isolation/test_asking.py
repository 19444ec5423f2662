"""Sockets and tasks: whoever acts for somebody asks the law first, and what does not stands in a list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from colonies.rituals.consumers import _may_hear
from colonies.rituals.routing import websocket_urlpatterns as tonights
from governance.offices import joint
from governance.offices import services as offices
from governance.offices.enums import GuildActKind
from governance.policies.enums import Action
from guild.celery import app
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from lounges.sessions import access
from lounges.sessions.models import Contribution
from lounges.sessions.routing import websocket_urlpatterns as lives
from tests.cast import Cast
from tests.colonies.colony import come_in, found, write
from tests.governance.deliberating import give_law, inside, opened, vote
from tests.isolation.asked import questions
from tests.isolation.unasked import UNASKED_TASKS
from tests.lounges.dreamscapes_circle import request, settle
from tests.lounges.sessions_stage import Stage

Ready = Callable[[Cast, pytest.MonkeyPatch], dict[str, Any]]


def a_blend(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    run = request(settle(cast, "finn", "mira"))
    return {"guild_id": str(run.guild_id), "run_id": str(run.pk)}


def a_vote_that_is_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    others = [cast.finn, cast.lara, cast.ezra, cast.ayla]
    proposal = opened(cast.mira, others, kind="policy", document={"values": {"hosts": "members"}})
    for member in cast.members:
        vote(proposal, member, "yes")
    assert proposal.closes_at is not None
    monkeypatch.setattr("governance.deliberation.clock.database_now", lambda: proposal.closes_at)
    return {"guild_id": str(proposal.guild_id), "proposal_id": str(proposal.pk)}


def any_vote_that_is_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    a_vote_that_is_over(cast, monkeypatch)
    return {}


def a_term_that_is_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(offices, "until_for", lambda guild: timezone.now() - timedelta(days=1))
    with inside(cast.ayla):
        offices.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
    return {}


def a_closing_that_is_due(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    with inside(cast.ayla):
        closing = joint.ask(by=cast.ayla, kind=GuildActKind.CLOSE)
        joint.agree(by=cast.ezra, act=closing.pk)
    later = timezone.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    return {}


def a_dream_lent_for_too_long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    circle = settle(cast, "mira")
    give_law(cast.lantern, retention_days="30")
    with inside(cast.mira):
        before = timezone.now() - timedelta(days=31)
        Contribution.objects.filter(pk=circle.contributions["mira"]).update(lent_at=before)
    return {}


# What each task that acts is given to do, and what it has to ask.
ACTING: dict[str, tuple[Ready, Action]] = {
    "dreamscapes.blend": (a_blend, Action.BLEND),
    "deliberation.turn_one": (a_vote_that_is_over, Action.ENACT_LAW),
    "deliberation.turn": (any_vote_that_is_over, Action.ENACT_LAW),
    "offices.end_terms": (a_term_that_is_over, Action.END_TERM),
    "offices.close_guilds": (a_closing_that_is_due, Action.CLOSE_GUILD),
    "sessions.give_back_overdue": (a_dream_lent_for_too_long, Action.GIVE_BACK),
}


def test_every_task_asks_or_says_why_not() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {*ACTING, *UNASKED_TASKS}
    assert {*ACTING} & {*UNASKED_TASKS} == set()


@pytest.mark.parametrize("name", ACTING)
def test_a_task_that_acts_asks_the_law(name: str, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, action = ACTING[name]
    given = ready(cast, monkeypatch)
    app.loader.import_default_modules()
    with questions() as heard:
        app.tasks[name].run(**given)
    assert action in heard


QUIET_TASKS = sorted(
    {*UNASKED_TASKS} - {"oversight.audit", "exchange.count_cultures", "oversight.audit_every_guild"}
)


@pytest.mark.parametrize("name", QUIET_TASKS)
def test_a_task_of_the_list_asks_nothing(name: str, cast: Cast) -> None:
    app.loader.import_default_modules()
    with questions() as heard:
        app.tasks[name].run()
    assert heard == []


def test_there_are_two_sockets() -> None:
    assert [str(one.pattern) for one in (*lives, *tonights)] == ["ws/", "ws/tonight/"]


def test_whoever_listens_to_a_session_is_asked_about(
    cast: Cast, client_of: Callable[[Membership], Client]
) -> None:
    stage = Stage(cast.ayla)
    stage.join(cast.mira)
    key = client_of(cast.mira).cookies["sessionid"].value
    with questions() as heard:
        access.admit(session_key=key, dreamer=cast.mira.dreamer_id, session_id=stage.session.pk)
    assert heard == [Action.VIEW_SESSION, Action.HEAR_SESSION]


def test_whoever_hears_that_a_ritual_is_kept_is_asked_about_before_each_word(cast: Cast) -> None:
    colony = found(cast.lara)
    come_in(cast.mira, colony, by=cast.lara)
    ritual = write(cast.lara, colony)
    for _ in range(2):
        with questions() as heard:
            assert _may_hear(cast.mira.dreamer_id, cast.lantern.pk, ritual.pk)
        assert heard == [Action.VIEW_COLONY, Action.KEEP_RITUAL]


def test_nobody_administers_past_the_law() -> None:
    """There is no admin site, whose actions would be decided by Django's own permissions."""
    assert [name for name in settings.INSTALLED_APPS if "admin" in name] == []
