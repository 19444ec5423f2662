"""Erasing what somebody said in the exchange. What a colony offered and took up stays: it is the colony's."""

from uuid import UUID

from colonies.exchange.evening_models import EveningNote
from colonies.exchange.models import Word


def erase_words(dreamer: UUID, *, guild: UUID) -> int:
    """Everything they sent back, and every note of theirs; how much that was. In the guild's tenant."""
    words, _ = Word.objects.filter(guild_id=guild, author__dreamer_id=dreamer).delete()
    notes, _ = EveningNote.objects.filter(guild_id=guild, author__dreamer_id=dreamer).delete()
    return words + notes
