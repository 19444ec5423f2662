"""What stands in the ledger for a lent dream's content; it says nothing once the dream's key is gone."""

from guild.vault import services as vault
from lounges.sessions.models import Contribution
from lounges.sessions.selectors import LENT_FIELDS, place_of

_LENGTH_BYTES = 8


def content_commitment(row: Contribution, *, opener: vault.Opener | None = None) -> str:
    """Over the title, the words and the reading, opened: the same however often they are sealed anew.

    Leaves hold it as `content` in their detail. Raises the vault's SealBroken, KeyMissing and KeyDestroyed.
    """
    key = opener or vault.opener(row.key_id)
    sealed = {"title": row.title_sealed, "text": row.text_sealed, "reading": row.reading_sealed}
    content = [key.open_bytes(bytes(sealed[name]), place_of(row, name)) for name in LENT_FIELDS]
    return key.commitment(b"".join(len(one).to_bytes(_LENGTH_BYTES, "big") + one for one in content))
