"""A guild of this house as a witness of other logs: with its own key, remembering in its own tenant."""

import time
from uuid import UUID

from django.utils import timezone

from governance.ledger import circle, signing
from governance.ledger.models import SeenLog
from governance.ledger.note import TreeHead
from governance.ledger.witnessing import Reply, Witness
from guild.tenancy.context import tenant


class SeenLogs:
    """What a guild remembers: rows of its own tenant, which the caller has entered."""

    def __init__(self, guild: UUID) -> None:
        self._guild = guild

    def latest(self, origin: str) -> TreeHead | None:
        """The newest head that the guild cosigned, or None."""
        row = SeenLog.objects.filter(guild_id=self._guild, origin=origin).first()
        return None if row is None else TreeHead(origin, row.size, bytes(row.root))

    def advance(self, *, old: TreeHead | None, new: TreeHead, note: str) -> bool:
        """By compare-and-swap: of two at once the row, or its uniqueness, lets one through."""
        fields = {"size": new.size, "root": new.root, "note": note, "seen_at": timezone.now()}
        rows = SeenLog.objects.filter(guild_id=self._guild, origin=new.origin)
        if old is None:
            return rows.get_or_create(guild_id=self._guild, origin=new.origin, defaults=fields)[1]
        return bool(rows.filter(size=old.size, root=old.root).update(**fields))


class GuildWitness:
    """Answers for one guild. The caller must hold no transaction open: what was seen has to last first."""

    def __init__(self, guild: UUID) -> None:
        self._guild = guild
        self._cosigner = signing.witness_signer(guild)
        self.verifier = self._cosigner.verifier

    def add_checkpoint(self, body: bytes) -> Reply:
        """Enter the guild's tenant, answer, and commit what was seen."""
        with tenant(guild=self._guild):
            witness = Witness(
                cosigner=self._cosigner,
                key_of=lambda origin: circle.key_of_log(origin, witness=self._guild),
                store=SeenLogs(self._guild),
                clock=time.time,
            )
            return witness.add_checkpoint(body)
