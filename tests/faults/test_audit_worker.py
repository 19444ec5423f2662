"""A worker that is killed in the middle of an audit costs time, and nothing else."""

import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from governance.audits import services
from governance.audits.enums import AuditState
from governance.audits.models import AuditRun
from governance.audits.pulse import SILENCE
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests import harness
from tests.governance.audited import fresh, settle, standing
from tests.stack import Stack

pytestmark = pytest.mark.fault
PATIENCE = 60
"""Seconds that another process may take on a busy machine."""


@pytest.fixture
def worker(stack: Stack) -> Iterator[Stack]:
    """The running stack; its worker is there again after the test."""
    yield stack
    if "worker" not in stack.processes:
        stack.start("worker")


def awaited(run: AuditRun, state: AuditState) -> AuditRun:
    deadline = time.monotonic() + PATIENCE
    while (now := fresh(run)).state != state:
        assert time.monotonic() < deadline, f"The audit is still {now.state}: {now.failure}"
        time.sleep(0.05)
    return now


def waits_for_a_lock() -> bool:
    with psycopg.connect(harness.SUPERUSER_URL, autocommit=True) as superuser:
        return superuser.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() != (0,)


@pytest.mark.django_db(transaction=True)
def test_an_audit_whose_worker_is_killed_is_ended_by_the_next(worker: Stack) -> None:
    ayla = settle()["ayla"]
    with tenant(guild=ayla.guild_id):
        Membership.objects.filter(pk=ayla.pk).update(offices=["dreamer", "steward"])
    with psycopg.connect(harness.SUPERUSER_URL) as superuser:
        superuser.execute("LOCK TABLE vault.data_key IN ACCESS EXCLUSIVE MODE")
        run = services.request_scheduled_audit(guild=ayla.guild_id)
        deadline = time.monotonic() + PATIENCE
        while not waits_for_a_lock():
            assert time.monotonic() < deadline, "The worker never came to the lock."
            time.sleep(0.05)
        worker.kill("worker")
    killed = fresh(run)
    assert (killed.state, killed.attempt, killed.step) == (AuditState.RUNNING, 1, "database")
    assert killed.cursor["done"] == ["log", "checkpoints"]
    with tenant(guild=ayla.guild_id):
        past = timezone.now() - SILENCE - timedelta(seconds=1)
        AuditRun.objects.filter(pk=run.pk).update(heartbeat_at=past, enqueued_at=past)
    worker.start("worker")
    assert services.resume_audits() == 1
    ended = awaited(run, AuditState.FINISHED)
    assert (ended.attempt, ended.found) == (2, 1)
    assert [(one.rule, one.row) for one in standing(ayla.guild_id)] == [("office.row", str(ayla.pk))]
    with tenant(guild=ayla.guild_id):
        assert Leaf.objects.filter(kind=LeafKind.FINDING_MADE).count() == 1
        assert Leaf.objects.filter(kind=LeafKind.AUDIT_FINISHED).count() == 1
