"""Verifying a log from outside, trusting nobody who serves it. Pure: bytes are fetched by a function given.

Every entry is hashed, every tile compared with what the entries hash to, and the root with the one that was
signed. What was signed at an earlier visit must be the beginning of what is signed now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from governance.ledger.errors import LogRejected, NoteMalformed, SignatureRejected
from governance.ledger.note import TreeHead, Verifier, cosigned_at, open_note
from governance.ledger.tile_tree import Filled, TileTree
from governance.ledger.tiles import bundles_of, split_bundle, split_tile
from governance.ledger.tree import leaf_hash

Fetch = Callable[[str], bytes]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Trust:
    """What an outsider brings along: the log's key, witnesses, and how many of these must have signed."""

    key: Verifier
    witnesses: Sequence[Verifier] = ()
    quorum: int = 0


@dataclass
class Visit:
    """One verification of the log that `fetch` reads (paths below its prefix); `say` hears each step."""

    fetch: Fetch
    trust: Trust
    say: Say
    _tree: TileTree = field(default_factory=TileTree)
    _tiles: int = 0

    def verify(self, *, before: bytes | None = None) -> bytes:
        """Verify the whole log; its checkpoint, to be kept and given as `before` the next time.

        Raises LogRejected with one sentence that says what does not hold.
        """
        note = self.fetch("checkpoint")
        head = self._read_checkpoint(note)
        earlier = None if before is None else self._read_earlier(before, head)
        for hashed in self._leaves(head.size):
            for filled in self._tree.append(hashed):
                self._compare_tile(filled)
            if earlier is not None and self._tree.size == earlier.size:
                self._compare_earlier(earlier)
        for filled in self._tree.partial():
            self._compare_tile(filled)
        self.say(f"Entries: {head.size:,} hashed; tiles: {self._tiles:,} compared with them.")
        if self._tree.root() != head.root:
            raise LogRejected("The entries do not hash to the root that was signed: this is not the log.")
        self.say("Root: the entries hash to the root that was signed.")
        return note

    def _read_checkpoint(self, note: bytes) -> TreeHead:
        head = self._opened(note, "The checkpoint")
        self.say(f"Checkpoint: {head.size:,} leaves of {head.origin}, signed by its key.")
        try:
            signed = open_note(note, [self.trust.key, *self.trust.witnesses]).signatures
        except SignatureRejected as error:
            raise LogRejected(f"A cosignature on the checkpoint does not hold: {error}") from error
        cosigned = [signature for signature in signed if signature.name != self.trust.key.name]
        for signature in cosigned:
            at = datetime.fromtimestamp(cosigned_at(signature), UTC)
            self.say(f"Witness: {signature.name} cosigned at {at:%Y-%m-%d %H:%M:%S} UTC.")
        if len(cosigned) < self.trust.quorum:
            raise LogRejected(
                f"Only {len(cosigned)} of the witnesses you named cosigned this checkpoint, and you asked "
                f"for {self.trust.quorum}: try again in a minute; if it stays so, the log may have two faces."
            )
        return head

    def _read_earlier(self, note: bytes, head: TreeHead) -> TreeHead:
        earlier = self._opened(note, "The checkpoint that you kept")
        if earlier.size > head.size:
            raise LogRejected(
                f"The log was cut: you have seen {earlier.size:,} leaves, and now it has {head.size:,}."
            )
        if earlier.size == 0:
            self.say("Earlier visit: the log was empty then.")
        return earlier

    def _opened(self, note: bytes, what: str) -> TreeHead:
        try:
            head = TreeHead.from_text(open_note(note, [self.trust.key]).text)
        except SignatureRejected as error:
            raise LogRejected(f"{what} is not signed by the key {self.trust.key.vkey}.") from error
        except NoteMalformed as error:
            raise LogRejected(f"{what} is none: {error}") from error
        if head.origin != self.trust.key.name:
            raise LogRejected(f"{what} is of {head.origin}, not of {self.trust.key.name}.")
        return head

    def _leaves(self, size: int) -> Iterator[bytes]:
        """The hash of every entry, in order, a bundle at a time."""
        for bundle in bundles_of(size):
            content = self.fetch(f"tile/{bundle.path}")
            try:
                entries = split_bundle(content, width=bundle.width)
            except NoteMalformed as error:
                raise LogRejected(f"The entry bundle tile/{bundle.path} is damaged: {error}") from error
            yield from map(leaf_hash, entries)

    def _compare_tile(self, filled: Filled) -> None:
        tile, computed = filled
        content = self.fetch(f"tile/{tile.path}")
        try:
            served = split_tile(content, width=tile.width)
        except NoteMalformed as error:
            raise LogRejected(f"The tile tile/{tile.path} is damaged: {error}") from error
        self._tiles += 1
        for node, here, there in zip(tile.nodes, computed, served, strict=True):
            if here != there:
                raise LogRejected(
                    f"The tile tile/{tile.path} says otherwise than the entries from leaf "
                    f"{node.position << node.level:,} on: an entry or the tile was altered."
                )

    def _compare_earlier(self, earlier: TreeHead) -> None:
        if self._tree.root() != earlier.root:
            raise LogRejected(
                f"The log was rewritten: its first {earlier.size:,} leaves are not those that you have seen."
            )
        self.say(f"Earlier visit: the {earlier.size:,} leaves of then are the first ones of now.")


def keys(vkeys: Iterable[str]) -> list[Verifier]:
    """The keys of these texts. Raises LogRejected naming the first that is none."""
    found = []
    for vkey in vkeys:
        try:
            found.append(Verifier.from_vkey(vkey))
        except NoteMalformed as error:
            raise LogRejected(f"{vkey} is no verification key: {error}") from error
    return found
