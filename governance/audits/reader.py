"""A process of its own that reads a log ahead of an audit, on a connection of its own that sees the same.

It joins the rows and reads what they say, stretch by stretch; whoever started it judges that meanwhile. It is
given an `Order` on its standard input, and writes an `Answer` for each stretch to its standard output. Where
the log ends or anything is wrong it ends, without a word about what is wrong: whoever started it reads on
from there by itself. It ends too when nobody reads what it writes.
"""

import gc
import os
import pickle
import signal
import sys
from collections.abc import Iterator, Sequence
from queue import Queue
from threading import Thread
from typing import IO, Any, Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg.pq import Format

from governance.audits.account import Packed, account_of, packed
from governance.audits.joining import Joined, Joining
from governance.audits.stretch import STATEMENT, Stretch
from governance.ledger.entry_reader import EntryReader

_BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_SAY: Final = "SELECT set_config('app.guild_id', %s, true)"
_AHEAD: Final = 16
"""Answers that may wait to be taken, so that nobody waits where some stretches take longer than others."""
_NO_MORE: Final = b""
_PATIENCE: Final = 10
"""Seconds to wait for a connection."""


class Order(NamedTuple):
    """What to read: the log of a guild as a snapshot shows it, after what is joined already, so many rows at
    a time; the roots at these sizes are wanted.
    """

    conninfo: str
    snapshot: str
    guild: UUID
    joined: Joined
    wanted: Sequence[int]
    rows: int


class Answer(NamedTuple):
    """What a stretch says, and what the tree comes to with it."""

    told: Packed
    joined: Joined


def answers(order: Order) -> Iterator[Answer]:
    """An answer a stretch, as far as nothing is wrong."""
    tree, reader = Joining(found=[]), EntryReader()
    tree.follow(order.joined)
    tree.want(order.wanted)
    with psycopg.connect(order.conninfo, autocommit=True, connect_timeout=_PATIENCE) as connection:
        for stretch in _stretches(connection, order):
            account = account_of(stretch, reader) if tree.take(stretch) else None
            if account is None:
                return
            yield Answer(packed(account), tree.joined())
            tree.roots.clear()


def _stretches(connection: psycopg.Connection[Any], order: Order) -> Iterator[Stretch]:
    """The rows; the database gets the next together while these are looked at."""
    connection.execute(_BEGIN)
    connection.execute(f"SET TRANSACTION SNAPSHOT '{order.snapshot}'")
    connection.execute(_SAY, [str(order.guild)])
    start = order.joined.size
    stretch = Stretch(*_asked(connection, order, start).fetchall()[0])
    while not stretch.is_empty:
        start += order.rows
        with connection.pipeline():
            following = _asked(connection, order, start)
            yield stretch
        stretch = Stretch(*following.fetchall()[0])


def _asked(connection: psycopg.Connection[Any], order: Order, start: int) -> psycopg.Cursor[Any]:
    cursor = connection.cursor()
    cursor.format = Format.BINARY
    return cursor.execute(STATEMENT, [order.guild, start, order.rows])


def main() -> None:
    """Carry out the order on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides when it ends
    gc.disable()
    to_whom = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 from whoever started it
    ahead: Queue[bytes] = Queue(_AHEAD)
    Thread(target=_write, args=(ahead, to_whom)).start()
    try:
        for answer in answers(order):
            ahead.put(pickle.dumps(answer, 5))
    finally:
        ahead.put(_NO_MORE)


def _write(ahead: "Queue[bytes]", to_whom: IO[bytes]) -> None:
    """Hand over one answer after the other, until there are no more, or nobody reads them."""
    try:
        with to_whom:
            while answer := ahead.get():
                to_whom.write(answer)
                to_whom.flush()
    except BrokenPipeError:
        os._exit(0)
