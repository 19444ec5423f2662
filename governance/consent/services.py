"""Stating the terms of a loan, and taking it back. Each statement is a row and a leaf, written together.

What is answered later, or for more than one dream, is in `answering`; setting aside is in `restrictions`;
what a guild does by itself is in `guild_acts`.
"""

import hashlib
import hmac
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from django.utils import timezone

from governance.consent import notices, recipients, selectors, stating
from governance.consent.enums import Cause, ConsentState, Purpose, Told
from governance.consent.errors import NoSuchConsent, NotLent, TermsRefused
from governance.consent.models import Statement, Subject
from governance.consent.purposes import registered
from governance.consent.resolution import GIVING
from governance.consent.stating import About, Said
from governance.consent.terms import LONGEST_LOAN
from governance.consent.withdrawals import Withdrawal, announce
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

NONCE_BYTES = 32
DEPTH_STEP = Decimal("0.0001")
ANEW = frozenset({ConsentState.GIVEN, ConsentState.RENEWED, ConsentState.EXPIRED, ConsentState.INVALIDATED})
"""A yes after one of these renews what was given before."""


@dataclass(frozen=True)
class LentTo:
    """The session that a contribution is lent to, and its lounge: what broader statements apply by."""

    session: UUID
    lounge: UUID


def state_terms(
    *,
    guild: UUID,
    dreamer: UUID,
    pseudonym: UUID,
    contribution: UUID,
    granted: Mapping[Purpose, bool],
    depth: float,
    expires_at: datetime | None,
    lent_to: LentTo | None = None,
    read: Mapping[Purpose, str] | None = None,
) -> None:
    """Record a dreamer's answer to every purpose they were asked about, refusals too; call in the guild's
    tenant.

    A purpose that is not in `granted` stays unstated: what the dreamer said for the session, the lounge or
    the guild holds, and nothing opens where they said nothing. `depth` is a share from 0 to 1, kept to four
    digits and rounded down. `read` is the digest of the text that was before them, by purpose. Raises
    TermsRefused, with a sentence for the form, for terms that cannot stand, and NoticeChanged.
    """
    now = timezone.now()
    if lent_to is None and not granted:
        raise TermsRefused("Answer at least one purpose, with yes or no, before you lend the dream.")
    share = checked(granted=granted, depth=depth, expires_at=expires_at, at=now)
    marks = {
        purpose: notices.current(purpose, (read or {}).get(purpose, registered(purpose).notice.digest))
        for purpose in granted
    }
    ledger.hold(guild=guild)
    subject = _subject(
        guild=guild, dreamer=dreamer, contribution=contribution, pseudonym=pseudonym, lent_to=lent_to
    )
    what = stating.about(subject, pseudonym=pseudonym)
    for purpose, is_granted in granted.items():
        state = given_state(what, purpose) if is_granted else ConsentState.REFUSED
        served = notices.last_served(dreamer, marks[purpose])
        said = Said(Purpose(purpose), state, share, expires_at, marks[purpose], served)
        stating.write(what, said, at=now)


def given_state(what: About, purpose: Purpose) -> ConsentState:
    """How a yes is recorded: as given, or as given anew where it was before."""
    earlier = stating.newest(what, purpose)
    anew = earlier is not None and ConsentState(earlier.state) in ANEW
    return ConsentState.RENEWED if anew else ConsentState.GIVEN


def withdraw(*, by: Membership | UUID, contribution: UUID, purpose: Purpose | None = None) -> Withdrawal:
    """Take back one purpose, or everything (None, or telling it in the session): effective at the next use.

    `by` is the dreamer, or a membership of theirs; it works from anywhere and after leaving the guild, and
    asks no one's permission. Enters the guild's tenant itself. What follows - keys, dreamscapes, events -
    is done by the callbacks of `withdrawals.on_withdrawal` in the same transaction, and everybody whom a
    whole dream had reached is told. Taking back what was taken back already changes nothing. Raises
    NoSuchConsent (a 404) for a contribution that is not this dreamer's.
    """
    with own_subject(by, contribution) as subject:
        return end(subject, purpose=None if purpose is None else Purpose(purpose))


