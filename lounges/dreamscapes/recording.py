"""The rows, leaves and events of a run's life: each change is written together, under the guild's ledger.

Every function here wants `ledger.hold` to have been called first in the transaction, as the ledger asks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from governance.consent.gate import Opened, OpenedUse
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies.law import law_of
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.models import KeyKind
from lounges.dreamscapes import announcing, contents, selectors
from lounges.dreamscapes.enums import Because, RunState
from lounges.dreamscapes.making import Made
from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection
from lounges.dreamscapes.queue import enqueue_on_commit
from lounges.sessions import events
from lounges.sessions.enums import EventType
from lounges.sessions.models import Contribution, Session

LONGEST_FAILURE = 500
MOST_ATTEMPTS = 5
"""A run that so many workers took up and none brought to an end is given up, until it is asked for again."""


def requested(
    *,
    session: Session,
    by: Membership,
    key: UUID,
    policy_set: str,
    at: datetime,
    supersedes: BlendRun | None = None,
) -> BlendRun:
    """A new run, asked for by a host, or in the place of one that is replaced; a worker is asked on
    commit.
    """
    identity = uuid4()
    leaf = ledger.append(
        guild=session.guild_id,
        kind=LeafKind.BLEND_REQUESTED,
        actor=by.pseudonym if supersedes is None else SYSTEM,
        subjects=[str(identity)],
        policy_set=policy_set,
        detail={
            "session": session.pk,
            "supersedes": supersedes and supersedes.pk,
            "experience": session.experience_version_id,
        },
        at=at,
    )
    run = BlendRun.objects.create(
        id=identity,
        guild_id=session.guild_id,
        session_id=session.pk,
        requested_by_id=by.pk,
        key=key,
        supersedes=supersedes,
        experience_version_id=session.experience_version_id,
        floor=law_of(by.guild).individuality_floor,
        requested_at=at,
        enqueued_at=at,
        requested_leaf=leaf.index,
    )
    events.publish(session=session, type=EventType.BLEND_REQUESTED, data={"id": run.pk})
    enqueue_on_commit(guild=run.guild_id, run=run.pk)
    return run


def actor_of(run: BlendRun) -> UUID | str:
    """In whose name a run is made: the host's who asked, or nobody's when it replaces another."""
    return run.requested_by.pseudonym if run.supersedes_id is None else SYSTEM


def is_one_too_many(attempt: int) -> bool:
    """Whether an attempt, counted from 1, is the one at which a run is given up.

    The count only grows, so that a worker from before a retry never passes for one after it: attempts go
    in rounds of MOST_ATTEMPTS and one more, and a retry begins the next round.
    """
    return attempt % (MOST_ATTEMPTS + 1) == 0


def asked_again(run: BlendRun, *, by: Membership, policy_set: str, at: datetime) -> None:
    """A failed run waits for a worker again, in the next round of attempts; one is asked on commit."""
    leaf = ledger.append(
        guild=run.guild_id,
        kind=LeafKind.BLEND_REQUESTED,
        actor=by.pseudonym,
        subjects=[str(run.pk)],
        policy_set=policy_set,
        detail={
            "session": run.session_id,
            "supersedes": run.supersedes_id,
            "experience": run.experience_version_id,
        },
        at=at,
    )
    rounds = -(-run.attempt // (MOST_ATTEMPTS + 1))
    run.attempt, run.state, run.failure = rounds * (MOST_ATTEMPTS + 1), RunState.REQUESTED, ""
    run.enqueued_at, run.heartbeat_at, run.finished_at = at, None, None
    run.requested_leaf, run.ended_leaf = leaf.index, None
    run.save(
        update_fields=[
            "attempt", "state", "failure", "enqueued_at", "heartbeat_at", "finished_at", "requested_leaf",
            "ended_leaf",
        ]
    )  # fmt: skip
    events.publish(session=run.session, type=EventType.BLEND_REQUESTED, data={"id": run.pk})
    enqueue_on_commit(guild=run.guild_id, run=run.pk)


def finished(run: BlendRun, made: Made, *, use: OpenedUse, policy_set: str, at: datetime) -> None:
    """The documents, sealed under a fresh key; whose dreams are in it; the leaf with the digests; the
    event.
    """
    key = vault.create_key(kind=KeyKind.DREAMSCAPE, owner=run.pk, guild=run.guild_id)
    opener = vault.opener(key.pk)
    _seal(run, made, opener=opener, at=at)
    _name_voices(run, use.opened)
    ends = [one.terms.expires_at for one in use.opened if one.terms.expires_at is not None]
    run.expires_at = min(ends, default=None)
    leaf = ledger.append(
        guild=run.guild_id,
        kind=LeafKind.DREAMSCAPE_MADE,
        actor=actor_of(run),
        subjects=[made.inputs_digest, made.outputs_digest],
        policy_set=policy_set,
        detail={
            "run": run.pk,
            "session": run.session_id,
            "use_leaf": use.leaf_index,
            "voices": len(use.opened),
            "floor": float(made.floor),
            "retention": made.retention,
            "left_out": len(use.refused),
            "experience": run.experience_version_id,
            "expires_at": run.expires_at and run.expires_at.isoformat(),
            **contents.commitments(made, opener=opener),
        },
        at=at,
    )
    run.state, run.finished_at, run.key_id = RunState.FINISHED, at, key.pk
    run.terms, run.floor = dict(made.terms), made.floor
    run.use_leaf, run.left_out = use.leaf_index, len(use.refused)
    run.inputs_digest, run.outputs_digest = made.inputs_digest, made.outputs_digest
    run.policy_set, run.ended_leaf = policy_set, leaf.index
    run.save(
        update_fields=[
            "state", "finished_at", "key_id", "expires_at", "terms", "inputs_digest", "outputs_digest",
            "policy_set", "ended_leaf", "use_leaf", "left_out", "floor",
        ]
    )  # fmt: skip
    data = {"id": run.pk, "dreamscape": run.pk}
    events.publish(session=run.session, type=EventType.BLEND_FINISHED, data=data)


def failed(run: BlendRun, *, sentence: str, at: datetime) -> None:
    """The run ends with a sentence that says what to do."""
    leaf = ledger.append(
        guild=run.guild_id,
        kind=LeafKind.BLEND_FAILED,
        actor=SYSTEM,
        subjects=[str(run.pk)],
        detail={"session": run.session_id, "attempt": run.attempt},
        at=at,
    )
    run.state, run.finished_at, run.ended_leaf = RunState.FAILED, at, leaf.index
    run.failure = sentence[:LONGEST_FAILURE]
    run.save(update_fields=["state", "finished_at", "failure", "ended_leaf"])
    events.publish(session=run.session, type=EventType.BLEND_FAILED, data={"id": run.pk})


def halted(run: BlendRun, *, leaf: int, at: datetime) -> None:
    """The run is stopped by its session's participants, as the leaf of the halt says; whatever a worker has
    computed of it is discarded by that worker. A run has a key only once it is finished, so there is none.
    """
    run.state, run.finished_at, run.ended_leaf = RunState.HALTED, at, leaf
    run.save(update_fields=["state", "finished_at", "ended_leaf"])


def superseded(run: BlendRun, *, because: Because, at: datetime) -> None:
    """Destroy the run's key, so that nobody reads what it made again, and say so in row and leaf.

    The event is the caller's, who knows what comes in its place.
    """
    if run.key_id is not None:
        vault.destroy_key(key_id=run.key_id)
    leaf = ledger.append(
        guild=run.guild_id,
        kind=LeafKind.DREAMSCAPE_SUPERSEDED,
        actor=SYSTEM,
        subjects=[run.outputs_digest],
        detail={"run": run.pk, "session": run.session_id, "because": because.value},
        at=at,
    )
    run.state, run.because, run.superseded_at = RunState.SUPERSEDED, because, at
    run.superseded_leaf = leaf.index
    run.save(update_fields=["state", "because", "superseded_at", "superseded_leaf"])
    announcing.ended(run, at=at)


def announce_superseded(run: BlendRun, *, by: BlendRun | None) -> None:
    """Tell the session that a dreamscape is gone, and which run takes its place."""
    data: dict[str, Any] = {"id": run.pk, "dreamscape": run.pk, "by": by and by.pk}
    events.publish(session=run.session, type=EventType.DREAMSCAPE_SUPERSEDED, data=data)


def _seal(run: BlendRun, made: Made, *, opener: vault.Opener, at: datetime) -> None:
    Dreamscape.objects.create(
        id=run.pk,
        guild_id=run.guild_id,
        run=run,
        title_sealed=opener.seal(made.title, selectors.title_place(run)),
        document_sealed=opener.seal(contents.stored(made.shared), selectors.document_place(run)),
        made_at=at,
    )
    rows = [Reflection(guild_id=run.guild_id, run=run, dreamer_id=dreamer) for dreamer in made.reflections]
    for row in rows:
        place = selectors.reflection_place(row)
        row.document_sealed = opener.seal(contents.stored(made.reflections[row.dreamer_id]), place)
    Reflection.objects.bulk_create(rows)


def _name_voices(run: BlendRun, opened: Sequence[Opened]) -> None:
    """Which contributions are in the run; a withdrawal finds it by these."""
    lent = Contribution.objects.filter(guild_id=run.guild_id, pk__in=[one.contribution for one in opened])
    rows = {row.pk: row for row in lent.only("pk", "membership_id", "revision")}
    BlendVoice.objects.bulk_create(
        BlendVoice(
            guild_id=run.guild_id,
            run=run,
            contribution_id=one.contribution,
            revision=rows[one.contribution].revision,
            membership_id=rows[one.contribution].membership_id,
            dreamer_id=one.dreamer,
        )
        for one in opened
    )
