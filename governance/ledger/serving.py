"""What a guild's log shows to everybody: tiles and entry bundles, as far as a checkpoint covers them."""

from uuid import UUID

from governance.ledger.errors import LeafMissing
from governance.ledger.models import Leaf
from governance.ledger.selectors import latest_checkpoint, stored_nodes
from governance.ledger.tiles import WIDTH, Tile, make_bundle


def tile_bytes(guild: UUID, tile: Tile) -> bytes:
    """The content of a tile or an entry bundle, inside the guild's tenant.

    Raises LeafMissing where no signed checkpoint covers it: what is not signed is not shown.
    """
    checkpoint = latest_checkpoint(guild)
    if checkpoint is None or tile.leaves > checkpoint.size:
        raise LeafMissing("No signed checkpoint of this log is that long.")
    if tile.level is None:
        return make_bundle(_entries(guild, tile))
    hashes = stored_nodes(guild, tile.nodes)
    return b"".join(hashes[node] for node in tile.nodes)


def _entries(guild: UUID, bundle: Tile) -> list[bytes]:
    first = bundle.index * WIDTH
    rows = (
        Leaf.objects.filter(guild_id=guild, index__gte=first, index__lt=first + bundle.width)
        .order_by("index")
        .values_list("entry", flat=True)
    )
    entries = [bytes(entry) for entry in rows]
    if len(entries) < bundle.width:
        raise LeafMissing("A leaf is missing from this log.")
    return entries
