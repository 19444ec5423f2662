"""Every write of a consent. Each statement is a row and a leaf, written together."""

import hashlib
import hmac
import math
import os
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from django.utils import timezone

from governance.consent.enums import ConsentState, Purpose
from governance.consent.errors import NoSuchConsent, TermsRefused
from governance.consent.models import Statement, Subject
from governance.consent.purposes import registered
from governance.consent.selectors import in_force
from governance.consent.terms import LONGEST_LOAN
from governance.consent.withdrawals import Withdrawal, announce
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

NONCE_BYTES = 32
DEPTH_STEP = Decimal("0.0001")
LEAF_OF_STATE = {
    ConsentState.GIVEN: LeafKind.CONSENT_GIVEN,
    ConsentState.REFUSED: LeafKind.CONSENT_REFUSED,
    ConsentState.WITHDRAWN: LeafKind.CONSENT_WITHDRAWN,
    ConsentState.EXPIRED: LeafKind.CONSENT_EXPIRED,
}


def state_terms(
    *,
    guild: UUID,
    dreamer: UUID,
    pseudonym: UUID,
    contribution: UUID,
    granted: Mapping[Purpose, bool],
    depth: float,
    expires_at: datetime | None,
) -> None:
    """Record a dreamer's answer to every purpose they were asked about, refusals too; call in the guild's
    tenant.

    A purpose that is not in `granted` stays unstated, which opens nothing. `depth` is a share from 0 to 1,
    kept to four digits and rounded down. Raises TermsRefused, with a sentence for the form, for terms that
    cannot stand.
    """
    now = timezone.now()
    share = _checked(granted=granted, depth=depth, expires_at=expires_at, at=now)
    ledger.hold(guild=guild)
    subject = _subject(guild=guild, dreamer=dreamer, contribution=contribution)
    for purpose, is_granted in granted.items():
        _state(
            subject,
            pseudonym=pseudonym,
            purpose=Purpose(purpose),
            state=ConsentState.GIVEN if is_granted else ConsentState.REFUSED,
            depth=share,
            expires_at=expires_at,
            at=now,
        )


def withdraw(*, by: Membership | UUID, contribution: UUID, purpose: Purpose | None = None) -> Withdrawal:
    """Take back one purpose, or everything (None, or telling it in the session): effective at the next use.

    `by` is the dreamer, or a membership of theirs; it works from anywhere and after leaving the guild, and
    asks no one's permission. Enters the guild's tenant itself. What follows - keys, dreamscapes, events -
    is done by the callbacks of `withdrawals.on_withdrawal` in the same transaction. Taking back what was
    taken back already changes nothing. Raises NoSuchConsent (a 404) for a contribution that is not this
    dreamer's.
    """
    dreamer = by.dreamer_id if isinstance(by, Membership) else by
    with tenant(dreamer=dreamer):
        subject = Subject.objects.filter(dreamer_id=dreamer, contribution=contribution).first()
    if subject is None or (isinstance(by, Membership) and by.guild_id != subject.guild_id):
        raise NoSuchConsent("You have lent no such dream.")
    with tenant(guild=subject.guild_id, dreamer=dreamer):
        ledger.hold(guild=subject.guild_id)
        return _withdraw(subject, purpose=None if purpose is None else Purpose(purpose))


def expire(statement: Statement, *, at: datetime) -> None:
    """Record that a consent ran out; its expiry had ended it already."""
    subject = Subject.objects.get(guild_id=statement.guild_id, contribution=statement.contribution)
    _follow(statement, subject, state=ConsentState.EXPIRED, at=at)


def _withdraw(subject: Subject, *, purpose: Purpose | None) -> Withdrawal:
    now = timezone.now()
    whole = purpose in (None, Purpose.SHARE_IN_SESSION)
    statements = in_force(subject.guild_id, [subject.contribution])
    ended = {
        stated: row
        for (_, stated), row in statements.items()
        if row.state == ConsentState.GIVEN and (whole or stated is purpose)
    }
    for row in ended.values():
        _follow(row, subject, state=ConsentState.WITHDRAWN, at=now)
    erased = whole and _forget(subject, at=now)
    withdrawal = Withdrawal(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        contribution=subject.contribution,
        purposes=tuple(ended),
        whole=whole,
        at=now,
    )
    if ended or erased:
        announce(withdrawal)
    return withdrawal


