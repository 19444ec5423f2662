"""What an erased account leaves behind in the sessions of one guild: nothing that it said, and no name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.sessions import services
from lounges.sessions.enums import SessionState
from lounges.sessions.models import Association, CommandReceipt, Participation

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_IN_A_LEAF = 500


@dataclass(frozen=True)
class ErasedWords:
    """How much somebody had said, how often they took part, and the keys that sealed their words."""

    said: int
    took_part: int
    keys: tuple[UUID, ...]


def step_out_of_all(membership: Membership) -> None:
    """Leave every session that is open, so that whoever is there sees them go; in the guild's tenant."""
    inside = Participation.objects.filter(
        guild_id=membership.guild_id,
        membership_id=membership.pk,
        stepped_out_at=None,
        session__state=SessionState.OPEN,
    )
    for row in inside.select_related("session"):
        services.step_out(session=row.session, by=membership)


def erase_words_of(dreamer: UUID, *, guild: UUID) -> ErasedWords:
    """Remove what a dreamer said to others' dreams, with its keys, and that they took part.

    The log says which of its leaves have no row any more; the caller holds the ledger.
    What they lent is taken back before. In the guild's tenant and the dreamer's.
    """
    mine = {"guild_id": guild, "dreamer_id": dreamer}
    said = Association.objects.filter(**mine)
    _record_erasure(said, guild=guild)
    keys = sorted({key for key in said.values_list("key_id", flat=True) if key is not None})
    destroyed = tuple(key for key in keys if vault.destroy_key(key_id=key))
    words, _ = said.delete()
    CommandReceipt.objects.filter(**mine).delete()
    places, _ = Participation.objects.filter(**mine).delete()
    return ErasedWords(words, places, destroyed)


def _record_erasure(said: "QuerySet[Association]", *, guild: UUID) -> None:
    """One leaf for so many as fit into one, in the name of who said them."""
    by_speaker: dict[UUID, list[str]] = {}
    for speaker, row in said.order_by("id").values_list("membership__pseudonym", "pk"):
        by_speaker.setdefault(speaker, []).append(str(row))
    for speaker, rows in by_speaker.items():
        for start in range(0, len(rows), MOST_IN_A_LEAF):
            ledger.append(
                guild=guild,
                kind=LeafKind.ASSOCIATIONS_ERASED,
                actor=speaker,
                subjects=rows[start : start + MOST_IN_A_LEAF],
            )
