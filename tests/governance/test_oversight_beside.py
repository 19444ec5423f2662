"""A log that another process reads ahead: the same as one that is read here, and nobody is left behind."""

import os
import pickle
import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from governance.audits import beside, examination, reading
from governance.audits.discrepancies import Discrepancy
from governance.audits.examination import Examination
from governance.audits.joining import Joined, Joining
from governance.audits.reader import Answer, Order
from governance.audits.replay import Replay
from governance.audits.snapshots import snapshot, snapshot_name
from governance.ledger import tree
from tests.governance.replayed import GUILD, HOUSE, WrittenLog, founded, lend

ROWS = 16
DREAMS = [UUID(int=100 + number) for number in range(16)]
COPY = "COPY ledger_leaf (guild_id, index, kind, at, entry, leaf_hash, subtrees) FROM STDIN"
LISTED = (
    "INSERT INTO consent_use_subject (id, guild_id, dreamer_id, use_id, contribution, commitment, position, "
    'purpose, "on", subject, count, leaf_index, at) '
    "VALUES (%s, %s, %s, %s, %s, %s, 0, 'share_in_session', 'session', %s, 1, %s, now())"
)
DONE = {
    "nothing": "SELECT 1",
    "an entry": "UPDATE ledger_leaf SET entry = set_bit(entry, 900, 1 - get_bit(entry, 900)) "
    "WHERE index = 40",
    "a hash": "UPDATE ledger_leaf SET leaf_hash = set_bit(leaf_hash, 9, 1 - get_bit(leaf_hash, 9)) "
    "WHERE index = 40",
    "a node": "UPDATE ledger_leaf SET subtrees = set_bit(subtrees, 9, 1 - get_bit(subtrees, 9)) "
    "WHERE index = 41",
    "a kind": "UPDATE ledger_leaf SET kind = 'use' WHERE index = 40",
    "a time": "UPDATE ledger_leaf SET at = at + interval '1 microsecond' WHERE index = 40",
    "a gap": "DELETE FROM ledger_leaf WHERE index = 40",
    "a list": "DELETE FROM consent_use_subject WHERE leaf_index = (SELECT max(leaf_index) "
    "FROM consent_use_subject)",
    "the beginning": "DELETE FROM ledger_leaf WHERE index = 0",
}
"""What is done to the log, as the superuser."""

AFTER_ONE = (
    "from itertools import islice; from governance.audits import reader; whole = reader.answers; "
    "reader.answers = lambda order: islice(whole(order), 1); reader.main(); raise SystemExit(3)"
)