def _forget(subject: Subject, *, at: datetime) -> bool:
    """Erase the nonce, so that the log names nothing any more; whether there was one left to erase."""
    held = Subject.objects.filter(pk=subject.pk, withdrawn_at=None)
    return bool(held.update(nonce=None, withdrawn_at=at))


def _subject(*, guild: UUID, dreamer: UUID, contribution: UUID) -> Subject:
    """What stands for the contribution in the ledger, made at its first statement."""
    found = Subject.objects.filter(guild_id=guild, contribution=contribution).first()
    if found is None:
        nonce = os.urandom(NONCE_BYTES)
        return Subject.objects.create(
            guild_id=guild,
            dreamer_id=dreamer,
            contribution=contribution,
            nonce=nonce,
            commitment=hmac.new(nonce, contribution.bytes, hashlib.sha256).hexdigest(),
        )
    if found.dreamer_id != dreamer:
        raise TermsRefused("Terms are stated by the dreamer who lent the dream, and nobody else.")
    if found.withdrawn_at is not None:
        raise TermsRefused("This dream was withdrawn and its key is gone: lend it again to state new terms.")
    return found


def _follow(statement: Statement, subject: Subject, *, state: ConsentState, at: datetime) -> None:
    """Write the statement that ends an earlier one."""
    _state(
        subject,
        pseudonym=statement.pseudonym,
        purpose=Purpose(statement.purpose),
        state=state,
        depth=statement.depth,
        expires_at=statement.expires_at,
        at=at,
    )


def _state(
    subject: Subject,
    *,
    pseudonym: UUID,
    purpose: Purpose,
    state: ConsentState,
    depth: Decimal,
    expires_at: datetime | None,
    at: datetime,
) -> None:
    notice = registered(purpose).notice
    leaf = ledger.append(
        guild=subject.guild_id,
        kind=LEAF_OF_STATE[state],
        actor=SYSTEM if state is ConsentState.EXPIRED else pseudonym,
        subjects=[subject.commitment],
        detail={
            "purpose": purpose.value,
            "depth": float(depth),
            "expires_at": expires_at and expires_at.isoformat(),
            "notice": notice.digest,
        },
        at=at,
    )
    Statement.objects.create(
        guild_id=subject.guild_id,
        dreamer_id=subject.dreamer_id,
        pseudonym=pseudonym,
        contribution=subject.contribution,
        purpose=purpose,
        state=state,
        depth=depth,
        expires_at=expires_at,
        notice_version=notice.version,
        notice_language=notice.language,
        notice_digest=notice.digest,
        stated_at=at,
        leaf_index=leaf.index,
    )


def _checked(
    *, granted: Mapping[Purpose, bool], depth: float, expires_at: datetime | None, at: datetime
) -> Decimal:
    """The depth as it is stored. Raises TermsRefused."""
    if not granted:
        raise TermsRefused("Answer at least one purpose, with yes or no, before you lend the dream.")
    if any(not isinstance(answer, bool) for answer in granted.values()):
        raise TermsRefused("Answer every purpose with yes or no.")
    if not math.isfinite(depth) or not 0 <= depth <= 1:
        raise TermsRefused("Choose a depth between 0 (untouched) and 1 (as deep as others blend).")
    if expires_at is not None and expires_at.tzinfo is None:
        raise TermsRefused("Give the expiry as an instant with its time zone.")
    if expires_at is not None and expires_at <= at:
        raise TermsRefused("Choose an expiry in the future, or none.")
    if expires_at is not None and expires_at > at + LONGEST_LOAN:
        raise TermsRefused("Choose an expiry within a hundred years, or none.")
    return Decimal(str(float(depth))).quantize(DEPTH_STEP, rounding=ROUND_FLOOR)
