"""What a guild's log shows to everybody: tiles and entry bundles, as far as a checkpoint covers them.

Each is one statement that joins its bytes in the database: an outsider who verifies a log fetches thousands.
"""

from typing import Any
from uuid import UUID

from django.db import connection

from governance.ledger.errors import LeafMissing
from governance.ledger.tiles import HEIGHT, Tile
from governance.ledger.tree import HASH_SIZE

_JOINED = """
SELECT count(*), string_agg({bytes}, ''::bytea ORDER BY index) FROM ledger_leaf
WHERE guild_id = %(guild)s AND {where}
AND EXISTS (SELECT FROM ledger_checkpoint c WHERE c.guild_id = %(guild)s AND c.size >= %(leaves)s)
"""
_RANGE = "index BETWEEN %(first)s AND %(last)s"
_ENTRIES = _JOINED.format(bytes="substr(int4send(length(entry)), 3) || entry", where=_RANGE)
_LEAVES = _JOINED.format(bytes="leaf_hash", where=_RANGE)
_SUBTREES = _JOINED.format(bytes="substr(subtrees, %(begin)s, %(length)s)", where="index = ANY(%(rows)s)")


def tile_bytes(guild: UUID, tile: Tile) -> bytes:
    """The content of a tile or an entry bundle, inside the guild's tenant.

    Raises LeafMissing where no signed checkpoint covers it: what is not signed is not shown.
    """
    rows = [node.last_leaf for node in tile.nodes]
    told = {"guild": guild, "leaves": tile.leaves, "first": rows[0], "last": rows[-1]}
    if tile.level is None:
        return _joined(_ENTRIES, told, tile)
    if tile.level == 0:
        return _joined(_LEAVES, told, tile)
    begin = HASH_SIZE * (HEIGHT * tile.level - 1) + 1  # counted from one, as SQL does
    return _joined(_SUBTREES, told | {"rows": rows, "begin": begin, "length": HASH_SIZE}, tile)


def _joined(statement: str, told: dict[str, Any], tile: Tile) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        count, content = cursor.fetchone()
    joined = bytes(content or b"")
    if count != tile.width or (tile.level is not None and len(joined) != tile.width * HASH_SIZE):
        raise LeafMissing("No signed checkpoint of this log is that long, or a leaf is missing from it.")
    return joined
