"""Writes of what is lent, said and taken back: the services that touch words. For locks see `services`."""

from decimal import Decimal
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from governance.consent import selectors as consents
from governance.consent import services as consent
from governance.consent.enums import Cause, Purpose
from governance.consent.resolution import OPEN_QUESTIONS
from governance.consent.withdrawals import Withdrawal
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.journal import selectors as journal
from guild.journal.errors import EmptyText
from guild.journal.reading import Reading, read_narrative
from guild.journal.records import OpenDream
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.models import KeyKind
from lounges.sessions import events, hearing, selectors, withdrawals
from lounges.sessions.contents import content_commitment, said_commitment
from lounges.sessions.enums import ContributionState, EventType, Extent
from lounges.sessions.errors import Invalid, NotNow
from lounges.sessions.formats import Act
from lounges.sessions.lending import (
    ASKED,
    LONGEST_ASSOCIATION,
    LoanTerms,
    Passage,
    plain_text,
    words_to_lend,
)
from lounges.sessions.models import Association, Contribution, Participation, Session
from lounges.sessions.services import allowed_now

MOST_LENT = 8
"""Dreams of one dreamer in one session: a blend takes 256, and nobody may crowd the others out of it."""

MOST_SAID = 200
"""Associations of one member in one session: everybody's page opens every one of them."""


