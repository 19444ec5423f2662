"""A worker that is killed in the middle of a blend changes nothing but the time it takes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from governance.consent.services import withdraw
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from lounges.dreamscapes import selectors
from lounges.dreamscapes.enums import LIVE, RunState
from lounges.dreamscapes.models import BlendRun, Dreamscape
from lounges.dreamscapes.pulse import SILENCE
from lounges.dreamscapes.queue import BLEND_TASK, QUEUE
from lounges.dreamscapes.services import perform_blend, resume_stalled
from lounges.sessions.enums import EventType
from lounges.sessions.models import SessionEvent
from tests import harness
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles
from tests.stack import Stack

pytestmark = pytest.mark.fault


@pytest.fixture
def worker(stack: Stack) -> Iterator[Stack]:
    """The running stack; its worker is there again after the test."""
    yield stack
    if "worker" not in stack.processes:
        stack.start("worker")


@contextmanager
def held(statement: str, *values: object) -> Iterator[None]:
    """A lock that every other process has to wait for, until the block ends."""
    with psycopg.connect(harness.SUPERUSER_URL) as superuser:
        superuser.execute(statement, list(values))
        yield


def silenced(run: BlendRun) -> None:
    """Let a while pass for the run, as for one whose worker is gone."""
    past = timezone.now() - SILENCE - timedelta(seconds=1)
    with tenant(guild=run.guild_id):
        BlendRun.objects.filter(pk=run.pk, state__in=LIVE).update(heartbeat_at=past, enqueued_at=past)


def recorded(run: BlendRun) -> dict[str, int]:
    """How often each thing that happens once in a run's life is recorded."""
    with tenant(guild=run.guild_id):
        kinds = (LeafKind.BLEND_REQUESTED, LeafKind.DREAMSCAPE_MADE, LeafKind.BLEND_FAILED)
        told = (EventType.BLEND_REQUESTED, EventType.BLEND_FINISHED, EventType.BLEND_FAILED)
        return {
            **{f"leaf {kind}": Leaf.objects.filter(kind=kind).count() for kind in kinds},
            **{f"event {kind}": SessionEvent.objects.filter(type=kind).count() for kind in told},
            "dreamscapes": Dreamscape.objects.count(),
        }


ONCE = {
    "leaf blend.requested": 1,
    "leaf dreamscape.made": 1,
    "leaf blend.failed": 0,
    "event blend.requested": 1,
    "event blend.finished": 1,
    "event blend.failed": 0,
    "dreamscapes": 1,
}


def test_a_worker_makes_what_was_asked_for(live_cast: Cast, worker: Stack) -> None:
    run = circles.awaited(circles.request(circles.settle(live_cast)), RunState.FINISHED, RunState.FAILED)
    assert (run.state, run.attempt, recorded(run)) == (RunState.FINISHED, 1, ONCE)


def killed_while_running(worker: Stack, circle: circles.Circle, *lock: object) -> BlendRun:
    """A run whose worker is killed at the place where it has to wait for `lock`."""
    worker.stop("worker")
    run = circles.request(circle)
    with held(*lock):
        worker.start("worker")
        circles.awaited(run, RunState.RUNNING)
        waited_for_a_lock()
        worker.kill("worker")
    return circles.fresh(run)


def waited_for_a_lock() -> None:
    deadline = time.monotonic() + circles.PATIENCE
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with psycopg.connect(harness.SUPERUSER_URL, autocommit=True) as superuser:
        while superuser.execute(query).fetchone() == (0,):
            assert time.monotonic() < deadline, "The worker never came to the lock."
            time.sleep(0.02)


def test_a_worker_killed_before_it_opens_anything(live_cast: Cast, worker: Stack) -> None:
    circle = circles.settle(live_cast)
    ledger = ("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", 0x1ED6E4, str(circle.guild))
    run = killed_while_running(worker, circle, *ledger)
    assert (run.state, run.attempt, run.use_leaf) == (RunState.RUNNING, 1, None)
    silenced(run)
    worker.start("worker")
    assert resume_stalled() == 1
    assert circles.awaited(run, RunState.FINISHED).attempt == 2
    assert recorded(run) == ONCE


def test_a_worker_killed_while_it_stores_leaves_no_half(live_cast: Cast, worker: Stack) -> None:
    circle = circles.settle(live_cast)
    run = killed_while_running(worker, circle, "LOCK TABLE dreamscapes_dreamscape IN ACCESS EXCLUSIVE MODE")
    assert recorded(run) == ONCE | {"leaf dreamscape.made": 0, "event blend.finished": 0, "dreamscapes": 0}
    silenced(run)
    worker.start("worker")
    assert resume_stalled() == 1
    made = circles.awaited(run, RunState.FINISHED)
    assert recorded(run) == ONCE
    undisturbed = circles.awaited(circles.request(circle), RunState.FINISHED)
    assert undisturbed.outputs_digest == made.outputs_digest


def test_beat_finds_a_lost_run_by_itself(live_cast: Cast, worker: Stack) -> None:
    circle = circles.settle(live_cast, "ayla", "finn")
    ledger = ("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", 0x1ED6E4, str(circle.guild))
    run = killed_while_running(worker, circle, *ledger)
    worker.start("worker", "beat")
    try:
        assert circles.awaited(run, RunState.FINISHED).attempt == 2
    finally:
        worker.stop("beat")
    assert recorded(run) == ONCE


def test_a_message_delivered_twice_makes_one_dreamscape(live_cast: Cast, worker: Stack) -> None:
    worker.stop("worker")
    circle = circles.settle(live_cast)
    run = circles.request(circle)
    ids = {"guild_id": str(run.guild_id), "run_id": str(run.pk)}
    for _ in range(3):
        current_app.send_task(BLEND_TASK, kwargs=ids, queue=QUEUE)
    worker.start("worker")
    circles.awaited(run, RunState.FINISHED)
    circles.awaited(circles.request(circle), RunState.FINISHED)  # the others came to nothing before it
    assert recorded(run) == {name: 2 * count for name, count in ONCE.items()}


def test_two_workers_at_once_make_one_dreamscape(live_cast: Cast, worker: Stack) -> None:
    worker.stop("worker")
    run = circles.request(circles.settle(live_cast))

    def work() -> None:
        perform_blend(guild_id=run.guild_id, run_id=run.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert (circles.fresh(run).state, circles.fresh(run).attempt) == (RunState.FINISHED, 1)
    assert recorded(run) == ONCE


def test_withdrawals_and_blends_at_once_never_leave_a_withdrawn_dream(live_cast: Cast, worker: Stack) -> None:
    """Whoever takes the ledger first: the dream is not stored, or its dreamscape is superseded."""
    circle = circles.settle(live_cast)
    run = circles.request(circle)
    withdraw(by=live_cast.mira, contribution=circle.contributions["mira"])
    ended = circles.awaited(run, RunState.FINISHED, RunState.SUPERSEDED)
    if ended.state == RunState.SUPERSEDED:
        with tenant(guild=run.guild_id):
            ended = selectors.replacement_of(ended)
        ended = circles.awaited(ended, RunState.FINISHED)
    with tenant(guild=run.guild_id):
        voices = {row["voice"] for row in selectors.open_dreamscape(ended).document["report"]["voices"]}
    assert voices == {str(one) for name, one in circle.contributions.items() if name != "mira"}
