"""Receipts of a dreamer's own statements, and the proof that each stands in the guild's log."""

from typing import Any
from uuid import UUID

from django.conf import settings

from governance.consent import histories, house, receipts
from governance.consent.enums import Purpose, Scope
from governance.consent.models import Statement, Subject
from governance.consent.purposes import NOTICES, REGISTRY, NoticeMark
from governance.consent.receipts import Event, Facts
from governance.ledger import selectors as log
from governance.ledger import signing
from governance.ledger.proof_files import proof_file
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild

RECEIPT_PATH = "/consents/{statement}/receipt.json"


def receipt_of(dreamer: UUID, statement: UUID) -> dict[str, Any]:
    """The receipt of one statement of the dreamer's own, also after they left the guild. Raises
    NoSuchConsent.
    """
    row = histories.statement_for(dreamer, statement)
    with tenant(guild=row.guild_id, dreamer=dreamer):
        return receipts.receipt(_facts(row))


def proof_of(dreamer: UUID, statement: UUID) -> bytes:
    """The proof file of its leaf, against a signed checkpoint; its extra data are the bytes of the leaf.

    Raises NoSuchConsent, and what `proof_files.proof_file` raises.
    """
    row = histories.statement_for(dreamer, statement)
    with tenant(guild=row.guild_id, dreamer=dreamer):
        entry = bytes(log.leaf(row.guild_id, row.leaf_index).entry)
        return proof_file(guild=row.guild_id, index=row.leaf_index, extra=entry)


def _facts(row: Statement) -> Facts:
    guild = Guild.objects.get(pk=row.guild_id)
    mark = NoticeMark(row.notice_version, row.notice_language, row.notice_digest)
    shown = NOTICES.get(row.notice_digest)
    return Facts(
        record=row.pk,
        address=house.address_of(RECEIPT_PATH.format(statement=row.pk)),
        principal=row.pseudonym,
        entry=REGISTRY[Purpose(row.purpose)],
        notice=mark,
        notice_text=shown[1].text if shown else "",
        shown_at=row.served_at,
        scope=str(row.scope),
        scope_id=str(row.scope_id or ""),
        subject=_commitment(row),
        depth=float(row.depth),
        events=[_event(one) for one in histories.events_of(row)],
        controller=house.controller(guild),
        processor=house.processor(),
        authority=house.authority(),
        stored_in=settings.STORAGE_LOCATION,
        jurisdiction=settings.JURISDICTION,
        withdraw_at=house.address_of(_page_of(row)),
        log=signing.origin_of(row.guild_id),
        leaf_index=row.leaf_index,
        leaf=bytes(log.leaf(row.guild_id, row.leaf_index).entry).decode(),
    )


def _commitment(row: Statement) -> str:
    if row.contribution is None:
        return ""
    return Subject.objects.values_list("commitment", flat=True).get(
        guild_id=row.guild_id, contribution=row.contribution
    )


def _page_of(row: Statement) -> str:
    return f"/consents/{row.contribution}/" if row.scope == Scope.CONTRIBUTION else "/consents/standing/"


def _event(row: Statement) -> Event:
    by = row.actor or str(row.pseudonym)
    return Event(
        at=row.stated_at,
        until=row.expires_at,
        by=f"urn:uuid:{by}" if by != "system" else settings.PUBLIC_URL,
        state=str(row.state),
    )
