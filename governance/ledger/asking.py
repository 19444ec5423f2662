"""Asking witnesses for cosignatures. What they do or fail to do never keeps a log from growing."""

import logging
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from governance.ledger import announcing, circle, selectors
from governance.ledger.checkpoints import checkpoint_now, keep_cosignatures
from governance.ledger.errors import LedgerError, LogUnknown, SeedMissing, WitnessSilent
from governance.ledger.guild_witness import GuildWitness
from governance.ledger.models import Checkpoint, Cosignature
from governance.ledger.note import Verifier, parse_number, parse_signature
from governance.ledger.outside_witness import OutsideWitness
from governance.ledger.witnessing import SIZE, Reply, Submission, format_submission
from guild.tenancy.context import tenant

logger = logging.getLogger(__name__)


class Askable(Protocol):
    """A witness that can be asked."""

    verifier: Verifier

    def add_checkpoint(self, body: bytes) -> Reply:
        """Its answer. Raises WitnessSilent when it does not answer."""
        ...


def attend_every_log(guilds: Sequence[UUID]) -> None:
    """Sign what grew in each guild, and ask its witnesses; outside of any transaction.

    What goes wrong with one log or one witness is logged and left for the next time. Raises SeedMissing.
    """
    outside = [OutsideWitness(verifier, url) for verifier, url in circle.outside_witnesses()]
    for guild in guilds:
        try:
            with tenant(guild=guild):
                checkpoint = checkpoint_now(guild=guild)
        except SeedMissing:
            raise
        except LedgerError as error:
            logger.error("The log of the guild %s was not signed: %s", guild, error)
            announcing.in_trouble(guild, which="log", at=timezone.now())
            continue
        inside = [GuildWitness(neighbour) for neighbour in circle.neighbours(guild)]
        silent = _ask_all(checkpoint, [*inside, *outside])
        outside = [witness for witness in outside if witness not in silent]


def _ask_all(checkpoint: Checkpoint, witnesses: Sequence[Askable]) -> list[Askable]:
    """Ask each witness that has not cosigned yet; those that did not answer."""
    with tenant(guild=checkpoint.guild_id):
        cosigned = set(checkpoint.cosignatures.values_list("vkey", flat=True))
    silent = []
    for witness in witnesses:
        if witness.verifier.vkey in cosigned:
            continue
        try:
            ask(checkpoint=checkpoint, witness=witness)
        except WitnessSilent as error:
            logger.warning("%s", error)
            silent.append(witness)
        except LogUnknown as error:  # its operator named other logs of this house
            logger.debug("%s: %s", witness.verifier.name, error)
        except LedgerError as error:
            logger.error("The witness %s did not cosign: %s", witness.verifier.name, error)
            announcing.in_trouble(checkpoint.guild_id, which=witness.verifier.name, at=timezone.now())
    return silent


def ask(*, checkpoint: Checkpoint, witness: Askable) -> None:
    """Have a committed checkpoint cosigned, and keep the answer; outside of any transaction.

    The witness is told the size at which it cosigned last, as far as is known here; if it knows better it
    says so, and is asked once more. Raises WitnessSilent when it does not answer, LedgerError for a refusal.
    """
    old_size = _last_size(checkpoint, witness.verifier)
    reply = witness.add_checkpoint(_submission(checkpoint, old_size=old_size))
    if reply.status == 409 and reply.content_type.startswith(SIZE):
        known = parse_number(reply.body.rstrip("\n"))
        if known > checkpoint.size:
            raise LedgerError(f"It has seen {known} leaves of a log that here has {checkpoint.size}.")
        reply = witness.add_checkpoint(_submission(checkpoint, old_size=known))
    if reply.status == 404:
        raise LogUnknown("It does not know this log.")
    if reply.status != 200:
        raise LedgerError(f"It answered {reply.status} to the checkpoint over {checkpoint.size} leaves.")
    signatures = [parse_signature(line) for line in reply.body.splitlines()]
    with tenant(guild=checkpoint.guild_id):
        kept = keep_cosignatures(checkpoint=checkpoint, witness=witness.verifier, signatures=signatures)
    if kept is None:
        raise LedgerError("What it answered is not signed with its key.")


def _last_size(checkpoint: Checkpoint, witness: Verifier) -> int:
    with tenant(guild=checkpoint.guild_id):
        rows = Cosignature.objects.filter(
            guild_id=checkpoint.guild_id, vkey=witness.vkey, checkpoint__vkey=checkpoint.vkey
        )
        return rows.order_by("-size").values_list("size", flat=True).first() or 0


def _submission(checkpoint: Checkpoint, *, old_size: int) -> bytes:
    guild, size = checkpoint.guild_id, checkpoint.size
    with tenant(guild=guild):
        proof = selectors.consistency_proof(guild, old_size=old_size, size=size) if old_size else ()
    return format_submission(Submission(old_size, tuple(proof), checkpoint.note.encode()))
