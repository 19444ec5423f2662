"""Every write of lounges and sessions. Call inside the guild's tenant; `by` is the acting member.

Order of locks, everywhere: the guild's ledger first (`ledger.hold`), then the session's row
(`events.lock`). What a service needs to read or compute comes before both, because whoever holds them holds
up the guild.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import Decision, require
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.models import KeyKind
from lounges.experiences import selectors as experiences
from lounges.experiences.models import ExperienceVersion
from lounges.sessions import events, formats, selectors
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Confidentiality, EventType, SessionState
from lounges.sessions.errors import Invalid, NotNow
from lounges.sessions.formats import Act
from lounges.sessions.hours import minute_of
from lounges.sessions.lending import plain_text
from lounges.sessions.models import Lounge, Participation, Session

LONGEST_TITLE = 120
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 1_000
FARTHEST_AHEAD = timedelta(days=36_525)  # near the year 10,000 a row could be written and never read again


@transaction.atomic
def make_lounge(*, by: Membership, name: str, description: str = "") -> Lounge:
    """A new lounge of the guild. Raises Denied, or Invalid for a name that is taken or no name."""
    decision = require(actor=by, action=Action.MANAGE_LOUNGE, resource=entities.guild(by.guild_id))
    called = plain_text(name, field="name", longest=LONGEST_NAME)
    slug = slugify(called)[:60]
    if not slug:
        raise Invalid("name", "Give the lounge a name with at least one letter or digit from a to z, 0 to 9.")
    about = description.strip() and plain_text(description, field="description", longest=LONGEST_DESCRIPTION)
    ledger.hold(guild=by.guild_id)
    try:
        with transaction.atomic():
            lounge = Lounge.objects.create(guild_id=by.guild_id, slug=slug, name=called, description=about)
    except IntegrityError:
        raise Invalid("name", "There is a lounge of this name already; choose another name.") from None
    _record(LeafKind.LOUNGE_MADE, by=by, decision=decision, subject=lounge.pk)
    return lounge


@transaction.atomic
def create(
    *,
    lounge: Lounge,
    by: Membership,
    title: str,
    format: str = formats.OPEN_CIRCLE.name,
    confidentiality: str = Confidentiality.SESSION,
    opens_at: datetime | None = None,
    experience: UUID | None = None,
) -> Session:
    """A session that opens at `opens_at`, or now (None) with `by` as its host; `experience` is the version of
    the recipe that it blends by, None the house's plain one. Raises Denied or Invalid.
    """
    now = timezone.now()
    if opens_at is not None and opens_at <= now:
        raise Invalid("opens_at", "Choose a time in the future, or open the session now.")
    if opens_at is not None and opens_at > now + FARTHEST_AHEAD:
        raise Invalid("opens_at", "Choose a time within a hundred years, or open the session now.")
    decision = _may_open(lounge.pk, by, at=opens_at or now)
    version = _recipe_for(by, experience)
    session = _new_session(
        lounge, by, title=title, format=format, confidentiality=confidentiality, opens_at=opens_at or now
    )
    session.experience_version = version
    ledger.hold(guild=by.guild_id)
    session.save(force_insert=True)
    if opens_at is None:
        _open(session, by=by, decision=decision)
    else:
        _record(
            LeafKind.SESSION_SCHEDULED,
            by=by,
            decision=decision,
            subject=session.pk,
            detail=_place_of(session),
        )
    return session


def _may_open(lounge: UUID, by: Membership, *, at: datetime) -> Decision:
    """Whether the law lets a member open a session in a lounge at a moment, by the guild's own clock. Raises
    Denied.
    """
    resource = entities.lounge(id=lounge, guild=by.guild_id)
    minute = minute_of(at, clock=law_of(by.guild).clock)
    return require(actor=by, action=Action.OPEN_SESSION, resource=resource, minute=minute)


def _recipe_for(by: Membership, experience: UUID | None) -> ExperienceVersion | None:
    """The version that a session is to blend by. Raises Denied where the law does not let it be used, Invalid
    where there is none. None is the plain recipe, with which people may meet also while it is suspended:
    then it is the blend that is refused.
    """
    if experience is None:
        return None
    version = ExperienceVersion.objects.filter(guild_id=by.guild_id, pk=experience).first()
    if version is None:
        raise Invalid("experience", "There is no such experience in this guild: choose another one.")
    experiences.require_usable(actor=by, version=experience)
    return version


def _new_session(
    lounge: Lounge, by: Membership, *, title: str, format: str, confidentiality: str, opens_at: datetime
) -> Session:
    """A session that is not saved yet, with a key of its own for what will be said in it."""
    if format not in formats.FORMATS:
        raise Invalid("format", f"Choose a format: {', '.join(formats.FORMATS)}.")
    if confidentiality not in Confidentiality.values:
        raise Invalid("confidentiality", "Choose how far what is told may travel.")
    identity = uuid4()
    called = plain_text(title, field="title", longest=LONGEST_TITLE)
    key = vault.create_key(kind=KeyKind.SESSION, owner=identity, guild=by.guild_id)
    return Session(
        id=identity,
        guild_id=by.guild_id,
        lounge=lounge,
        host=by,
        title=called,
        format=format,
        stage=formats.FORMATS[format].first.name,
        confidentiality=confidentiality,
        opens_at=opens_at,
        key_id=key.pk,
    )


@transaction.atomic
def open_session(*, session: Session, by: Membership) -> int:
    """Opens a scheduled session; whoever opens it hosts it. The offset of the event. Raises Denied,
    NotNow.
    """
    decision = _may_open(session.lounge_id, by, at=timezone.now())
    ledger.hold(guild=by.guild_id)
    if session.experience_version_id is not None:
        experiences.require_usable(actor=by, version=session.experience_version_id)
    return _open(events.lock(session.pk), by=by, decision=decision)


def _open(session: Session, *, by: Membership, decision: Decision) -> int:
    scheduled = Session.objects.filter(pk=session.pk, state=SessionState.SCHEDULED)
    now = timezone.now()
    if not scheduled.update(state=SessionState.OPEN, opened_at=now, host_id=by.pk):
        raise NotNow("This session was opened before; join it instead.")
    session.state, session.opened_at, session.host = SessionState.OPEN, now, by
    detail = _place_of(session)
    _record(LeafKind.SESSION_OPENED, by=by, decision=decision, subject=session.pk, detail=detail)
    data = {"id": session.pk, "stage": session.stage}
    return events.publish(session=session, type=EventType.SESSION_OPENED, data=data)


def _place_of(session: Session) -> dict[str, Any]:
    """Where a session is, and by which version it blends if not by the plain recipe, for its leaves."""
    named = session.experience_version_id
    return {"lounge": session.lounge_id} | ({} if named is None else {"experience": named})


@transaction.atomic
def join(*, session: Session, by: Membership, terms: str) -> int:
    """Lets a member take part who accepted the terms whose digest is `terms`. Joining twice is joining once.

    Raises Denied, NotNow, or Invalid when these are not the session's terms.
    """
    require(actor=by, action=Action.JOIN_SESSION, resource=selectors.resource_of(session))
    if terms != terms_of(session.confidentiality).digest:
        raise Invalid("terms", "Read the terms of this session and accept them before you join.")
    locked = allowed_now(session, Act.JOIN)
    participation, is_new = Participation.objects.get_or_create(
        guild_id=session.guild_id,
        session_id=session.pk,
        membership_id=by.pk,
        defaults={"dreamer_id": by.dreamer_id, "terms_digest": terms},
    )
    if is_new:
        return _said_of(locked, by, EventType.PARTICIPANT_JOINED)
    return _come_back(locked, participation, by)


@transaction.atomic
def return_to(*, session: Session, by: Membership) -> int:
    """Comes back after stepping out. Raises Denied, NotNow."""
    require(actor=by, action=Action.JOIN_SESSION, resource=selectors.resource_of(session))
    locked = allowed_now(session, Act.RETURN)
    participation = selectors.participation_of(session, by)
    if participation is None:
        raise NotNow("You have not joined this session yet; read its terms first.")
    return _come_back(locked, participation, by)


def _come_back(session: Session, participation: Participation, by: Membership) -> int:
    away = Participation.objects.filter(pk=participation.pk, stepped_out_at__isnull=False)
    if not away.update(stepped_out_at=None):
        return session.top_offset
    return _said_of(session, by, EventType.PARTICIPANT_RETURNED)


@transaction.atomic
def step_out(*, session: Session, by: Membership) -> int:
    """Leaves the session, at any time and without a reason; also when it is closed. Twice is once."""
    require(actor=by, action=Action.STEP_OUT, resource=selectors.resource_of(session))
    locked = events.lock(session.pk)
    present = Participation.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, membership_id=by.pk, stepped_out_at=None
    )
    if not present.update(stepped_out_at=timezone.now()):
        return locked.top_offset
    return _said_of(locked, by, EventType.PARTICIPANT_STEPPED_OUT)


@transaction.atomic
def set_stage(*, session: Session, by: Membership, stage: str) -> int:
    """Moves to a stage: the next one, or any earlier. Raises Denied, NotNow, Invalid."""
    require(actor=by, action=Action.SET_STAGE, resource=selectors.resource_of(session))
    locked = allowed_now(session, Act.SET_STAGE)
    practice = locked.practice
    if stage not in [known.name for known in practice.stages]:
        raise Invalid("stage", f"The {practice.title} has no such stage.")
    if stage == locked.stage:
        return locked.top_offset
    if not practice.may_move(source=locked.stage, target=stage):
        raise NotNow("A session moves one stage forward at a time, or back to any earlier one.")
    Session.objects.filter(pk=locked.pk).update(stage=stage)
    data = {"id": locked.pk, "stage": stage}
    return events.publish(session=locked, type=EventType.STAGE_CHANGED, data=data)


@transaction.atomic
def close(*, session: Session, by: Membership) -> int:
    """Ends the session for good. What was lent stays lent until it is withdrawn. Raises Denied, NotNow."""
    decision = require(actor=by, action=Action.CLOSE_SESSION, resource=selectors.resource_of(session))
    ledger.hold(guild=by.guild_id)
    locked = events.lock(session.pk)
    open_now = Session.objects.filter(pk=locked.pk, state=SessionState.OPEN)
    if not open_now.update(state=SessionState.CLOSED, closed_at=timezone.now()):
        raise NotNow("Only a session that is open can be closed.")
    _record(LeafKind.SESSION_CLOSED, by=by, decision=decision, subject=locked.pk)
    return events.publish(session=locked, type=EventType.SESSION_CLOSED, data={"id": locked.pk})


def allowed_now(session: Session, act: Act) -> Session:
    """The session, locked, when it is open and its stage allows `act`. Raises NotNow with what to wait
    for.
    """
    locked = events.lock(session.pk)
    if locked.state == SessionState.SCHEDULED:
        raise NotNow("This session has not been opened yet.")
    if locked.state == SessionState.CLOSED:
        raise NotNow("This session is closed: nothing more can be added to it.")
    if not locked.practice.allows(act, stage=locked.stage):
        stages = " or ".join(stage.title for stage in locked.practice.stages_allowing(act))
        raise NotNow(f"This is possible in the stage {stages}; the host sets the stages.")
    return locked


def _said_of(session: Session, member: Membership, kind: EventType) -> int:
    return events.publish(session=session, type=kind, data={"id": member.pk})


def _record(
    kind: LeafKind,
    *,
    by: Membership,
    decision: Decision,
    subject: UUID,
    detail: Mapping[str, Any] | None = None,
) -> None:
    ledger.append(
        guild=by.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(subject)],
        policy_set=decision.policy_set,
        detail=detail or {},
    )
