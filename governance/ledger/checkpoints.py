"""Writes of checkpoints: signing the log as it stands, and keeping what its witnesses answered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from governance.ledger import selectors, signing
from governance.ledger.errors import LogRewritten
from governance.ledger.models import Checkpoint, Cosignature
from governance.ledger.note import Note, Signature, TreeHead, Verifier, cosigned_at


def checkpoint_now(*, guild: UUID) -> Checkpoint:
    """The newest checkpoint, signed now if the log grew since the last (or its key is another).

    Call it inside the guild's tenant. In a transaction that has itself appended, the checkpoint is undone
    with it, so let it leave this house only once that is committed. Raises SeedMissing, and LogRewritten
    when the log is not the one that was signed before.
    """
    signer = signing.log_signer(guild)
    newest = selectors.latest_checkpoint(guild)
    size = selectors.size_of(guild)
    if newest is not None:
        _require_continued(guild, newest, size=size)
        if newest.size == size and newest.vkey == signer.verifier.vkey:
            return newest
    head = TreeHead(signer.verifier.name, size, selectors.root(guild, size=size))
    signed = Note(head.text, (signer.sign(head.text),))
    made = Checkpoint(
        guild_id=guild,
        vkey=signer.verifier.vkey,
        size=size,
        root=head.root,
        note=signed.raw,
        signed_at=timezone.now(),
    )
    Checkpoint.objects.bulk_create([made], ignore_conflicts=True)  # two at once sign the same bytes
    return Checkpoint.objects.get(guild_id=guild, vkey=made.vkey, size=size)


def _require_continued(guild: UUID, newest: Checkpoint, *, size: int) -> None:
    if size < newest.size or selectors.root(guild, size=newest.size) != bytes(newest.root):
        raise LogRewritten(
            f"The log of {size} leaves does not continue the one of {newest.size} that was signed on "
            f"{newest.signed_at:%Y-%m-%d %H:%M}: nothing more is signed. Restore the log, or audit it."
        )


def keep_cosignatures(
    *, checkpoint: Checkpoint, witness: Verifier, signatures: Sequence[Signature]
) -> Cosignature | None:
    """Keep what `witness` answered about a checkpoint, inside its guild's tenant.

    Returns the row, or None where nothing among the signatures is the witness's. Raises SignatureRejected
    for a signature under its name that does not verify.
    """
    text = checkpoint.note.rpartition("\n\n")[0] + "\n"
    for signature in signatures:
        if (signature.name, signature.key_id) == (witness.name, witness.key_id):
            witness.verify(text, signature)
            row = Cosignature(
                guild_id=checkpoint.guild_id,
                checkpoint=checkpoint,
                vkey=witness.vkey,
                size=checkpoint.size,
                line=signature.line,
                cosigned_at=datetime.fromtimestamp(cosigned_at(signature), UTC),
            )
            Cosignature.objects.bulk_create([row], ignore_conflicts=True)
            return row
    return None
