"""What was signed of the log, and what its witnesses saw, against the log as it is."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from governance.audits.discrepancies import LONGEST, Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger import circle, selectors, signing
from governance.ledger.errors import LeafMissing, LedgerError, NoteMalformed, SignatureRejected, WitnessSilent
from governance.ledger.models import Checkpoint, Cosignature, SeenLog
from governance.ledger.note import (
    TreeHead,
    Verifier,
    cosigned_at,
    open_note,
    parse_number,
    parse_signature,
)
from governance.ledger.outside_witness import OutsideWitness
from governance.ledger.witnessing import SIZE, Submission, format_submission
from guild.tenancy.context import tenant

SIGNED, COSIGNED, SEEN = "ledger_checkpoint", "ledger_cosignature", "ledger_seen"
_BACK: Final = "Stop writing to this guild, and restore the log that was signed: witnesses hold its heads."
_KEY: Final = "Change the secret of the ledgers, and look for who could read it."

RULES = (
    Rule(
        "log.rewritten",
        Severity.CRITICAL,
        "The log is not the one that was signed.",
        "Its root at that size is another: leaves were replaced, and their hashes with them.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "log.truncated",
        Severity.CRITICAL,
        "The log is shorter than what was signed of it.",
        "Its last leaves were removed.",
        _BACK,
        (Advice.RESTORE,),
    ),
    Rule(
        "checkpoint.signature",
        Severity.CRITICAL,
        "A checkpoint is not signed by the log's own key.",
        "The signed text was changed, or somebody signed with a key of their own.",
        f"Remove the checkpoint. {_KEY}",
        (Advice.RESTORE, Advice.ROTATE_KEY),
    ),
    Rule(
        "checkpoint.row",
        Severity.MAJOR,
        "What is noted of a checkpoint is not what was signed.",
        "The size or the root beside the signed text was changed; the signed text alone is evidence.",
        "Restore the columns from the signed text.",
        (Advice.RESTORE,),
    ),
    Rule(
        "checkpoint.lost",
        Severity.MAJOR,
        "A checkpoint is missing.",
        "An earlier audit counted it, or a witness signed it: it was removed since.",
        "Restore it from a backup, and compare the log with what its witnesses saw.",
        (Advice.RESTORE,),
    ),
    Rule(
        "checkpoint.cosignature",
        Severity.MAJOR,
        "A cosignature is not what the witness that it names has signed.",
        "It was changed, or made by somebody else.",
        "Remove it, and ask the witness again.",
        (Advice.NONE,),
    ),
    Rule(
        "witness.other",
        Severity.CRITICAL,
        "A witness has seen another log.",
        "It cosigned more leaves than there are, or other ones: the log was cut or rewritten, and whoever "
        "did it may hold the signing key.",
        f"{_BACK} {_KEY}",
        (Advice.RESTORE, Advice.ROTATE_KEY),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every checkpoint and cosignature, and the memory of every witness that can be asked."""
    rows = list(Checkpoint.objects.filter(guild_id=examination.guild).order_by("size", "signed_at"))
    ours = signing.log_signer(examination.guild).verifier.vkey
    is_ours = False
    for row in rows:
        is_ours = is_ours or row.vkey == ours
        yield from _signed(row, must_be=ours if is_ours else row.vkey)
        yield from _head(examination, row.size, bytes(row.root), table=SIGNED, row=str(row.pk))
    yield from _cosigned(examination.guild, rows)
    yield from _counted(examination, rows)
    yield from _seen_inside(examination)
    if rows:
        yield from _seen_outside(rows[-1])
    examination.count("checkpoints", len(rows))


def _signed(row: Checkpoint, *, must_be: str) -> Iterator[Discrepancy]:
    where: dict[str, Any] = {"table": SIGNED, "row": str(row.pk), "leaf_index": row.size - 1}
    try:
        note = open_note(row.note.encode(), [Verifier.from_vkey(must_be)])
        head = TreeHead.from_text(note.text)
    except (NoteMalformed, SignatureRejected) as error:
        found = type(error).__name__
        yield Discrepancy("checkpoint.signature", expected=must_be[:LONGEST], actual=found, **where)
        return
    told = {"origin": Verifier.from_vkey(must_be).name, "size": head.size, "root": head.root}
    if apart := differing(told, {"origin": head.origin, "size": row.size, "root": row.root}):
        yield Discrepancy("checkpoint.row", expected=apart[0], actual=apart[1], **where)


def _head(examination: Examination, size: int, root: bytes, *, table: str, row: str) -> Iterator[Discrepancy]:
    """Whether the log was once of that size and root."""
    if size > examination.size:
        told, has = f"{size} leaves", f"{examination.size} leaves"
        yield Discrepancy(_rule(table, "log.truncated"), examination.size, table, row, told, has)
        return
    recomputed = _root_at(examination, size)
    if recomputed != root:
        found = "a leaf is missing" if recomputed is None else recomputed.hex()
        yield Discrepancy(_rule(table, "log.rewritten"), size - 1, table, row, root.hex(), found)