@pytest.fixture
def log(transactional_db: None, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> WrittenLog:
    """A log that is committed, of some stretches, which are worth a process."""
    for module in (examination, reading):
        monkeypatch.setattr(module, "BLOCK", ROWS)
    monkeypatch.setattr(examination, "MEANWHILE", 1)
    monkeypatch.setattr(beside, "WORTH_IT", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    log = founded()
    for dream in DREAMS:
        lend(log, dream, purposes=("blend", "share_in_session"))
        log.use("share_in_session", [dream])
    superuser.execute("SET session_replication_role = replica")
    with superuser.cursor().copy(COPY) as copy:
        for row in log.rows:
            copy.write_row((GUILD, *row))
    for index, ((commitment, contribution),) in log.lists.items():
        values = (uuid4(), GUILD, uuid4(), uuid4(), UUID(bytes=contribution), commitment, uuid4(), index)
        superuser.execute(LISTED, values)
    return log


def examined() -> Examination:
    examination = Examination(
        guild=GUILD, replay=Replay(guild=str(GUILD), houses=[HOUSE]), seed="", at=datetime.now(UTC)
    )
    examination.replay.tree.want(range(100))
    return examination


def heard(*, with_another: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What an examination of the whole log comes to."""
    monkeypatch.setattr(beside, "WORTH_IT", 1 if with_another else 10_000)
    one, blocks, found = examined(), [], list[Discrepancy]()
    with snapshot(GUILD):
        for block in one.blocks():
            blocks.append((block.first, block.last, dict(block.leaves)))
            found += one.take()
    lendings = one.replay.lendings
    loans = {name: loan.flat() for name, loan in lendings.loans.items()}
    return blocks, found, one.replay.tree.joined(), loans, one.replay.people.joined, lendings.uses_checked


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """The processes that were started."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def starting(*given: Any, **more: Any) -> "subprocess.Popen[bytes]":
        processes.append(start(*given, **more))
        return processes[-1]

    monkeypatch.setattr(beside.subprocess, "Popen", starting)
    return processes


@pytest.mark.parametrize("what", DONE)
def test_a_log_that_another_process_reads_comes_to_the_same(
    log: WrittenLog,
    superuser: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    started: list["subprocess.Popen[bytes]"],
    what: str,
) -> None:
    superuser.execute(DONE[what])
    together = heard(with_another=True, monkeypatch=monkeypatch)
    assert together == heard(with_another=False, monkeypatch=monkeypatch)
    assert bool(together[1]) == (what != "nothing")
    was_not_asked = -signal.SIGKILL
    assert [process.returncode for process in started] == [was_not_asked if what == "the beginning" else 0]
    if what == "nothing":
        assert together[2].roots[len(log.rows)] == tree.root([row.leaf_hash for row in log.rows])


@pytest.mark.parametrize("with_another", [True, False])
def test_a_clean_log_is_never_read_row_by_row(
    log: WrittenLog, monkeypatch: pytest.MonkeyPatch, with_another: bool
) -> None:
    """Or an audit would take far longer, and nobody would see why."""
    answers: list[Any] = []
    follow = Joining.follow
    monkeypatch.setattr(
        Joining, "follow", lambda self, joined: (answers.append(joined), follow(self, joined))
    )
    monkeypatch.setattr(examination, "rows_between", None)
    blocks, *_ = heard(with_another=with_another, monkeypatch=monkeypatch)
    assert len(answers) == (len(blocks) - 1 if with_another else 0)


@pytest.mark.parametrize("command", ["raise SystemExit(3)", AFTER_ONE, "print('no answer')"])
def test_where_the_other_process_fails_this_one_reads_on(
    log: WrittenLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    monkeypatch.setattr(beside, "_COMMAND", (sys.executable, "-c", command))
    together = heard(with_another=True, monkeypatch=monkeypatch)
    assert together == heard(with_another=False, monkeypatch=monkeypatch)
    assert together[1] == []
    failed = "The process that reads a log ended with 3; this one reads on."
    assert caplog.messages == ([failed] if "SystemExit" in command else [])


def test_where_no_process_can_be_started_this_one_reads(
    log: WrittenLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(beside, "_COMMAND", ("/nowhere/at/all",))
    assert heard(with_another=True, monkeypatch=monkeypatch)[2].size == len(log.rows)
    assert len(caplog.messages) == 1


def test_who_stops_reading_leaves_no_process_behind(
    log: WrittenLog, started: list["subprocess.Popen[bytes]"]
) -> None:
    with snapshot(GUILD):
        blocks = examined().blocks()
        next(blocks)
        assert [process.poll() for process in started] in ([None], [0])
        blocks.close()
    assert [process.returncode is not None for process in started] == [True]


def test_a_process_whose_answers_nobody_reads_ends_by_itself(
    log: WrittenLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when whoever started it was killed."""
    with snapshot(GUILD):
        joined = Joined(0, (), {})
        order = Order(beside.conninfo(), str(snapshot_name()), GUILD, joined, [], 1)
        pipe = subprocess.PIPE
        command, folder = beside._COMMAND, settings.BASE_DIR
        with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            pickle.dump(order, process.stdin)
            process.stdin.close()
            first: Answer = pickle.load(process.stdout)
            process.stdout.close()
            assert process.wait(timeout=30) == 0
    assert (first.told.first, first.joined.size) == (0, 1)


def test_a_view_of_what_is_not_committed_is_not_shared(
    log: WrittenLog, started: list["subprocess.Popen[bytes]"]
) -> None:
    one = examined()
    with transaction.atomic(), snapshot(GUILD):
        assert snapshot_name() is None
        assert len(list(one.blocks())) > 1
    assert (one.size, started) == (len(log.rows), [])


def test_another_connection_sees_what_the_snapshot_sees(
    log: WrittenLog, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written meanwhile is for the next to read."""
    one = examined()
    with snapshot(GUILD):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_leaf")
        superuser.execute("DELETE FROM ledger_leaf WHERE index > 20")
        assert [block.first for block in one.blocks()] == list(range(0, len(log.rows), ROWS))
    assert (one.size, one.take()) == (len(log.rows), [])
