"""What a guild itself says about a consent, each by a member whom the law lets: asking for one, revoking one,
and finding that one was not valid. The dreamer's own word is in `services` and `answering`.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from governance.consent import announcing, selectors, services, stating, withdrawals
from governance.consent.enums import Cause, ConsentState, Purpose
from governance.consent.errors import NoSuchConsent, TermsRefused
from governance.consent.models import Statement, Subject
from governance.consent.purposes import registered
from governance.consent.resolution import GIVING
from governance.consent.stating import Said
from governance.consent.withdrawals import Withdrawal
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Guild, Membership

_ANSWERED = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.REQUESTED})
_CAUSE = {ConsentState.REVOKED: Cause.REVOKED, ConsentState.INVALIDATED: Cause.INVALIDATED}


def request(*, by: Membership, contribution: UUID, purpose: Purpose) -> Statement:
    """Ask a dreamer for a consent they have not given. Call in the guild's tenant.

    Nobody is asked twice, and nobody who said no is asked again. Raises Denied, NoSuchConsent and
    TermsRefused.
    """
    subject = _asked_about(by, contribution, Action.REQUEST_CONSENT)
    entry = registered(purpose)
    if not entry.of_dreams:
        raise TermsRefused(f"“{entry.title}” is asked of a person, and not of a dream.")
    now = timezone.now()
    row = selectors.in_force(by.guild_id, [contribution]).statement(contribution, purpose)
    if row is not None and not selectors.reason_shut(row, at=now):
        raise TermsRefused("Its dreamer has allowed this already.")
    if row is not None and row.state in _ANSWERED:
        raise TermsRefused("Its dreamer was asked, and nobody is asked twice.")
    said = Said(purpose, ConsentState.REQUESTED, Decimal(0), None, entry.notice.mark)
    what = stating.about(subject, pseudonym=services.pseudonym_of(subject))
    row = stating.write(what, said, at=now, actor=by.pseudonym)
    announcing.asked(subject, Purpose(purpose))
    return row


def may_be_asked(row: Statement | None, *, at: datetime) -> bool:
    """Whether a dreamer may be asked for what stands as in `row`: it is not allowed, or not any longer, and
    they did not answer and were not asked before.
    """
    return row is None or (bool(selectors.reason_shut(row, at=at)) and row.state not in _ANSWERED)


def revoke(*, by: Membership, contribution: UUID, purpose: Purpose) -> Statement:
    """End a consent in the guild's name, for this dream; its dreamer may give it again.

    Raises as `request`.
    """
    return _end(by, contribution, purpose, ConsentState.REVOKED)


def revoke_all(*, by: Membership, contribution: UUID) -> Withdrawal:
    """End everything of a lent dream in the guild's name: every consent to it, its copy, and its key.

    All that follows from a withdrawal of the whole follows from it too. Raises Denied and NoSuchConsent, and
    TermsRefused when there is nothing left of it.
    """
    subject = _asked_about(by, contribution, Action.REVOKE_CONSENT)
    return services.end(
        subject, purpose=None, state=ConsentState.REVOKED, cause=Cause.REVOKED, actor=by.pseudonym
    )


def give_back(*, guild: Guild, contribution: UUID, days: int) -> Withdrawal:
    """End everything of a dream that has been lent for `days`, because the guild's law lets none be lent so
    long: its copy and its key are gone as if its dreamer had taken it back. The guild itself acts.

    Call in the guild's tenant. Raises Denied and NoSuchConsent, and TermsRefused when nothing is left of it.
    """
    ledger.hold(guild=guild.pk)
    subject = Subject.objects.filter(guild_id=guild.pk, contribution=contribution).first()
    if subject is None:
        raise NoSuchConsent("There is no such lent dream in this guild.")
    resource = entities.contribution(id=contribution, guild=guild.pk, owner=subject.dreamer_id)
    require(actor=guild, action=Action.GIVE_BACK, resource=resource, days=days)
    services.require_lent(subject)
    return services.end(subject, purpose=None, state=ConsentState.REVOKED, cause=Cause.REVOKED, actor=SYSTEM)


def invalidate(*, by: Membership, contribution: UUID, purpose: Purpose) -> Statement:
    """Record that a consent was not valid: nothing more is done under it. Raises as `request`."""
    return _end(by, contribution, purpose, ConsentState.INVALIDATED)


def _end(by: Membership, contribution: UUID, purpose: Purpose, state: ConsentState) -> Statement:
    subject = _asked_about(by, contribution, Action.REVOKE_CONSENT)
    now = timezone.now()
    held = selectors.in_force(by.guild_id, [contribution])
    row = held.statement(contribution, purpose)
    if row is None or row.state not in GIVING:
        raise TermsRefused("There is no consent to this that could be ended.")
    opened = held.opens(contribution, purpose, at=now)
    what = stating.about(subject, pseudonym=services.pseudonym_of(subject))
    ended = stating.follow(row, what, state=state, at=now, actor=by.pseudonym)
    if opened:
        withdrawals.announce(
            Withdrawal(
                guild=subject.guild_id,
                dreamer=subject.dreamer_id,
                contribution=contribution,
                purposes=(purpose,),
                whole=False,
                at=now,
                cause=_CAUSE[state],
            )
        )
    return ended


def _asked_about(by: Membership, contribution: UUID, action: Action) -> Subject:
    """What stands for the contribution, if the law lets the member; with the guild's ledger held."""
    ledger.hold(guild=by.guild_id)
    subject = Subject.objects.filter(guild_id=by.guild_id, contribution=contribution).first()
    if subject is None:
        raise NoSuchConsent("There is no such lent dream in this guild.")
    resource = entities.contribution(id=contribution, guild=by.guild_id, owner=subject.dreamer_id)
    require(actor=by, action=action, resource=resource)
    services.require_lent(subject)
    return subject
