"""Calling for a stop, taking the call back, and the halt that follows when enough call.

A call is a participant's right in every stage while the session is open, and also after stepping out. Who
called is told to nobody: the leaf holds a commitment and the event a count. How many calls it takes is
counted at each call, and only then: somebody who steps out stops no blend.

Order of locks, as everywhere: the guild's ledger first, then the session's row.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from governance.audits import findings
from governance.audits.discrepancies import Discrepancy
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import Decision, require
from guild.tenancy.models import Guild, Membership
from guild.vault import services as vault
from lounges.dreamscapes import recording
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import live_runs
from lounges.experiences import services as experiences
from lounges.halts import announcing, selectors
from lounges.halts.errors import StoppedAlready
from lounges.halts.models import Call, Halt
from lounges.halts.selectors import Count
from lounges.sessions import events
from lounges.sessions.enums import EventType
from lounges.sessions.formats import Act
from lounges.sessions.models import Participation, Session
from lounges.sessions.selectors import participation_of, resource_of
from lounges.sessions.services import allowed_now

HALTS = "halts_halt"
RULE = "session.halted"


@dataclass(frozen=True)
class Stance:
    """Where a call left the session: the offset of its latest event, how many call, how many it takes."""

    offset: int
    calls: int
    needed: int
    halted: bool


@transaction.atomic
def resist(*, session: Session, by: Membership) -> Stance:
    """Call for the session's blend to be stopped; at the guild's threshold it stops at once.

    One call a person, however often and from wherever it is sent. Raises Denied for somebody who never
    joined, NotNow for a session that is not open.
    """
    ledger.hold(guild=by.guild_id)
    participation, decision = _asked(session, by)
    locked = allowed_now(session, Act.RESIST)
    if locked.halted_at is not None or selectors.own_call(locked, participation) is not None:
        return _stance(locked, selectors.count_of(locked, by.guild), offset=locked.top_offset)
    count = _call(locked, participation, by=by, decision=decision)
    offset = _tell(locked, count)
    if count.is_reached:
        offset = _halt(locked, count, guild=by.guild)
    return _stance(locked, count, offset=offset)


@transaction.atomic
def relent(*, session: Session, by: Membership) -> Stance:
    """Take one's call back, while nothing was stopped. Without a call it changes nothing.

    Raises Denied, NotNow, and StoppedAlready once the blend was stopped.
    """
    ledger.hold(guild=by.guild_id)
    participation, decision = _asked(session, by)
    locked = allowed_now(session, Act.RELENT)
    if locked.halted_at is not None:
        raise StoppedAlready(
            "The blend was stopped already, so no call can be taken back: enforcers rule on it."
        )
    call = selectors.own_call(locked, participation)
    if call is None:
        return _stance(locked, selectors.count_of(locked, by.guild), offset=locked.top_offset)
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.BLEND_RELENTED,
        actor=SYSTEM,
        subjects=[call.commitment],
        policy_set=decision.policy_set,
        detail={"session": locked.pk},
    )
    call.taken_back_at, call.taken_back_leaf = leaf.at, leaf.index
    call.save(update_fields=["taken_back_at", "taken_back_leaf"])
    count = selectors.count_of(locked, by.guild)
    return _stance(locked, count, offset=_tell(locked, count))


def _asked(session: Session, by: Membership) -> tuple[Participation, Decision]:
    """The member's place in the session, if the law lets them call. Raises Denied."""
    participation = participation_of(session, by)
    joined = participation is not None
    decision = require(actor=by, action=Action.RESIST, resource=resource_of(session), joined=joined)
    if participation is None:
        raise RuntimeError("The law let somebody call for a stop who never joined the session.")
    return participation, decision


def _call(session: Session, participation: Participation, *, by: Membership, decision: Decision) -> Count:
    """The row and its leaf, which does not say whose call it is; how many call now."""
    identity = uuid4()
    commitment = vault.commitment(key_id=session.key_id, data=identity.bytes + participation.pk.bytes)
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.BLEND_RESISTED,
        actor=SYSTEM,
        subjects=[commitment],
        policy_set=decision.policy_set,
        detail={"session": session.pk},
    )
    Call.objects.create(
        id=identity,
        guild_id=by.guild_id,
        session_id=session.pk,
        participation=participation.pk,
        commitment=commitment,
        called_at=leaf.at,
        leaf=leaf.index,
    )
    return selectors.count_of(session, by.guild)


def _tell(session: Session, count: Count) -> int:
    data = {"id": session.pk, "calls": count.calls, "needed": count.needed}
    return events.publish(session=session, type=EventType.RESISTANCE_CHANGED, data=data)


def _stance(session: Session, count: Count, *, offset: int) -> Stance:
    return Stance(offset, count.calls, count.needed, session.halted_at is not None)


def _halt(session: Session, count: Count, *, guild: Guild) -> int:
    """Stop what is under way, suspend what it was made by, and bring it before the enforcers; the offset of
    the event. All of it in the transaction of the call that was the last one needed.
    """
    decision = require(
        actor=guild, action=Action.HALT_BLEND, resource=resource_of(session), reached=count.is_reached
    )
    now, identity, runs = timezone.now(), uuid4(), live_runs(session=session)
    version = session.experience_version
    suspended = experiences.suspend(guild=guild, version=version, halt=identity, at=now)
    share = str(law_of(guild).halt_share)
    leaf = ledger.append(
        guild=guild.pk,
        kind=LeafKind.BLEND_HALTED,
        actor=SYSTEM,
        subjects=[str(identity)],
        policy_set=decision.policy_set,
        detail={
            "session": session.pk,
            "runs": [run.pk for run in runs],
            "experience": suspended.pk,
            "version": session.experience_version_id,
            "calls": count.calls,
            "participants": count.participants,
            "needed": count.needed,
            "share": share,
        },
        at=now,
    )
    for run in runs:
        recording.halted(run, leaf=leaf.index, at=now)
    halt = Halt(
        id=identity,
        guild_id=guild.pk,
        session_id=session.pk,
        run=runs[0] if runs else None,
        experience=suspended,
        version=version,
        calls=count.calls,
        participants=count.participants,
        needed=count.needed,
        share=share,
        at=now,
        leaf=leaf.index,
    )
    offset = _settle(halt, session, runs=runs)
    announcing.halted(halt, session, guild=guild)
    return offset


def _settle(halt: Halt, session: Session, *, runs: list[BlendRun]) -> int:
    """The rows of the halt, what enforcers rule on, and the event."""
    halt.finding = _before_the_enforcers(halt, at=halt.at)
    halt.save(force_insert=True)
    Session.objects.filter(pk=session.pk).update(halted_at=halt.at)
    session.halted_at = halt.at
    data = {"id": session.pk, "experience": halt.experience_id, "run": runs[0].pk if runs else None}
    return events.publish(session=session, type=EventType.SESSION_HALTED, data=data)


def _before_the_enforcers(halt: Halt, *, at: datetime) -> UUID:
    about = Discrepancy(
        RULE,
        leaf_index=halt.leaf,
        table=HALTS,
        row=str(halt.pk),
        expected=f"calls=fewer-than-{halt.needed}",
        actual=f"calls={halt.calls}",
    )
    return findings.raise_one(guild=halt.guild_id, about=about, at=at).pk
