"""Every write of this room that is not an erasure: taking everything, bringing an archive, pausing all use.

The tenant is the dreamer. Each service is one transaction in which the account's row is held, so that one
dreamer's rights follow one another; ledgers are taken last, and in the order of the guilds' ids.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from guild.dreamers.closing import AccountClosed, hold_alone, keep_open
from guild.dreamers.models import Dreamer
from guild.dreamers.services import change_settings
from guild.journal.bringing import bring_dreams
from guild.journal.selectors import import_terms_for
from guild.portal.rights.archive import pack
from guild.portal.rights.bringing import read_archive
from guild.portal.rights.enums import Right
from guild.portal.rights.errors import TooOften
from guild.portal.rights.gathering import everything_of, memberships_by_guild
from guild.portal.rights.models import STAGED_FOR, RightsRecord, StagedArchive
from guild.portal.rights.selectors import place_of, staged_archive_for
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault

MOST_EXPORTS, WITHIN = 5, timedelta(hours=1)


@dataclass(frozen=True)
class Exported:
    """An archive, to be sent and kept nowhere."""

    name: str
    data: bytes = field(repr=False)
    files: int
    made_at: datetime


@transaction.atomic
def export_everything(*, by: Dreamer) -> Exported:
    """Everything about the dreamer in one archive, as it stands at one moment; each guild's ledger says so.

    Changes to dreams wait until it is made. Raises TooOften.
    """
    dreamer = hold_account(by.pk)
    now = timezone.now()
    _keep_pace(by.pk, now=now)
    data, listed = pack(everything_of(dreamer), made_at=now, about={"account": str(by.pk)})
    digest = hashlib.sha256(data)
    mark = vault.commitment(key_id=vault.dreamer_key(by.pk), data=digest.digest())
    detail = {"what": "everything", "files": len(listed), "bytes": len(data), "content": mark}
    record_in_guilds(by.pk, LeafKind.EXPORT_MADE, detail=detail)
    note(by.pk, Right.EXPORT, detail={"files": len(listed), "bytes": len(data), "sha256": digest.hexdigest()})
    return Exported(f"dreamscape-everything-{now:%Y-%m-%d}.zip", data, len(listed), now)


def _keep_pace(dreamer: UUID, *, now: datetime) -> None:
    made = RightsRecord.objects.filter(dreamer_id=dreamer, right=Right.EXPORT, at__gt=now - WITHIN)
    moments = list(made.order_by("-at").values_list("at", flat=True)[:MOST_EXPORTS])
    if len(moments) == MOST_EXPORTS:
        raise TooOften(again_at=moments[-1] + WITHIN)


@transaction.atomic
def stage_archive(*, by: Dreamer, data: bytes) -> UUID:
    """Read an archive and keep it, sealed, until its owner has seen what it would bring and said yes.

    Archives staged earlier and never brought in are removed. Raises ArchiveRefused.
    """
    read_archive(data, terms=import_terms_for(by), now=timezone.now())
    forget_expired_archives(dreamer=by.pk)
    keep_open(by.pk)
    row = StagedArchive(dreamer_id=by.pk, key_id=vault.dreamer_key(by.pk))
    row.archive_sealed = vault.seal(key_id=row.key_id, text=data, place=place_of(row))
    row.save(force_insert=True)
    return row.pk


@transaction.atomic
def bring_archive(*, by: Dreamer, staged_id: UUID, with_settings: bool) -> int:
    """Add the dreams of a staged archive, and take over its settings if asked; how many dreams were added.

    Locks the staged row, so that two confirmations add once. Raises ArchiveGone.
    """
    hold_account(by.pk)
    staged, plan = staged_archive_for(by, staged_id)
    added = bring_dreams(by=by, carried=[dream.carried for dream in plan.dreams])
    if with_settings and plan.settings:
        change_settings(dreamer=by.pk, settings=dict(plan.settings))
    staged.delete()
    note(by.pk, Right.IMPORT, detail={"dreams": added, "refused": len(plan.refused)})
    return added


@transaction.atomic
def discard_archive(*, by: Dreamer, staged_id: UUID) -> None:
    """Forget a staged archive; one that is gone already is forgotten already."""
    StagedArchive.objects.filter(dreamer_id=by.pk, pk=staged_id).delete()


def forget_expired_archives(*, dreamer: UUID) -> int:
    """Remove the archives that were never brought in within their day; how many. In the dreamer's tenant."""
    expired = StagedArchive.objects.filter(dreamer_id=dreamer, staged_at__lte=timezone.now() - STAGED_FOR)
    return expired.delete()[0]


def hold_account(dreamer: UUID) -> Dreamer:
    """The account's row, held until the transaction ends. Raises AccountClosed."""
    held = Dreamer.objects.select_for_update(no_key=True).filter(pk=dreamer, is_active=True).first()
    if held is None:
        raise AccountClosed
    return held


def record_in_guilds(dreamer: UUID, kind: LeafKind, *, detail: Mapping[str, Any]) -> dict[UUID, int]:
    """A leaf in the ledger of every guild the dreamer is or was a member of; its index, by guild."""
    indexes = {}
    for guild, memberships in memberships_by_guild(dreamer).items():
        pseudonym = memberships[-1].pseudonym
        with tenant(guild=guild, dreamer=dreamer):
            leaf = ledger.append(
                guild=guild, kind=kind, actor=pseudonym, subjects=[str(pseudonym)], detail=detail
            )
        indexes[guild] = leaf.index
    return indexes


def note(
    dreamer: UUID,
    right: Right,
    *,
    detail: Mapping[str, Any],
    form_key: UUID | None = None,
    certificate: str = "",
) -> RightsRecord:
    """Keep in the dreamer's own record that a right was used."""
    return RightsRecord.objects.create(
        dreamer_id=dreamer, right=right, detail=dict(detail), form_key=form_key, certificate=certificate
    )


def hold_everything(dreamer: UUID) -> dict[UUID, list[Membership]]:
    """Nobody else writes for the account until the transaction ends, here or in its guilds; as `hold_ledgers`
    otherwise.

    Whoever holds a ledger of theirs may still write for the account, and ends first; whoever joined a guild
    meanwhile is in it. Raises AccountClosed.
    """
    hold_account(dreamer)
    hold_ledgers(dreamer)
    hold_alone(dreamer)
    return hold_ledgers(dreamer)


def hold_ledgers(dreamer: UUID) -> dict[UUID, list[Membership]]:
    """Take the ledger of every guild the dreamer is or was a member of; their memberships, by guild.

    In the order of the guilds' ids, as everybody does who takes more than one. Read what is lent after this:
    until then somebody may be lending it, or taking it back.
    """
    members = memberships_by_guild(dreamer)
    for guild in sorted(members):
        with tenant(guild=guild, dreamer=dreamer):
            ledger.hold(guild=guild)
    return members
