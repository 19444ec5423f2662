"""Every background task: what it is given, and that a wrong guild gives it nothing to work on."""

from typing import Any
from uuid import uuid4

import pytest

from guild.celery import app
from guild.tenancy.context import NOBODY, current, tenant
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from tests.isolation.world import World, make_world

# Every task with the names of what it is given: ids alone, never words.
TASKS: dict[str, set[str]] = {
    "portal.heartbeat": set(),
    "portal.forget_staged": set(),
    "reminders.send_due": set(),
    "notifications.send_due": set(),
    "sessions.tell_soon": set(),
    "exchange.tell_letters": set(),
    "oversight.audit": {"guild_id", "run_id"},
    "oversight.audit_every_guild": set(),
    "oversight.resume_audits": set(),
    "oversight.remind": set(),
    "dreamscapes.blend": {"guild_id", "run_id"},
    "dreamscapes.resume_stalled": set(),
    "ledger.checkpoint": set(),
    "exchange.count_cultures": set(),
    "sessions.give_back_overdue": set(),
    "offices.end_terms": set(),
    "offices.close_guilds": set(),
    "deliberation.turn": set(),
    "deliberation.turn_one": {"guild_id", "proposal_id"},
}


@pytest.fixture(autouse=True)
def _all_tasks_are_known() -> None:
    app.loader.import_default_modules()


@pytest.fixture
def world(cast: Any) -> World:
    return make_world(cast)


def arguments_of(name: str) -> set[str]:
    return set(app.tasks[name].run.__annotations__) - {"return"}


def test_every_task_is_in_the_table_with_what_it_is_given() -> None:
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert {name: arguments_of(name) for name in ours} == TASKS


def test_every_scheduled_task_exists() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(TASKS)


@pytest.mark.parametrize("stranger", ["harbour", "nobody's"])
def test_a_run_of_another_guild_is_not_found_by_the_worker(world: World, stranger: str) -> None:
    guild = world.cast.harbour.pk if stranger == "harbour" else uuid4()
    with tenant(guild=world.cast.lantern.pk):
        BlendRun.objects.filter(pk=world.run).update(state=RunState.REQUESTED)
    app.tasks["dreamscapes.blend"].run(guild_id=str(guild), run_id=str(world.run))
    with tenant(guild=world.cast.lantern.pk):
        assert BlendRun.objects.get(pk=world.run).state == RunState.REQUESTED
    assert current() == NOBODY


def test_a_task_with_no_guild_fails_and_sees_nothing(world: World) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        app.tasks["dreamscapes.blend"].run(guild_id="", run_id=str(world.run))
    assert BlendRun.objects.count() == 0
