"""A witness of logs (c2sp.org/tlog-witness): cosigns a checkpoint only if it continues the last one. Pure.

The same code answers for a guild and for the separate process; they differ in their `Store`, which must
compare and persist in one step, so that of two histories at most one is ever cosigned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from governance.ledger.errors import NoteMalformed, ProofRejected, SignatureRejected
from governance.ledger.note import (
    MOST_BYTES,
    Cosigner,
    TreeHead,
    Verifier,
    decode_base64,
    encode_base64,
    open_note,
    parse_note,
    parse_number,
)
from governance.ledger.tree import EMPTY_ROOT
from governance.ledger.verification import verify_consistency

MOST_HASHES = 63
MOST_BODY_BYTES = MOST_BYTES + 64 * (MOST_HASHES + 1)
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True)
class Submission:
    """What a log asks: to cosign the checkpoint, shown to continue the log as it was at `old_size`."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True)
class Reply:
    """The answer over HTTP: 200 with cosignature lines, or why not."""

    status: int
    body: str
    content_type: str = PLAIN


class Store(Protocol):
    """What a witness remembers: of every log the newest checkpoint that it cosigned."""

    def latest(self, origin: str) -> TreeHead | None:
        """The newest head cosigned, or None."""
        ...

    def advance(self, *, old: TreeHead | None, new: TreeHead, note: str) -> bool:
        """Make `new` the newest of its origin if `old` still is, atomically and lastingly; whether it was."""
        ...


class Witness:
    """Answers submissions. `key_of` gives the key of a log that it knows, by origin; `clock` seconds."""

    def __init__(
        self,
        *,
        cosigner: Cosigner,
        key_of: Callable[[str], Verifier | None],
        store: Store,
        clock: Callable[[], float],
    ) -> None:
        self._cosigner, self._key_of, self._store, self._clock = cosigner, key_of, store, clock

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer one request, in the order of checks that the protocol gives."""
        try:
            asked = parse_submission(body)
            note = parse_note(asked.checkpoint)
            head = TreeHead.from_text(note.text)
        except NoteMalformed as error:
            return Reply(400, f"{error}\n")
        key = self._key_of(head.origin)
        if key is None:
            return Reply(404, "This witness does not know that log.\n")
        try:
            open_note(asked.checkpoint, [key])
        except SignatureRejected as error:
            return Reply(403, f"{error}\n")
        if asked.old_size > head.size:
            return Reply(400, "The old size is larger than the size of the checkpoint.\n")
        return self._consider(asked, head)

    def _consider(self, asked: Submission, head: TreeHead) -> Reply:
        """The checkpoint is the log's own: cosign it if it continues what was cosigned before."""
        latest = self._store.latest(head.origin)
        held = latest.size if latest else 0
        if asked.old_size != held or (latest and latest.size == head.size and latest.root != head.root):
            return _conflict(held)
        try:
            _require_continued(latest, head, asked.proof)
        except ProofRejected as error:
            return Reply(422, f"{error}\n")
        if not self._store.advance(old=latest, new=head, note=asked.checkpoint.decode()):
            newest = self._store.latest(head.origin)
            return _conflict(newest.size if newest else 0)
        return Reply(200, self._cosigner.cosign(head.text, at=int(self._clock())).line)


def _conflict(size: int) -> Reply:
    return Reply(409, f"{size}\n", SIZE)


def _require_continued(latest: TreeHead | None, head: TreeHead, proof: tuple[bytes, ...]) -> None:
    """Raises ProofRejected unless `head` continues `latest`; from nothing, every log continues."""
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise ProofRejected("The root of an empty log is another.")
    if latest is None or latest.size == 0:
        if proof:
            raise ProofRejected("From an empty log there is nothing to prove, yet a proof was given.")
        return
    verify_consistency(
        old_size=latest.size, size=head.size, old_root=latest.root, root=head.root, proof=proof
    )


def format_submission(asked: Submission) -> bytes:
    """The body of a request."""
    lines = [f"old {asked.old_size}", *map(encode_base64, asked.proof), "", ""]
    return "\n".join(lines).encode() + asked.checkpoint


def parse_submission(body: bytes) -> Submission:
    """Read the body of a request; the checkpoint in it is not looked at. Raises NoteMalformed."""
    head, blank, checkpoint = body.partition(b"\n\n")
    if not blank or len(body) > MOST_BODY_BYTES:
        raise NoteMalformed("A request has an old size, a proof, an empty line and a checkpoint.")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteMalformed("The lines before the checkpoint are not plain ASCII.") from error
    if not first.startswith("old ") or len(lines) > MOST_HASHES:
        raise NoteMalformed(f"A request begins with `old`, and has at most {MOST_HASHES} lines of proof.")
    proof = tuple(decode_base64(line, what="A line of the proof") for line in lines)
    return Submission(parse_number(first.removeprefix("old ")), proof, checkpoint)