def _rule(table: str, rule: str) -> str:
    return "witness.other" if table == SEEN else rule


def _root_at(examination: Examination, size: int) -> bytes | None:
    """The root as it was recomputed, or else joined from the stored hashes, which were."""
    if size in examination.replay.tree.roots:
        return examination.replay.tree.roots[size]
    if size < 0:
        return None
    try:
        return selectors.root(examination.guild, size=size)
    except LeafMissing:
        return None


def _cosigned(guild: UUID, rows: Iterable[Checkpoint]) -> Iterator[Discrepancy]:
    signed = {row.pk: row for row in rows}
    for row in Cosignature.objects.filter(guild_id=guild).order_by("size", "cosigned_at"):
        where: dict[str, Any] = {"table": COSIGNED, "row": str(row.pk), "leaf_index": row.size - 1}
        checkpoint = signed.get(row.checkpoint_id)
        if checkpoint is None:
            lost: dict[str, Any] = {
                "table": SIGNED,
                "row": str(row.checkpoint_id),
                "leaf_index": row.size - 1,
            }
            yield Discrepancy("checkpoint.lost", expected="a checkpoint", actual="none", **lost)
            continue
        try:
            text = checkpoint.note.rpartition("\n\n")[0] + "\n"
            signature = parse_signature(row.line.rstrip("\n"))
            Verifier.from_vkey(row.vkey).verify(text, signature)
            signed_at = datetime.fromtimestamp(cosigned_at(signature), UTC)
        except (NoteMalformed, SignatureRejected, ValueError, OverflowError, OSError) as error:
            expected, found = row.vkey[:LONGEST], type(error).__name__
            yield Discrepancy("checkpoint.cosignature", expected=expected, actual=found, **where)
            continue
        told = {"size": checkpoint.size, "at": signed_at}
        if apart := differing(told, {"size": row.size, "at": row.cosigned_at}):
            yield Discrepancy("checkpoint.cosignature", expected=apart[0], actual=apart[1], **where)


def _counted(examination: Examination, rows: Iterable[Checkpoint]) -> Iterator[Discrepancy]:
    """Whether there are still as many checkpoints as the last audit counted, and the newest it named."""
    finished = examination.replay.last_audit
    if finished is None:
        return
    index, detail = finished
    before = [row for row in rows if row.size <= detail.get("checkpoint", 0)]
    if len(before) < detail.get("checkpoints", 0):
        told, found = f"{detail['checkpoints']} checkpoints", f"{len(before)} checkpoints"
        yield Discrepancy("checkpoint.lost", index, SIGNED, "", told, found)


def _seen_inside(examination: Examination) -> Iterator[Discrepancy]:
    """What the guilds that witness this log remember of it; each in its own tenant."""
    origin = signing.origin_of(examination.guild)
    for witness in circle.neighbours(examination.guild):
        with tenant(guild=witness):
            seen = SeenLog.objects.filter(guild_id=witness, origin=origin).first()
        if seen is not None:
            row = f"{seen.pk}"
            yield from _head(examination, seen.size, bytes(seen.root), table=SEEN, row=row)
            examination.count("witnesses")


def _seen_outside(newest: Checkpoint) -> Iterator[Discrepancy]:
    """What witnesses of other operators answer to the newest checkpoint; one that is silent says nothing."""
    for verifier, url in circle.outside_witnesses():
        try:
            answer = _answer(OutsideWitness(verifier, url), newest)
        except (WitnessSilent, LedgerError):
            continue
        if answer:
            told = f"{newest.size} leaves, {bytes(newest.root).hex()}"
            yield Discrepancy("witness.other", newest.size - 1, SEEN, verifier.name[:80], answer, told)


def _answer(witness: OutsideWitness, newest: Checkpoint) -> str:
    """What a witness has seen that does not fit, in words; "" when it has not."""
    reply = witness.add_checkpoint(_asked(newest, old_size=newest.size))
    if reply.status != 409 or not reply.content_type.startswith(SIZE):
        return ""
    known = parse_number(reply.body.rstrip("\n"))
    if known > newest.size:
        return f"{known} leaves"
    if known == newest.size:
        return f"{known} leaves with another root"
    again = witness.add_checkpoint(_asked(newest, old_size=known))
    return f"{known} other leaves" if again.status == 422 else ""


def _asked(newest: Checkpoint, *, old_size: int) -> bytes:
    proof: tuple[bytes, ...] = ()
    if 0 < old_size < newest.size:
        proof = selectors.consistency_proof(newest.guild_id, old_size=old_size, size=newest.size)
    return format_submission(Submission(old_size, tuple(proof), newest.note.encode()))


CHECK = Check("checkpoints", "Checkpoints, cosignatures and witnesses", look, RULES)
