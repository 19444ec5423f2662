"""What the separate witness remembers: one SQLite file, compared and written in a transaction. No Django."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from governance.ledger.note import TreeHead

_TABLE = """
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL
) STRICT
"""
SECONDS = 10.0  # to wait for another writer


class SqliteStore:
    """A store in `folder`/witness.sqlite3. Every write is on the disk before it returns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "witness.sqlite3"
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_TABLE)

    def latest(self, origin: str) -> TreeHead | None:
        """The newest head cosigned, or None."""
        with self._connection() as connection:
            return _latest(connection, origin)

    def advance(self, *, old: TreeHead | None, new: TreeHead, note: str) -> bool:
        """Under the write lock, so that between comparing and writing nobody else writes."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            held = _latest(connection, new.origin)
            if held != old or (held is not None and new.size < held.size):
                connection.execute("ROLLBACK")
                return False
            connection.execute(
                "INSERT INTO seen (origin, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT (origin) "
                "DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note",
                (new.origin, new.size, new.root, note),
            )
            connection.execute("COMMIT")
            return True

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        opened = sqlite3.connect(self._path, timeout=SECONDS, isolation_level=None)
        with closing(opened) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            yield connection


def _latest(connection: sqlite3.Connection, origin: str) -> TreeHead | None:
    row = connection.execute("SELECT size, root FROM seen WHERE origin = ?", (origin,)).fetchone()
    return None if row is None else TreeHead(origin, row[0], row[1])
