"""Rows of the log joined and heard in one piece: the same as row by row, and nothing wrong gets past."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from struct import pack
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from governance.audits.account import account_of, packed
from governance.audits.replay import Replay, Row
from governance.audits.stretch import Stretch
from governance.ledger import tree
from tests.governance.replayed import GUILD, HOUSE, WrittenLog, altered, founded, lend, other_entry

DREAMS = [UUID(int=100 + number) for number in range(12)]


def written() -> WrittenLog:
    log = founded()
    for dream in DREAMS:
        lend(log, dream, purposes=("blend", "share_in_session"))
        log.use("share_in_session", [dream])
    return log


def in_one_piece(rows: Sequence[Row]) -> Stretch:
    """What the database makes of these rows."""
    return Stretch(
        rows[0].number,
        rows[-1].number,
        "\n".join(row.kind for row in rows),
        b"".join(mark(row) for row in rows),
        b"".join(row.entry for row in rows),
        b"".join(row.leaf_hash for row in rows),
        b"".join(row.subtrees for row in rows),
    )


def mark(row: Row) -> bytes:
    """Which row it is, when it was, in microseconds since 2000, and how long what it holds is."""
    since = datetime.fromisoformat(row.at) - datetime(2000, 1, 1, tzinfo=UTC)
    lengths = (len(row.entry) << 32) + (len(row.leaf_hash) << 16) + len(row.subtrees)
    return pack(">qqq", row.number, since // timedelta(microseconds=1), lengths)


def replay() -> Replay:
    return Replay(guild=str(GUILD), houses=[HOUSE])


def take_in(hearer: Replay, rows: Sequence[Row], lists: Any) -> bool:
    """Whether a replay took these rows in at once."""
    stretch = in_one_piece(rows)
    account = account_of(stretch, hearer.reader)
    if not hearer.tree.take(stretch) or account is None:
        return False
    sent = packed(account).account()
    assert sent == account
    entries = hearer.hear(sent, lists)
    assert entries == {row.number: json.loads(row.entry) for row in rows}
    return True


def known(hearer: Replay) -> Any:
    """What a replay came to."""
    loans = {name: loan.flat() for name, loan in hearer.lendings.loans.items()}
    people = hearer.people
    return hearer.tree.roots, hearer.tree.root(), hearer.found, loans, people.joined, people.sessions


@given(cuts=some.sets(some.integers(1, 66), max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_log_in_pieces_is_the_same_as_row_by_row(cuts: set[int]) -> None:
    log, at_once, one_by_one = written(), replay(), replay()
    for hearer in (at_once, one_by_one):
        hearer.tree.want(range(len(log.rows) + 1))
    for first, last in pairwise((0, *sorted(cut for cut in cuts if cut < len(log.rows)), len(log.rows))):
        assert take_in(at_once, log.rows[first:last], log.lists)
        one_by_one.feed(log.rows[first:last], log.lists)
    assert known(at_once) == known(one_by_one)
    assert at_once.tree.roots[len(log.rows)] == tree.root([row.leaf_hash for row in log.rows])


@given(data=some.data())
@settings(max_examples=80, deadline=None)
def test_a_flipped_bit_anywhere_is_not_taken_in(data: some.DataObject) -> None:
    log = written()
    at = data.draw(some.integers(0, len(log.rows) - 1))
    field = data.draw(some.sampled_from(["entry", "leaf_hash", "subtrees"]))
    value = bytearray(getattr(log.rows[at], field))
    if not value:
        return
    value[data.draw(some.integers(0, len(value) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    log.rows[at] = altered(log.rows[at], **{field: bytes(value)})
    assert not take_in(replay(), log.rows, log.lists)


def moved(rows: list[Row], field: str, *, at: int) -> None:
    """The last byte of a field of one row stands at the beginning of the same field of a later one."""
    later = next(row.number for row in rows[at + 1 :] if getattr(row, field))
    one, two = getattr(rows[at], field), getattr(rows[later], field)
    rows[at] = altered(rows[at], **{field: one[:-1]})
    rows[later] = altered(rows[later], **{field: one[-1:] + two})


@pytest.mark.parametrize("field", ["entry", "leaf_hash", "subtrees"])
def test_a_byte_that_moved_to_the_next_row_is_not_taken_in(field: str) -> None:
    log = written()
    moved(log.rows, field, at=15)
    assert not take_in(replay(), log.rows, log.lists)


@pytest.mark.parametrize(
    "change", [{"kind": "use"}, {"kind": "office.granted\nuse"}, {"at": "2026-11-01T00:00:00.000000Z"}]
)
def test_a_column_that_says_something_else_is_not_taken_in(change: dict[str, str]) -> None:
    log = written()
    log.rows[9] = altered(log.rows[9], **change)
    assert not take_in(replay(), log.rows, log.lists)


def test_an_entry_that_the_ledger_would_not_write_is_not_heard_whatever_its_hash() -> None:
    log = written()
    entry = other_entry(log.rows[9], {'"detail":{': '"detail": {'})
    log.rows[9] = altered(log.rows[9], entry=entry, leaf_hash=tree.leaf_hash(entry))
    hearer = replay()
    assert account_of(in_one_piece(log.rows), hearer.reader) is None


def test_a_missing_row_is_not_taken_in() -> None:
    log = written()
    del log.rows[9]
    assert not take_in(replay(), log.rows, log.lists)
