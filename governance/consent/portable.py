"""What a dreamer takes along of their consents: every statement, use and notice, as plain values.

All of it is history, and is carried as that: nothing here is ever read back into a consent.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from governance.consent import issuing
from governance.consent.models import (
    RecipientNotice,
    Restriction,
    ServedNotice,
    Statement,
    Subject,
    UseSubject,
)
from governance.consent.purposes import NOTICES
from governance.ledger import tree

Json = dict[str, Any]
BATCH = 500


def subjects_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """What stands for each lent dream in the guild's ledger, and whether it is lent still."""
    for row in Subject.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("made_at", "id"):
        yield {
            "contribution": str(row.contribution),
            "commitment": row.commitment,
            "nonce": None if row.nonce is None else bytes(row.nonce).hex(),
            "lent_at": _moment(row.made_at),
            "withdrawn_at": _moment(row.withdrawn_at),
            "restricted_at": _moment(row.restricted_at),
            "recipients_told": row.told,
        }


def statements_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every word on every purpose, in the order of the ledger, with the text that it answered."""
    for row in Statement.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("leaf_index"):
        _, notice = NOTICES.get(row.notice_digest, (None, None))
        yield {
            "statement": str(row.pk),
            "scope": row.scope,
            "about": str(row.scope_id if row.contribution is None else row.contribution),
            "purpose": row.purpose,
            "state": row.state,
            "depth": float(row.depth),
            "expires_at": _moment(row.expires_at),
            "said_by": "me" if row.actor in ("", str(row.pseudonym)) else row.actor,
            "stated_at": _moment(row.stated_at),
            "notice": {
                "version": row.notice_version,
                "language": row.notice_language,
                "digest": row.notice_digest,
                "text": None if notice is None else notice.text,
            },
            "notice_shown_at": _moment(row.served_at),
            "leaf_index": row.leaf_index,
        }


def receipts_of(dreamer: UUID, *, guild: UUID) -> Iterator[tuple[UUID, Json]]:
    """(statement, its receipt as JSON-LD) for every statement, in the order of the ledger."""
    rows = Statement.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("leaf_index")
    for statement in list(rows.values_list("pk", flat=True)):
        yield statement, issuing.receipt_of(dreamer, statement)


def restrictions_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every time a lent dream was restricted to storage, or let go again."""
    for row in Restriction.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("leaf_index"):
        yield {
            "contribution": str(row.contribution),
            "restricted": row.restricted,
            "at": _moment(row.at),
            "leaf_index": row.leaf_index,
        }


def uses_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every use, oldest first, each with the path from its commitment to the root that the use's leaf holds.

    In the guild's tenant: the path needs what was opened together with it, by commitment alone.
    """
    rows = UseSubject.objects.filter(guild_id=guild, dreamer_id=dreamer).order_by("leaf_index", "position")
    left = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(left, BATCH)):
        together = _commitments(guild, batch)
        for row in batch:
            yield _use(row, together[row.use_id])


def _commitments(guild: UUID, rows: Sequence[UseSubject]) -> dict[UUID, list[str]]:
    uses = {row.use_id for row in rows}
    found: dict[UUID, list[str]] = defaultdict(list)
    others = UseSubject.objects.filter(guild_id=guild, use_id__in=uses).order_by("use_id", "position")
    for use, commitment in others.values_list("use_id", "commitment"):
        found[use].append(commitment)
    return found


def _use(row: UseSubject, commitments: Sequence[str]) -> Json:
    leaves = [tree.leaf_hash(bytes.fromhex(commitment)) for commitment in commitments]
    return {
        "at": _moment(row.at),
        "purpose": row.purpose,
        "on": row.on,
        "subject": str(row.subject),
        "contribution": str(row.contribution),
        "leaf_index": row.leaf_index,
        "commitment": row.commitment,
        "position": row.position,
        "count": row.count,
        "root": tree.root(leaves).hex(),
        "path": [node.hex() for node in tree.inclusion_proof(leaves, row.position)],
    }


def notices_shown_to(dreamer: UUID) -> Iterator[Json]:
    """Every text that was before the dreamer when they were asked, and when; in their own tenant."""
    for row in ServedNotice.objects.filter(dreamer_id=dreamer).order_by("served_at", "id"):
        yield {
            "purpose": row.purpose,
            "version": row.version,
            "language": row.language,
            "digest": row.digest,
            "where": row.surface,
            "at": _moment(row.served_at),
        }


def told_to(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """What the dreamer was told about dreams of others that had reached them; none of their words."""
    rows = RecipientNotice.objects.filter(guild_id=guild, dreamer_id=dreamer)
    for row in rows.order_by("told_at", "id"):
        yield {
            "what": row.what,
            "on": row.on,
            "subject": str(row.subject),
            "reached_at": _moment(row.reached_at),
            "told_at": _moment(row.told_at),
            "seen_at": _moment(row.seen_at),
            "leaf_index": row.leaf_index,
        }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