@transaction.atomic
def share(
    *, session: Session, by: Membership, dream_id: UUID, passage: Passage, terms: LoanTerms
) -> tuple[Contribution, int]:
    """Lends a copy of one of the member's own dreams, or of a part of it, to the session.

    The copy is sealed under a key of its own, its terms are stated, and both stand in the ledger, in one
    transaction. Gives the contribution and the offset of its event. Raises Http404 for a dream that is not
    theirs, Denied, NotNow, Invalid, and the consent room's TermsRefused.
    """
    depth = terms.depth if terms.may_be_blended else None
    decision = _require_participant(session, by, Action.SHARE_DREAM, depth=depth)
    dream = journal.dream_for(by.dreamer_id, dream_id)
    words = words_to_lend(passage, narrative=dream.narrative)
    reading = _reading_of(words, dream)
    ledger.hold(guild=by.guild_id)
    journal.require_kept(by.dreamer_id, dream_id)  # an erasure holds the ledger: one that was faster is seen
    locked = allowed_now(session, Act.SHARE)
    _refuse_one_too_many(locked, by)
    row = _sealed_copy(
        locked, by, dream=dream, passage=passage, words=words, reading=reading, told=terms.told
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotNow(
            "You already lend this dream to this session; withdraw it first to lend it on other terms."
        ) from None
    _state(terms, of=row, by=by, decision=decision)
    data = {"id": row.pk, "membership": by.pk}
    return row, events.publish(session=locked, type=EventType.DREAM_SHARED, data=data)


def standing_of(by: Membership, session: Session) -> dict[Purpose, bool]:
    """What the member decided before for the session, its lounge or the guild: yes or no, where they did."""
    said = consents.standing_choices(by, ASKED, lounge=session.lounge_id, session=session.pk)
    return {
        purpose: verdict.opens
        for purpose, verdict in said.items()
        if verdict.stated is not None and verdict.stated.state not in OPEN_QUESTIONS
    }


def _refuse_one_too_many(session: Session, by: Membership) -> None:
    """The session's row is held, so nobody lends two at once past the bound."""
    if selectors.kept_of(by, session).count() >= MOST_LENT:
        raise NotNow(f"You lend {MOST_LENT} dreams to this session, and no more fit: withdraw one first.")


def _refuse_one_more_word(session: Session, by: Membership) -> None:
    said = Association.objects.filter(guild_id=by.guild_id, session_id=session.pk, membership_id=by.pk)
    if said.count() >= MOST_SAID:
        raise NotNow(f"You have said {MOST_SAID} things in this session, and no more fit: let others speak.")


def _reading_of(words: str, dream: OpenDream) -> Reading:
    try:
        return read_narrative(words, dream.emotions)
    except EmptyText:
        raise Invalid("dream", "There is nothing to read in this dream; write something first.") from None


def _sealed_copy(
    session: Session,
    by: Membership,
    *,
    dream: OpenDream,
    passage: Passage,
    words: str,
    reading: Reading,
    told: bool,
) -> Contribution:
    """The row, not saved yet, with everything in it sealed for its own place."""
    identity = uuid4()
    key = vault.create_key(
        kind=KeyKind.CONTRIBUTION, owner=identity, dreamer=by.dreamer_id, guild=by.guild_id
    )
    row = Contribution(
        id=identity,
        guild_id=by.guild_id,
        session=session,
        membership=by,
        dreamer_id=by.dreamer_id,
        dream_id=dream.id,
        dream_revision=dream.revision,
        extent=passage.extent,
        told=told,
        key_id=key.pk,
    )
    opener = vault.opener(key.pk)
    title = dream.title if passage.extent is Extent.WHOLE else ""
    row.title_sealed = opener.seal(title, selectors.place_of(row, "title"))
    row.text_sealed = opener.seal(words, selectors.place_of(row, "text"))
    row.reading_sealed = opener.seal(reading.to_bytes(), selectors.place_of(row, "reading"))
    return row


def _state(terms: LoanTerms, *, of: Contribution, by: Membership, decision: Decision) -> None:
    consent.state_terms(
        guild=by.guild_id,
        dreamer=by.dreamer_id,
        pseudonym=by.pseudonym,
        contribution=of.pk,
        granted=terms.granted,
        depth=terms.depth,
        expires_at=terms.expires_at,
        lent_to=consent.LentTo(session=of.session_id, lounge=of.session.lounge_id),
        read=terms.read,
    )
    ledger.append(
        guild=by.guild_id,
        kind=LeafKind.CONTRIBUTION_LENT,
        actor=by.pseudonym,
        subjects=[_commitment(of)],
        policy_set=decision.policy_set,
        detail={"session": of.session_id, "extent": of.extent, "content": content_commitment(of)},
    )


@transaction.atomic
def associate(
    *, session: Session, by: Membership, contribution_id: UUID, text: str
) -> tuple[Association, int]:
    """Says what a told dream brings to mind, sealed under a key of who says it, with a leaf that a change,
    a removal or an addition by hand would not fit. Raises as `share` does.
    """
    decision = _require_participant(session, by, Action.ASSOCIATE)
    words = plain_text(text, field="text", longest=LONGEST_ASSOCIATION)
    ledger.hold(guild=by.guild_id)
    locked = allowed_now(session, Act.ASSOCIATE)
    heard = selectors.contribution_in(session, contribution_id)
    if not heard.told:
        raise NotNow("This dream was lent to the blend alone, and is not told here.")
    if not hearing.is_told_still(heard):
        raise NotNow(hearing.UNHEARD)
    if heard.dreamer_id == by.dreamer_id and not locked.practice.associates_with_own:
        raise NotNow(f"In a {locked.practice.title}, nobody associates to their own dream.")
    _refuse_one_more_word(locked, by)
    row = Association(
        guild_id=by.guild_id,
        session=locked,
        contribution=heard,
        membership=by,
        dreamer_id=by.dreamer_id,
        key_id=_key_for_words_of(by, locked),
    )
    row.text_sealed = vault.seal(key_id=hearing.key_of(row), text=words, place=hearing.place_of(row))
    row.save(force_insert=True)
    _record_words(row, by=by, decision=decision)
    data = {"id": row.pk, "contribution": heard.pk, "membership": by.pk}
    return row, events.publish(session=locked, type=EventType.ASSOCIATION_ADDED, data=data)


def _record_words(row: Association, *, by: Membership, decision: Decision) -> None:
    ledger.append(
        guild=by.guild_id,
        kind=LeafKind.ASSOCIATION_ADDED,
        actor=by.pseudonym,
        subjects=[str(row.pk)],
        policy_set=decision.policy_set,
        detail={
            "session": row.session_id,
            "to": _commitment(row.contribution),
            "content": said_commitment(row),
        },
    )


def _key_for_words_of(by: Membership, session: Session) -> UUID:
    """The key of all that a member says in a session, made for their first words; the session is locked."""
    said = Association.objects.filter(guild_id=by.guild_id, session_id=session.pk, membership_id=by.pk)
    held = said.exclude(key_id=None).values_list("key_id", flat=True).first()
    if held is not None:
        return held
    owner = Participation.objects.values_list("pk", flat=True).get(
        guild_id=by.guild_id, session_id=session.pk, membership_id=by.pk
    )
    key = vault.create_key(kind=KeyKind.SAID, owner=owner, dreamer=by.dreamer_id, guild=by.guild_id)
    return key.pk


@transaction.atomic
def withdraw(*, by: Membership, contribution_id: UUID) -> int:
    """Takes back what the member lent: effective at once, in every stage, and after the session.

    Asks nobody's permission, since stopping is the dreamer's right under any law of any guild. Taking back
    twice is taking back once. The offset of the event, or where the session stands. Raises NoSuchConsent (a
    404).
    """
    consent.withdraw(by=by, contribution=contribution_id)
    row = Contribution.objects.select_related("session").get(pk=contribution_id)
    return row.session.top_offset


def forget(withdrawal: Withdrawal) -> None:
    """What a withdrawal does here, wherever it was made: the consent room calls this inside its transaction.

    The key is destroyed and the sealed bytes are removed, the ledger says so, the session's people are
    told, and the rooms above make again what was made with it. A withdrawal of one purpose among others
    changes nothing here.
    """
    if not withdrawal.whole:
        return
    row = Contribution.objects.filter(guild_id=withdrawal.guild, pk=withdrawal.contribution).first()
    if row is None:
        return
    session = events.lock(row.session_id)
    kept = Contribution.objects.filter(pk=row.pk).exclude(state=ContributionState.WITHDRAWN)
    if not kept.update(
        state=ContributionState.WITHDRAWN,
        withdrawn_at=timezone.now(),
        title_sealed=b"",
        text_sealed=b"",
        reading_sealed=b"",
    ):
        return
    vault.destroy_key(key_id=row.key_id)
    _record_withdrawal(row, cause=withdrawal.cause)
    events.publish(session=session, type=EventType.DREAM_WITHDRAWN, data={"id": row.pk})
    row.refresh_from_db()
    withdrawals.tell(row)


def _record_withdrawal(row: Contribution, *, cause: Cause) -> None:
    """In its dreamer's name, or in nobody's where it was the guild that ended the loan."""
    pseudonym = Membership.objects.values_list("pseudonym", flat=True).get(pk=row.membership_id)
    ledger.append(
        guild=row.guild_id,
        kind=LeafKind.CONTRIBUTION_WITHDRAWN,
        actor=pseudonym if cause is Cause.WITHDRAWN else SYSTEM,
        subjects=[_commitment(row)],
        detail={"session": row.session_id},
    )


def _commitment(row: Contribution) -> str:
    """What stands for the contribution in the ledger, the same in every leaf about it."""
    subjects = consents.contributions_of(row.dreamer_id)
    return subjects.values_list("commitment", flat=True).get(contribution=row.pk)


def _require_participant(
    session: Session, by: Membership, action: Action, *, depth: float | None = None
) -> Decision:
    """Raises Denied, also for a depth beyond what the guild's law lets anybody lend to."""
    asked = {} if depth is None else {"depth": Decimal(str(depth))}
    return require(
        actor=by,
        action=action,
        resource=selectors.resource_of(session),
        participating=selectors.is_participating(session, by),
        **asked,
    )
