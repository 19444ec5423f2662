"""An audit from request to end: who may ask, what a killed worker leaves, and what two at once do."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from governance.audits import pulse, registry, running, services
from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import AuditState
from governance.audits.examination import Examination
from governance.audits.models import AuditRun, Finding
from governance.audits.pulse import SILENCE
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests import harness
from tests.governance.audited import audit, fresh, settle, standing

FLAWS = [Discrepancy("log.time", leaf) for leaf in range(3)]


@pytest.fixture
def members(db: None) -> dict[str, Membership]:
    return settle()


def leaves_of(member: Membership, *kinds: LeafKind) -> list[tuple[str, str]]:
    """(kind, actor) of the leaves of these kinds."""
    with tenant(guild=member.guild_id):
        rows = Leaf.objects.filter(guild_id=member.guild_id, kind__in=kinds).order_by("index")
        return [(row.kind, str(decode(bytes(row.entry)).actor)) for row in rows]


def test_a_sound_guild_gives_no_finding_and_the_audit_says_what_it_looked_at(
    members: dict[str, Membership],
) -> None:
    guild = members["ayla"].guild_id
    run = audit(guild)
    assert standing(guild) == []
    assert (run.state, run.found, run.failure) == (AuditState.FINISHED, 0, "")
    assert (run.checked["members"], run.checked["leaves"] <= run.size) == (5, True)
    with tenant(guild=guild):
        ended = Leaf.objects.get(guild_id=guild, index=run.ended_leaf)
    said = decode(bytes(ended.entry)).detail
    assert ended.kind == LeafKind.AUDIT_FINISHED
    assert (said["size"], said["root"], said["found"]) == (run.size, run.root, 0)
    assert audit(guild).found == 0


@pytest.mark.parametrize("name", ["ayla", "finn", "lara", "mira"])
def test_only_an_enforcer_may_ask(members: dict[str, Membership], name: str) -> None:
    member = members[name]
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id), pytest.raises(Denied):
        services.request_audit(by=member)


def test_while_an_audit_is_on_its_way_another_request_is_that_one(members: dict[str, Membership]) -> None:
    ezra = members["ezra"]
    with tenant(guild=ezra.guild_id, dreamer=ezra.dreamer_id):
        first = services.request_audit(by=ezra)
        second = services.request_audit(by=ezra)
    assert (first.pk, first.requested_by) == (second.pk, ezra)
    assert services.request_scheduled_audit(guild=ezra.guild_id).pk == first.pk
    asked = [(LeafKind.AUDIT_REQUESTED.value, str(ezra.pseudonym))]
    assert leaves_of(ezra, LeafKind.AUDIT_REQUESTED) == asked


def test_a_worker_that_dies_leaves_the_audit_to_the_next_which_goes_on_behind_it(
    members: dict[str, Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = members["ayla"].guild_id
    looked: list[str] = []
    dies = [True]

    def watched(check: registry.Check) -> registry.Check:
        def look(examination: Examination) -> Iterator[Discrepancy]:
            looked.append(check.name)
            if check.name == "members" and dies.pop():
                raise RuntimeError("the worker is killed")
            yield from check.look(examination)

        return replace(check, look=look)

    steps = [watched(check) for check in registry.every_check()]
    monkeypatch.setattr(running, "every_check", lambda: steps)
    run = services.request_scheduled_audit(guild=guild)
    with pytest.raises(RuntimeError):
        services.perform_audit(guild_id=guild, run_id=run.pk)
    killed = fresh(run)
    assert (killed.state, killed.step, killed.cursor["done"]) == (
        AuditState.RUNNING,
        "members",
        ["log", "checkpoints", "database"],
    )
    services.perform_audit(guild_id=guild, run_id=run.pk)  # its heart was beating a moment ago
    assert fresh(run).attempt == 1
    assert services.resume_audits(now=timezone.now() + SILENCE + timedelta(seconds=1)) == 1
    with tenant(guild=guild):
        AuditRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - SILENCE * 2)
    looked.clear()
    dies.append(False)
    services.perform_audit(guild_id=guild, run_id=run.pk)
    ended = fresh(run)
    assert (ended.state, ended.attempt, ended.found) == (AuditState.FINISHED, 2, 0)
    assert looked == ["members", "references", "subjects", "keys", "results", *looked[5:]]
    assert leaves_of(members["ayla"], LeafKind.AUDIT_FINISHED) == [("audit.finished", "system")]
    assert services.resume_audits(now=timezone.now() + timedelta(days=1)) == 0


def test_an_audit_that_no_worker_brings_to_its_end_is_given_up(members: dict[str, Membership]) -> None:
    guild = members["ayla"].guild_id
    run = services.request_scheduled_audit(guild=guild)
    with tenant(guild=guild):
        AuditRun.objects.filter(pk=run.pk).update(attempt=running.MOST_ATTEMPTS)
    services.perform_audit(guild_id=guild, run_id=run.pk)
    ended = fresh(run)
    assert (ended.state, ended.failure) == (AuditState.FAILED, running.GIVEN_UP)
    assert services.request_scheduled_audit(guild=guild).pk != run.pk


def breaking(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of that name cannot be made."""

    def look(examination: Examination) -> Iterator[Discrepancy]:
        yield Discrepancy("log.time", 1)
        raise RuntimeError("It breaks.")

    steps = [replace(one, look=look) if one.name == name else one for one in registry.every_check()]
    monkeypatch.setattr(running, "every_check", lambda: steps)


