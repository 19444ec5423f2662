"""What an erased account leaves behind in the sessions of one guild: nothing that it said, and no name."""

from dataclasses import dataclass
from uuid import UUID

from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.sessions import services
from lounges.sessions.enums import SessionState
from lounges.sessions.models import Association, CommandReceipt, Participation


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

    What they lent is taken back before. In the guild's tenant and the dreamer's.
    """
    mine = {"guild_id": guild, "dreamer_id": dreamer}
    said = Association.objects.filter(**mine)
    keys = sorted({key for key in said.values_list("key_id", flat=True) if key is not None})
    destroyed = tuple(key for key in keys if vault.destroy_key(key_id=key))
    words, _ = said.delete()
    CommandReceipt.objects.filter(**mine).delete()
    places, _ = Participation.objects.filter(**mine).delete()
    return ErasedWords(words, places, destroyed)
