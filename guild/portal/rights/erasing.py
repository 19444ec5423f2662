"""Erasing one dream, the journal, or the account (GDPR 17): wholly or not at all, and with a certificate.

What was lent is taken back first, so that keys are destroyed, dreamscapes are replaced and everybody whom it
had reached is told. Then rows are removed and the keys of what stood behind no guild's wall are destroyed.
Each guild concerned says so in its ledger, and the certificate carries that leaf with its proof.

One transaction does all of it. It holds the account, then the ledgers of all guilds in the order of their
ids, and where more goes than one dream, it then waits until nobody else writes for the account.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from colonies.diary.erasing import erase_diary
from colonies.diary.helping import erase_parts
from colonies.exchange import erasing as exchange
from colonies.reminders import services as reminders
from colonies.rituals import erasing as colonies
from governance.consent import erasing as consents
from governance.consent import services as consent
from governance.deliberation import erasing as deliberation
from governance.deliberation import receipts
from governance.ledger import services as ledger
from governance.ledger import signing
from governance.ledger.enums import LeafKind
from governance.ledger.proof_files import proof_file
from governance.moderation.erasing import erase_appeals_of, erase_reports_of
from governance.offices import services as offices
from governance.offices.errors import OfficeRefused
from governance.oversight import erasing as oversight
from guild.dreamers.closing import close_account
from guild.dreamers.models import Dreamer
from guild.journal import erasing as journal
from guild.notifications import devices
from guild.notifications import erasing as notifications
from guild.portal.rights.certificates import Certificate, InGuild
from guild.portal.rights.enums import Extent, Right
from guild.portal.rights.errors import LastSteward
from guild.portal.rights.gathering import memberships_by_guild
from guild.portal.rights.mailing import send_certificate_on_commit
from guild.portal.rights.models import RightsRecord, StagedArchive
from guild.portal.rights.selectors import lent_by
from guild.portal.rights.services import hold_account, hold_everything, hold_ledgers, note
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes.erasing import erase_reflections_of
from lounges.sessions.erasing import erase_words_of, step_out_of_all
from lounges.sessions.models import Contribution

_COPIES = "lent copies of dreams"


@dataclass
class _Ledger:
    """What is being erased in one guild: counts by name, and the keys that are gone."""

    counts: dict[str, int] = field(default_factory=dict)
    keys: list[UUID] = field(default_factory=list)


@transaction.atomic
def erase_dream(*, by: Dreamer, dream_id: UUID, form_key: UUID) -> RightsRecord:
    """Erase one dream, here and wherever it is lent. The same `form_key` again gives the same certificate.

    Raises Http404 for a dream that is not in this journal.
    """
    hold_account(by.pk)
    if done := _done_with(by.pk, form_key):
        return done
    hold_ledgers(by.pk)
    guilds = _take_back(by.pk, lent_by(by.pk, dream_id=dream_id))
    gone = journal.erase_dream(dreamer=by.pk, dream_id=dream_id)
    return _certify(by.pk, Extent.DREAM, gone, guilds, form_key=form_key)


@transaction.atomic
def erase_journal(*, by: Dreamer, form_key: UUID) -> RightsRecord:
    """Erase every dream, here and wherever it is lent; the account stays. As `erase_dream` otherwise."""
    members = hold_everything(by.pk)
    if done := _done_with(by.pk, form_key):
        return done
    guilds = {guild: _Ledger() for guild in members} | _take_back(by.pk, lent_by(by.pk))
    with devices.ringing_on(by.pk), receipts.kept_on(by.pk):
        gone = _erase_journal(by.pk)
    record = _certify(by.pk, Extent.JOURNAL, gone, guilds, form_key=form_key)
    send_certificate_on_commit(address=by.email, extent=Extent.JOURNAL, certificate=record.certificate)
    return record


@transaction.atomic
def erase_account(*, by: Dreamer) -> str:
    """Erase everything, leave every guild and close the account; the certificate, which is kept nowhere.

    What stays in the ledgers and in past uses stands under a pseudonym that leads to nobody any more. Raises
    LastSteward, with nothing erased, where a guild would be left without a steward, and AccountClosed when
    somebody (the same person in another window) was faster.
    """
    members = hold_everything(by.pk)
    address = Dreamer.objects.values_list("email", flat=True).get(pk=by.pk)
    guilds = {guild: _Ledger() for guild in members} | _take_back(by.pk, lent_by(by.pk))
    for guild in members:
        _erase_in_guild(by.pk, guild, guilds[guild])
    gone = _erase_journal(by.pk)
    certificate = _certificate(by.pk, Extent.ACCOUNT, gone, guilds)
    for guild, memberships in members.items():
        _leave(by.pk, guild, memberships)
    RightsRecord.objects.filter(dreamer_id=by.pk).delete()
    colonies.erase_own(by.pk)
    notifications.erase_own(by.pk)
    close_account(dreamer=by.pk, is_remembered=bool(members))
    send_certificate_on_commit(address=address, extent=Extent.ACCOUNT, certificate=certificate.text)
    return certificate.text


def _done_with(dreamer: UUID, form_key: UUID) -> RightsRecord | None:
    return RightsRecord.objects.filter(dreamer_id=dreamer, form_key=form_key).first()


def _take_back(dreamer: UUID, lent: Iterable[Contribution]) -> dict[UUID, _Ledger]:
    """Withdraw each loan whole, which destroys its key; what that came to, by guild."""
    guilds: dict[UUID, _Ledger] = {}
    for row in lent:
        consent.withdraw(by=dreamer, contribution=row.pk)
        in_guild = guilds.setdefault(row.guild_id, _Ledger())
        in_guild.counts[_COPIES] = in_guild.counts.get(_COPIES, 0) + 1
        in_guild.keys.append(row.key_id)
    return guilds


def _erase_journal(dreamer: UUID) -> journal.Erased:
    StagedArchive.objects.filter(dreamer_id=dreamer).delete()
    erase_diary(dreamer=dreamer)
    return journal.erase_journal(dreamer=dreamer)


def _erase_in_guild(dreamer: UUID, guild: UUID, found: _Ledger) -> None:
    """Everything else that a guild holds of somebody, but for what the ledger needs to stay whole."""
    with tenant(guild=guild, dreamer=dreamer):
        live = _live(dreamer, guild)
        if live is not None:
            step_out_of_all(live)
        words = erase_words_of(dreamer, guild=guild)
        found.keys += words.keys
        found.keys += erase_reports_of(dreamer, guild=guild)
        kept = colonies.erase_in_guild(dreamer, guild=guild, live=live)
        erase_parts(dreamer, guild=guild)
        reminders.erase_in_guild(dreamer, guild=guild)
        found.counts |= {
            "nights said to be kept": kept.nights,
            "colonies left": kept.colonies,
            "appeals": erase_appeals_of(dreamer, guild=guild),
            "words in deliberations": deliberation.erase_words(dreamer, guild=guild),
            "words sent back for rituals": exchange.erase_words(dreamer, guild=guild),
            "things said to others' dreams": words.said,
            "sessions taken part in": words.took_part,
            "reflections": erase_reflections_of(dreamer, guild=guild),
            "notices": consents.erase_notices_to(dreamer, guild=guild)
            + oversight.erase_tellings_to(dreamer, guild=guild),
        }


def _leave(dreamer: UUID, guild: UUID, memberships: Iterable[Membership]) -> None:
    with tenant(guild=guild, dreamer=dreamer):
        live = _live(dreamer, guild)
        if live is not None:
            try:
                offices.leave(by=live)
            except OfficeRefused as refusal:
                raise LastSteward([live.guild.name]) from refusal
        for membership in memberships:
            tenancy.forget_name(membership=membership)


def _live(dreamer: UUID, guild: UUID) -> Membership | None:
    rows = Membership.objects.select_related("guild").filter(dreamer_id=dreamer, guild_id=guild)
    return rows.filter(ended_at=None).first()


def _certify(
    dreamer: UUID,
    extent: Extent,
    gone: journal.Erased,
    guilds: Mapping[UUID, _Ledger],
    *,
    form_key: UUID,
) -> RightsRecord:
    certificate = _certificate(dreamer, extent, gone, guilds)
    detail = {"what": extent.value, "dreams": gone.dreams, "keys": len(gone.keys), "guilds": len(guilds)}
    return note(dreamer, Right.ERASURE, detail=detail, form_key=form_key, certificate=certificate.text)


def _certificate(
    dreamer: UUID, extent: Extent, gone: journal.Erased, guilds: Mapping[UUID, _Ledger]
) -> Certificate:
    members = memberships_by_guild(dreamer)
    return Certificate(
        id=uuid4(),
        extent=extent,
        at=timezone.now(),
        counts=(("dreams", gone.dreams), ("earlier versions of them", gone.earlier)),
        keys=gone.keys,
        guilds=tuple(
            _in_guild(dreamer, guild, guilds[guild], extent=extent, pseudonym=members[guild][-1].pseudonym)
            for guild in sorted(guilds)
        ),
    )


def _in_guild(dreamer: UUID, guild: UUID, found: _Ledger, *, extent: Extent, pseudonym: UUID) -> InGuild:
    """The guild's leaf, and its proof against a checkpoint that is signed now."""
    keys = sorted(found.keys)
    detail = {"what": extent.value, "keys": len(keys), "digest": digest_of(keys)}
    with tenant(guild=guild, dreamer=dreamer):
        leaf = ledger.append(
            guild=guild,
            kind=LeafKind.ERASURE_DONE,
            actor=pseudonym,
            subjects=[str(pseudonym)],
            detail=detail,
        )
        return InGuild(
            name=Guild.objects.values_list("name", flat=True).get(pk=guild),
            guild=guild,
            counts=tuple(found.counts.items()),
            keys=tuple(keys),
            leaf_index=leaf.index,
            entry=bytes(leaf.entry),
            proof=proof_file(guild=guild, index=leaf.index),
            vkey=signing.log_signer(guild).verifier.vkey,
        )


def digest_of(keys: Iterable[UUID]) -> str:
    """SHA-256 over the ids of destroyed keys, in order: what a leaf holds of them."""
    return hashlib.sha256(b"".join(key.bytes for key in sorted(keys))).hexdigest()
