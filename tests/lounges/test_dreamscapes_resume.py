"""Runs that lost their worker or their message are found across guilds, by ids alone, and asked for again."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import timezone

from guild.tenancy.context import NOBODY, current, tenant
from guild.tenancy.pulse import Pulse
from lounges.dreamscapes import pulse, selectors, services
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.pulse import SILENCE, pulse_of
from lounges.dreamscapes.tasks import blend
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

A_WHILE = SILENCE + timedelta(seconds=1)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID, UUID]]:
    """Every (guild, run) that a worker is asked for."""
    messages: list[tuple[UUID, UUID]] = []
    monkeypatch.setattr(services, "enqueue_on_commit", lambda *, guild, run: messages.append((guild, run)))
    return messages


def noted(run: BlendRun, **values: Any) -> None:
    with tenant(guild=run.guild_id):
        BlendRun.objects.filter(pk=run.pk).update(**values)


def wait_for_beats(heart: Pulse) -> None:
    deadline = time.monotonic() + 20
    while heart.beats < 2:
        assert time.monotonic() < deadline, "The heart did not beat."
        time.sleep(0.01)


def test_a_lost_message_is_sent_again_after_a_while(cast: Cast, asked: list[tuple[UUID, UUID]]) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))
    assert (services.resume_stalled(now=run.requested_at + SILENCE / 2), asked) == (0, [])
    assert services.resume_stalled(now=run.requested_at + A_WHILE) == 1
    assert asked == [(run.guild_id, run.pk)]
    assert services.resume_stalled(now=run.requested_at + A_WHILE) == 0
    assert services.resume_stalled(now=run.requested_at + 2 * A_WHILE) == 1


def test_a_beating_worker_is_not_disturbed(cast: Cast, asked: list[tuple[UUID, UUID]]) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))
    later = run.requested_at + A_WHILE
    noted(run, state=RunState.RUNNING, heartbeat_at=later - timedelta(seconds=1))
    assert (services.resume_stalled(now=later), asked) == (0, [])


def test_a_silent_worker_is_replaced(cast: Cast, asked: list[tuple[UUID, UUID]]) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))
    noted(run, state=RunState.RUNNING, attempt=1, heartbeat_at=timezone.now() - A_WHILE)
    noted(run, enqueued_at=timezone.now() - A_WHILE)
    assert services.resume_stalled() == 1
    blend(guild_id=str(run.guild_id), run_id=str(run.pk))
    assert (circles.fresh(run).state, circles.fresh(run).attempt) == (RunState.FINISHED, 2)


def test_an_ended_run_is_not_due(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    made = circles.blend(circle)
    failed = circles.request(circle)
    noted(failed, state=RunState.FAILED)
    later = timezone.now() + timedelta(days=400)
    assert {made.pk, failed.pk}.isdisjoint(run for _, run in selectors.due_runs(now=later))


def test_due_runs_of_every_guild_are_found_from_outside_of_all(
    cast: Cast, asked: list[tuple[UUID, UUID]]
) -> None:
    here = circles.request(circles.settle(cast, "ayla", "finn"))
    session = circles.open_session(cast.zed, [cast.zed])
    circles.set_stage(session, cast.zed, "sharing", "associating", "blending")
    there = circles.request(circles.Circle(session, cast.zed, {}))
    assert current() == NOBODY
    services.resume_stalled(now=timezone.now() + A_WHILE)
    assert {(here.guild_id, here.pk), (there.guild_id, there.pk)} <= set(asked)


def test_the_list_of_due_runs_is_closed_to_the_application(cast: Cast) -> None:
    statements = (
        "SELECT * FROM errands.due_run",
        "DELETE FROM errands.due_run",
        "SELECT errands.note_due_run()",
    )
    for statement in statements:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            tenant(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_heartbeat_is_written_while_a_blend_goes_on(
    live_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = circles.request(circles.settle(live_cast, "ayla", "finn"))
    long_ago = timezone.now() - timedelta(hours=1)
    noted(run, state=RunState.RUNNING, attempt=3, heartbeat_at=long_ago)
    monkeypatch.setattr(pulse, "BEAT", 0.01)
    with pulse_of(guild=run.guild_id, run=run.pk, attempt=2) as other:
        wait_for_beats(other)
    assert circles.fresh(run).heartbeat_at == long_ago
    with pulse_of(guild=run.guild_id, run=run.pk, attempt=3) as own:
        wait_for_beats(own)
    assert circles.fresh(run).heartbeat_at > long_ago
