"""What an erased account leaves behind of consents: statements and uses, by pseudonym, as the ledger does."""

from uuid import UUID

from governance.consent.models import RecipientNotice


def erase_notices_to(dreamer: UUID, *, guild: UUID) -> int:
    """Remove what a dreamer was told of others' dreams, in the guild's tenant; how many there were."""
    removed, _ = RecipientNotice.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
    return removed