def last_attempt(guild: UUID) -> AuditRun:
    """An audit by the last worker that may try."""
    run = services.request_scheduled_audit(guild=guild)
    with tenant(guild=guild):
        AuditRun.objects.filter(pk=run.pk).update(attempt=running.MOST_ATTEMPTS - 1)
    services.perform_audit(guild_id=guild, run_id=run.pk)
    return fresh(run)


def test_a_check_that_breaks_for_every_worker_is_found_and_the_others_are_made(
    members: dict[str, Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    guild, lara = members["lara"].guild_id, members["lara"]
    with tenant(guild=guild):
        Membership.objects.filter(pk=lara.pk).update(ended_at=timezone.now())
    audit(guild)
    breaking("members", monkeypatch)
    run = last_attempt(guild)
    found = [(one.rule, one.row) for one in standing(guild)]
    assert (run.state, found) == ("finished", [("member.row", str(lara.pk)), ("audit.check", "members")])
    assert run.cursor["done"] == [check.name for check in registry.every_check()]


def test_where_the_log_cannot_be_heard_no_check_is_made_without_it(
    members: dict[str, Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = members["lara"].guild_id
    breaking("log", monkeypatch)
    assert last_attempt(guild).state == "finished"
    found = {(one.rule, one.row) for one in standing(guild)}
    assert found == {("audit.check", check.name) for check in registry.every_check()}


def test_more_findings_of_a_rule_than_are_recorded_are_not_taken_for_gone(
    members: dict[str, Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    guild, flaws = members["ayla"].guild_id, list(FLAWS)
    flawed = registry.Check("flawed", "Flaws", lambda examination: iter(flaws), ())
    monkeypatch.setattr(running, "every_check", lambda: [flawed])
    audit(guild)
    monkeypatch.setattr(running, "MOST_A_RULE", 2)
    run = audit(guild)
    assert (run.cursor["left_out"], run.found, len(standing(guild))) == (["log.time"], 2, 3)
    flaws.clear()
    assert (audit(guild).found, standing(guild)) == (0, [])


def test_an_audit_of_another_guild_is_nobodys(members: dict[str, Membership]) -> None:
    run = services.request_scheduled_audit(guild=members["ayla"].guild_id)
    services.perform_audit(guild_id=uuid4(), run_id=run.pk)
    assert fresh(run).state == AuditState.REQUESTED


def test_the_command_says_what_it_found_and_exits_with_one(
    members: dict[str, Membership], superuser: psycopg.Connection
) -> None:
    settle("The Harbour Guild", "harbour")
    mira, said = members["mira"], StringIO()
    call_command("audit", guild="harbour", stdout=said)
    with tenant(guild=mira.guild_id):
        Membership.objects.filter(pk=mira.pk).update(offices=[Office.DREAMER, Office.ENFORCER])
    with pytest.raises(SystemExit) as ended:
        call_command("audit", stdout=said)
    assert ended.value.code == 1
    lines = said.getvalue().splitlines()
    found = [line for line in lines if line.startswith("  [critical]")]
    assert [line.endswith("nothing found.") for line in lines if "Harbour" in line] == [True, True]
    assert len(found) == 1
    assert "A member holds other offices than the log says." in found[0]
    assert f"tenancy_membership {mira.pk}" in found[0]
    with pytest.raises(CommandError, match="There are: "):
        call_command("audit", guild="nowhere")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_makes_the_audit() -> None:
    guild = settle()["ayla"].guild_id
    run = services.request_scheduled_audit(guild=guild)

    def work() -> None:
        try:
            services.perform_audit(guild_id=guild, run_id=run.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (fresh(run).state, fresh(run).attempt) == (AuditState.FINISHED, 1)
    with tenant(guild=guild):
        assert Leaf.objects.filter(guild_id=guild, kind=LeafKind.AUDIT_FINISHED).count() == 1
        assert Finding.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_an_audit_looks_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is appointed between the reading of the log and that of the members."""
    from governance.offices import services as offices

    members = settle()
    ayla, mira = members["ayla"], members["mira"]
    guild, looked = ayla.guild_id, []

    def appointing(check: registry.Check) -> registry.Check:
        def look(examination: Examination) -> Iterator[Discrepancy]:
            examination.catch_up()
            if check.name == "members" and not looked:
                looked.append(check.name)
                other = threading.Thread(target=appoint)
                other.start()
                other.join()
            yield from check.look(examination)

        return replace(check, look=look)

    def appoint() -> None:
        try:
            with tenant(guild=guild, dreamer=ayla.dreamer_id):
                offices.appoint(by=ayla, member=mira, office=Office.ENFORCER)
        finally:
            connection.close()

    steps = [appointing(check) for check in registry.every_check()]
    monkeypatch.setattr(running, "every_check", lambda: steps)
    run = audit(guild)
    assert (looked, run.found) == (["members"], 0)
    with tenant(guild=guild):
        assert Office.ENFORCER in Membership.objects.get(pk=mira.pk).offices


@pytest.mark.django_db(transaction=True)
def test_how_far_an_audit_is_can_be_read_while_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    guild = settle()["ayla"].guild_id
    monkeypatch.setattr(pulse, "BEAT", 0.01)
    run, seen = services.request_scheduled_audit(guild=guild), []

    def look(examination: Examination) -> Iterator[Discrepancy]:
        examination.of = 50
        examination.count("things", 7)
        deadline = time.monotonic() + 30
        while (now := read_by_another(run)) != (7, 50):
            assert time.monotonic() < deadline, now
        seen.append(now)
        yield from ()

    slow = registry.Check("slow", "Something slow", look, ())
    monkeypatch.setattr(running, "every_check", lambda: [slow])
    services.perform_audit(guild_id=guild, run_id=run.pk)
    assert (seen, fresh(run).checked) == ([(7, 50)], {"things": 7})
    assert registry.title_of("log") == "The log, leaf by leaf"


def read_by_another(run: AuditRun) -> tuple[int, int]:
    """What a page would read meanwhile, over a connection of its own."""
    query = "SELECT done, of FROM oversight_audit WHERE id = %s"
    with psycopg.connect(harness.SUPERUSER_URL) as other:
        done, of = other.execute(query, [run.pk]).fetchone() or (0, 0)
    return done, of
