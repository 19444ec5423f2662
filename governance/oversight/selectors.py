"""What members see of their guild's log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.consent.enums import Purpose
from governance.ledger.leaves import Entry, decode
from governance.ledger.models import Leaf
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class LedgerLine:
    """One leaf as a member reads it. `member` is who did it, where the guild knows the pseudonym."""

    index: int
    at: datetime
    words: str
    note: str
    member: Membership | None
    is_system: bool
    leaf_hash: str


def ledger_lines(guild: UUID, leaves: Sequence[Leaf]) -> list[LedgerLine]:
    """These leaves in words, read from their verbatim bytes; one query for all names."""
    entries = [decode(bytes(leaf.entry)) for leaf in leaves]
    pseudonyms = {entry.actor for entry in entries if isinstance(entry.actor, UUID)}
    rows = Membership.objects.filter(guild_id=guild, pseudonym__in=pseudonyms)
    members = {row.pseudonym: row for row in rows}
    return [_line(leaf, entry, members) for leaf, entry in zip(leaves, entries, strict=True)]


def _line(leaf: Leaf, entry: Entry, members: Mapping[UUID, Membership]) -> LedgerLine:
    actor = entry.actor
    return LedgerLine(
        index=leaf.index,
        at=entry.at,
        words=entry.kind.label,
        note=_note(entry.detail),
        member=members.get(actor) if isinstance(actor, UUID) else None,
        is_system=not isinstance(actor, UUID),
        leaf_hash=bytes(leaf.leaf_hash).hex(),
    )


def _note(detail: Mapping[str, Any]) -> str:
    """What the detail adds, in words: the purpose, and how many dreams."""
    purpose, count = detail.get("purpose"), detail.get("count")
    parts = []
    if isinstance(count, int):
        parts.append(f"{count} dream{'' if count == 1 else 's'}")
    if purpose in Purpose.values:
        parts.append(f"to {Purpose(purpose).label}")
    return ", ".join(parts)
