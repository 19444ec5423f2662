"""Proof files (c2sp.org/tlog-proof@v1): that one leaf stands in the log, checkable offline and for ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from governance.ledger import selectors
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.errors import LeafMissing, NoteMalformed
from governance.ledger.note import (
    TreeHead,
    Verifier,
    decode_base64,
    encode_base64,
    open_note,
    parse_number,
)
from governance.ledger.tree import leaf_hash
from governance.ledger.verification import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MOST_BYTES = 1024 * 1024
MOST_HASHES = 63


@dataclass(frozen=True)
class ProofFile:
    """A proof as it was read: nothing in it may be believed before `verify_proof`. `extra` never may."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""


def proof_file(*, guild: UUID, index: int, extra: bytes = b"") -> bytes:
    """The proof of one leaf against the newest checkpoint, which is made if the leaf came after it.

    Inside the guild's tenant. Raises LeafMissing, and what `checkpoint_now` raises.
    """
    checkpoint = selectors.latest_checkpoint(guild)
    if checkpoint is None or index >= checkpoint.size:
        checkpoint = checkpoint_now(guild=guild)
    if not 0 <= index < checkpoint.size:
        raise LeafMissing(f"The log has no leaf {index}.")
    proof = selectors.inclusion_proof(guild, index=index, size=checkpoint.size)
    return format_proof(ProofFile(index, proof.hashes, selectors.signed_note(checkpoint), extra))


def format_proof(proof: ProofFile) -> bytes:
    """The bytes of a proof file."""
    extra = [f"extra {encode_base64(proof.extra)}"] if proof.extra else []
    lines = [HEADER, *extra, f"index {proof.index}", *map(encode_base64, proof.hashes), "", ""]
    return "\n".join(lines).encode() + proof.checkpoint


def parse_proof(raw: bytes) -> ProofFile:
    """Take a proof file apart without verifying it. Raises NoteMalformed."""
    head, blank, checkpoint = raw.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteMalformed("This is no proof file: its lines are not plain ASCII.") from error
    if not blank or lines.pop(0) != HEADER or not lines or len(raw) > MOST_BYTES:
        raise NoteMalformed(f"This is no proof file: it does not begin with {HEADER}.")
    extra = b""
    if lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "), what="The extra data of a proof file")
    if not lines or not lines[0].startswith("index "):
        raise NoteMalformed("A proof file lacks the line that says which leaf it proves.")
    index = parse_number(lines.pop(0).removeprefix("index "))
    if len(lines) > MOST_HASHES:
        raise NoteMalformed("A proof file has more hashes than any tree is high.")
    hashes = tuple(decode_base64(line, what="A hash of a proof file") for line in lines)
    return ProofFile(index, hashes, checkpoint, extra)


def verify_proof(raw: bytes, *, entry: bytes, verifiers: Iterable[Verifier]) -> TreeHead:
    """Check that `entry` is in the log of these keys, and where; the first key is the log's own.

    Raises NoteMalformed, SignatureRejected or ProofRejected. The log's key must have signed; cosignatures of
    the others are checked where there are any.
    """
    log, *witnesses = verifiers
    proof = parse_proof(raw)
    open_note(proof.checkpoint, [log])
    head = TreeHead.from_text(open_note(proof.checkpoint, [log, *witnesses]).text)
    if head.origin != log.name:
        raise NoteMalformed(f"The checkpoint is of {head.origin}, not of {log.name}.")
    verify_inclusion(
        leaf=leaf_hash(entry), index=proof.index, size=head.size, proof=proof.hashes, root=head.root
    )
    return head
