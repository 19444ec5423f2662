"""Setting a lent dream aside (GDPR 18): it stays stored, with its key, and nothing is done with it."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from governance.consent import openings, recipients, selectors, services, withdrawals
from governance.consent.enums import Cause, Purpose, Told
from governance.consent.models import Restriction, Subject
from governance.consent.openings import Opening
from governance.consent.withdrawals import Withdrawal
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from guild.tenancy.models import Membership


def restrict(*, by: Membership | UUID, contribution: UUID) -> bool:
    """Restrict a dream of one's own to storage: effective at the next use, in a running session at once, and
    in every dreamscape made with it. Whoever it had reached is told. Whether it was not restricted before.

    Raises NoSuchConsent, and NotLent for a dream that was withdrawn whole.
    """
    with services.own_subject(by, contribution) as subject:
        services.require_lent(subject)
        if subject.restricted_at is not None:
            return False
        now = timezone.now()
        standing = _open_purposes(subject, at=now)
        reached = recipients.of(subject)
        _record(subject, restricted=True, at=now)
        withdrawals.announce(_withdrawal(subject, standing, at=now))
        recipients.tell(subject, reached, what=Told.RESTRICTED, at=now)
        return True


def lift_restriction(*, by: Membership | UUID, contribution: UUID) -> bool:
    """Let a restricted dream be used again, under what was stated about it. Whether it was restricted.

    Raises as `restrict` does.
    """
    with services.own_subject(by, contribution) as subject:
        services.require_lent(subject)
        if subject.restricted_at is None:
            return False
        now = timezone.now()
        _record(subject, restricted=False, at=now)
        openings.announce(
            Opening(
                guild=subject.guild_id,
                dreamer=subject.dreamer_id,
                contribution=subject.contribution,
                purposes=_open_purposes(subject, at=now),
                at=now,
                lifted=True,
            )
        )
        return True


def _record(subject: Subject, *, restricted: bool, at: datetime) -> None:
    """The leaf, the row of the history, and the mark that the gate looks at."""
    leaf = ledger.append(
        guild=subject.guild_id,
        kind=LeafKind.CONSENT_RESTRICTED if restricted else LeafKind.CONSENT_UNRESTRICTED,
        actor=services.pseudonym_of(subject),
        subjects=[subject.commitment],
        at=at,
    )
    Restriction.objects.create(
        guild_id=subject.guild_id,
        dreamer_id=subject.dreamer_id,
        contribution=subject.contribution,
        restricted=restricted,
        at=at,
        leaf_index=leaf.index,
    )
    Subject.objects.filter(pk=subject.pk).update(restricted_at=at if restricted else None)


def _open_purposes(subject: Subject, *, at: datetime) -> tuple[Purpose, ...]:
    held = selectors.in_force(subject.guild_id, [subject.contribution])
    return tuple(purpose for purpose in Purpose if held.opens(subject.contribution, purpose, at=at))


def _withdrawal(subject: Subject, purposes: tuple[Purpose, ...], *, at: datetime) -> Withdrawal:
    return Withdrawal(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        contribution=subject.contribution,
        purposes=purposes,
        whole=False,
        at=at,
        cause=Cause.RESTRICTED,
    )
