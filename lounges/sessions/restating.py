"""What a change of consent does to a session, wherever it was made: the consent room calls these inside its
transaction, with the guild's ledger held. Taking a dream back whole is in `loans.forget`.
"""

from collections.abc import Iterator

from governance.consent.enums import Purpose
from governance.consent.models import Subject
from governance.consent.openings import Opening
from governance.consent.recipients import Recipient
from governance.consent.withdrawals import Withdrawal
from lounges.sessions import events
from lounges.sessions.enums import ContributionState, EventType
from lounges.sessions.models import Association, Contribution, Participation, Session


def set_aside(withdrawal: Withdrawal) -> None:
    """A restricted dream leaves the session, sealed and with its key; one that may be told no longer is
    looked at again by every open page, which then shows no word of it.
    """
    if withdrawal.whole:
        return
    row = _row(withdrawal)
    if row is None:
        return
    if withdrawal.is_restriction:
        _move(row, ContributionState.LENT, ContributionState.RESTRICTED, EventType.DREAM_RESTRICTED)
    elif Purpose.SHARE_IN_SESSION in withdrawal.purposes and row.is_lent:
        _look_again(row)


def take_up(opening: Opening) -> None:
    """A dream whose restriction is lifted comes back, with what was said to it; one that may be told from
    now on is shown.
    """
    row = _row(opening)
    if row is None:
        return
    may_be_told = Purpose.SHARE_IN_SESSION in opening.purposes
    if may_be_told and not row.told:
        Contribution.objects.filter(pk=row.pk).update(told=True)
    if opening.lifted:
        _bring_back(row)
    elif may_be_told and row.is_lent:
        _look_again(row)


def hearers_of(subject: Subject) -> Iterator[Recipient]:
    """Everybody who could read a told dream in its session."""
    row = Contribution.objects.filter(guild_id=subject.guild_id, pk=subject.contribution, told=True).first()
    if row is None:
        return
    heard = Participation.objects.filter(guild_id=row.guild_id, session_id=row.session_id)
    for dreamer, accepted in heard.values_list("dreamer_id", "accepted_terms_at"):
        yield Recipient(dreamer, "session", row.session_id, max(accepted, row.lent_at))


def _row(change: Withdrawal | Opening) -> Contribution | None:
    return Contribution.objects.filter(guild_id=change.guild, pk=change.contribution).first()


def _move(
    row: Contribution, source: ContributionState, target: ContributionState, kind: EventType
) -> Session | None:
    """The session, locked, if the row was in `source`; the event is published with no more than its id."""
    session = events.lock(row.session_id)
    if not Contribution.objects.filter(pk=row.pk, state=source).update(state=target):
        return None
    data = {"id": row.pk}
    if kind is EventType.DREAM_SHARED:
        data["membership"] = row.membership_id
    events.publish(session=session, type=kind, data=data)
    return session


def _bring_back(row: Contribution) -> None:
    session = _move(row, ContributionState.RESTRICTED, ContributionState.LENT, EventType.DREAM_SHARED)
    if session is None:
        return
    said = Association.objects.filter(
        guild_id=row.guild_id, session_id=row.session_id, contribution_id=row.pk
    )
    for association, membership in said.values_list("pk", "membership_id"):
        data = {"id": association, "contribution": row.pk, "membership": membership}
        events.publish(session=session, type=EventType.ASSOCIATION_ADDED, data=data)


def _look_again(row: Contribution) -> None:
    session = events.lock(row.session_id)
    events.publish(session=session, type=EventType.DREAM_RESTATED, data={"id": row.pk})