@contextmanager
def own_subject(by: Membership | UUID, contribution: UUID) -> Iterator[Subject]:
    """The dreamer's own contribution, in its guild's tenant, with the guild's ledger held. Raises
    NoSuchConsent.
    """
    dreamer = by.dreamer_id if isinstance(by, Membership) else by
    with tenant(dreamer=dreamer):
        guild = selectors.subject_for(dreamer, contribution).guild_id
    if isinstance(by, Membership) and by.guild_id != guild:
        raise NoSuchConsent("You have lent no such dream.")
    with ledger.held(guild=guild, dreamer=dreamer):
        yield selectors.subject_for(dreamer, contribution)


def expire(statement: Statement, *, at: datetime) -> None:
    """Record that a consent ran out; its expiry had ended it already."""
    what = stating.about_row(statement)
    stating.follow(statement, what, state=ConsentState.EXPIRED, at=at, actor=SYSTEM)


def end(
    subject: Subject,
    *,
    purpose: Purpose | None,
    state: ConsentState = ConsentState.WITHDRAWN,
    cause: Cause = Cause.WITHDRAWN,
    actor: UUID | str | None = None,
) -> Withdrawal:
    """Let one purpose, or the whole contribution, stand no longer, with all that follows. `actor` is who ends
    it, where it is not its dreamer. Call in the guild's tenant with its ledger held; asks no law.
    """
    now = timezone.now()
    whole = purpose in (None, Purpose.SHARE_IN_SESSION)
    ended = _standing(subject, None if whole else purpose)
    for row in ended.values():
        what = stating.about(subject, pseudonym=row.pseudonym)
        stating.follow(row, what, state=state, at=now, actor=actor)
    erased = whole and _forget(subject, at=now)
    withdrawal = Withdrawal(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        contribution=subject.contribution,
        purposes=tuple(ended),
        whole=whole,
        at=now,
        cause=cause,
    )
    reached = recipients.of(subject) if erased else ()
    if ended or erased:
        announce(withdrawal)
    if erased:
        recipients.tell(subject, reached, what=Told.WITHDRAWN, at=now)
    return withdrawal


def _standing(subject: Subject, purpose: Purpose | None) -> dict[Purpose, Statement]:
    """What was given for the contribution, by its own statement or a broader one, and would end with it."""
    held = selectors.in_force(subject.guild_id, [subject.contribution])
    asked = [purpose] if purpose else [one for one in Purpose if registered(one).of_dreams]
    rows = {one: held.statement(subject.contribution, one) for one in asked}
    return {one: row for one, row in rows.items() if row is not None and row.state in GIVING}


def _forget(subject: Subject, *, at: datetime) -> bool:
    """Erase the nonce, so that the log names nothing any more; whether there was one left to erase."""
    held = Subject.objects.filter(pk=subject.pk, withdrawn_at=None)
    return bool(held.update(nonce=None, withdrawn_at=at))


def _subject(
    *, guild: UUID, dreamer: UUID, contribution: UUID, pseudonym: UUID, lent_to: LentTo | None
) -> Subject:
    """What stands for the contribution in the ledger, made at its first statement."""
    found = Subject.objects.filter(guild_id=guild, contribution=contribution).first()
    if found is None:
        nonce = os.urandom(NONCE_BYTES)
        return Subject.objects.create(
            guild_id=guild,
            dreamer_id=dreamer,
            contribution=contribution,
            pseudonym=pseudonym,
            session=None if lent_to is None else lent_to.session,
            lounge=None if lent_to is None else lent_to.lounge,
            nonce=nonce,
            commitment=hmac.new(nonce, contribution.bytes, hashlib.sha256).hexdigest(),
        )
    if found.dreamer_id != dreamer:
        raise TermsRefused("Terms are stated by the dreamer who lent the dream, and nobody else.")
    require_lent(found)
    return found


def require_lent(subject: Subject) -> None:
    """Raises NotLent for what was taken back whole."""
    if subject.withdrawn_at is not None:
        raise NotLent("This dream was withdrawn and its key is gone: lend it again to state new terms.")


def pseudonym_of(subject: Subject) -> UUID:
    """The pseudonym under which it was lent; in its guild's tenant."""
    if subject.pseudonym is not None:
        return subject.pseudonym
    mine = Membership.objects.filter(guild_id=subject.guild_id, dreamer_id=subject.dreamer_id)
    return mine.order_by("-joined_at").values_list("pseudonym", flat=True)[0]


def checked(
    *, granted: Mapping[Purpose, bool], depth: float, expires_at: datetime | None, at: datetime
) -> Decimal:
    """The depth as it is stored. Raises TermsRefused for limits that cannot stand."""
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
