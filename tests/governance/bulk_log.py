"""A long log in little time: leaves as they would have been appended, copied in as the superuser."""

from uuid import UUID

import psycopg

from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.models import Checkpoint
from governance.ledger.tree import completed_subtrees, leaf_hash
from guild.tenancy.context import tenant

ENTRY = (
    '{"actor":"system","at":"2026-11-01T00:00:00.000000Z","detail":{"lounge":"n%d"},'
    '"kind":"lounge.made","policy_set":"","subjects":[]}'
)
COPY = "COPY ledger_leaf (guild_id, index, kind, at, entry, leaf_hash, subtrees) FROM STDIN"
FLIPPED = (
    "UPDATE ledger_leaf SET {column} = set_bit({column}, %(bit)s, 1 - get_bit({column}, %(bit)s)) "
    "WHERE guild_id = %(guild)s AND index = %(leaf)s"
)
FLIPPED_NOTE = (
    "UPDATE ledger_checkpoint SET note = convert_from(set_bit(convert_to(note, 'UTF8'), %(bit)s, "
    "1 - get_bit(convert_to(note, 'UTF8'), %(bit)s)), 'UTF8') WHERE guild_id = %(guild)s AND size = %(size)s"
)


class BulkLog:
    """The log of a guild without leaves, as far as it has grown here."""

    def __init__(self, guild: UUID, superuser: psycopg.Connection) -> None:
        self.guild, self.size = guild, 0
        self._superuser = superuser
        self._edge: list[bytes] = []

    def grow_to(self, size: int) -> None:
        """Add leaves until there are so many."""
        with self._superuser.cursor().copy(COPY) as copy:
            for index in range(self.size, size):
                entry = (ENTRY % index).encode()
                hashed = leaf_hash(entry)
                joined = self._join(index, hashed)
                row = (self.guild, index, "lounge.made", "2026-11-01T00:00Z", entry, hashed, b"".join(joined))
                copy.write_row(row)
        self.size = size

    def sign(self) -> Checkpoint:
        """Sign it as it is."""
        with tenant(guild=self.guild):
            return checkpoint_now(guild=self.guild)

    def flip(self, column: str, *, leaf: int, bit: int) -> None:
        """Turn one bit in a leaf's row, or with `note` in the newest checkpoint; twice, and it is back."""
        row = {"bit": bit, "guild": self.guild, "leaf": leaf, "size": self.size}
        self._superuser.execute("SET session_replication_role = replica")
        self._superuser.execute(FLIPPED_NOTE if column == "note" else FLIPPED.format(column=column), row)
        self._superuser.execute("SET session_replication_role = origin")

    def _join(self, index: int, hashed: bytes) -> tuple[bytes, ...]:
        siblings = []
        while index & 1:
            siblings.append(self._edge.pop())
            index >>= 1
        joined = completed_subtrees(hashed, siblings)
        self._edge.append(joined[-1] if joined else hashed)
        return joined
