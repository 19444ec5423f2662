"""Reads of blend runs, dreamscapes and reflections. The check is the function that fetches."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed
from guild.vault.places import Place
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.errors import Erased, NoReflection, NoSuchDreamscape
from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection
from lounges.dreamscapes.pulse import SILENCE
from lounges.sessions.models import Participation, Session
from lounges.sessions.selectors import resource_of, took_part

NO_SUCH_DREAMSCAPE = "There is no such dreamscape, or it is not one of your guild's."
NO_REFLECTION = "No dream of yours is in this blend, so there is no reflection of it."
ERASED = "This dreamscape was replaced, and nobody can read it any more."
MOST_DUE = 500


@dataclass(frozen=True)
class OpenDreamscape:
    """A dreamscape as everyone in its session may read it."""

    run: BlendRun
    title: str = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class OpenReflection:
    """One dreamer's own view: a part for each dream that they lent to the blend, beside what all may see."""

    shared: OpenDreamscape = field(repr=False)
    parts: Sequence[Mapping[str, Any]] = field(repr=False)


def runs_for(membership: Membership) -> QuerySet[BlendRun]:
    """The runs of sessions that the member took part in, latest first, with the number of dreams in each and
    whether one of these was corrected since (`is_stale`).

    Runs that were replaced are left out: their successors stand here. Raises Denied.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    mine = Participation.objects.filter(
        guild_id=membership.guild_id, membership_id=membership.pk, session_id=OuterRef("session_id")
    )
    return (
        BlendRun.objects.filter(Exists(mine), guild_id=membership.guild_id)
        .exclude(state=RunState.SUPERSEDED)
        .select_related("session")
        .annotate(dreams=Count("voices"), is_stale=Exists(_corrected_since()))
        .order_by("-requested_at", "-id")
    )


def _corrected_since() -> QuerySet[BlendVoice]:
    """The voices of a run whose dreams were corrected after they were blended."""
    return BlendVoice.objects.filter(
        guild_id=OuterRef("guild_id"), run_id=OuterRef("pk"), contribution__revision__gt=F("revision")
    )


def is_stale(run: BlendRun) -> bool:
    """Whether what the run made still says what a dream in it said before its dreamer corrected it."""
    return BlendRun.objects.filter(Exists(_corrected_since()), guild_id=run.guild_id, pk=run.pk).exists()


def may_renew(run: BlendRun, membership: Membership) -> bool:
    """Whether this member may have the run made again of what its dreams say now."""
    return authorize(actor=membership, action=Action.RETRY_BLEND, resource=resource_of(run.session)).allowed


def runs_of(session: Session) -> QuerySet[BlendRun]:
    """All runs of one session, latest first, replaced ones too. The caller has checked who reads them."""
    return BlendRun.objects.filter(guild_id=session.guild_id, session_id=session.pk)


def run_for(membership: Membership, run_id: UUID) -> BlendRun:
    """The run, with its session, for those who took part, and one that failed also for those who may ask
    for it again: it holds no words. Raises NoSuchDreamscape (404) or Denied (403).
    """
    run = (
        BlendRun.objects.filter(guild_id=membership.guild_id, pk=run_id)
        .select_related("session", "session__lounge", "supersedes")
        .first()
    )
    if run is None:
        raise NoSuchDreamscape(NO_SUCH_DREAMSCAPE)
    if may_retry(run, membership):
        return run
    require(
        actor=membership,
        action=Action.VIEW_DREAMSCAPE,
        resource=entities.dreamscape(id=run.pk, guild=run.guild_id),
        participating=took_part(run.session, membership),
    )
    return run


def may_retry(run: BlendRun, membership: Membership) -> bool:
    """Whether the run failed in another's place and this member may ask for it again."""
    if run.state != RunState.FAILED or run.supersedes_id is None:
        return False
    return authorize(actor=membership, action=Action.RETRY_BLEND, resource=resource_of(run.session)).allowed


def replacement_of(run: BlendRun) -> BlendRun | None:
    """The run that took the place of this one, or of the one that did, and so on; None when there is none."""
    latest, following = None, _next(run)
    while following is not None:
        latest, following = following, _next(following)
    return latest


def _next(run: BlendRun) -> BlendRun | None:
    if run.state != RunState.SUPERSEDED:
        return None
    return BlendRun.objects.filter(guild_id=run.guild_id, supersedes_id=run.pk).first()


def voices_of(run: BlendRun) -> list[BlendVoice]:
    """The contributions in a finished run, with whose they are."""
    return list(run.voices.filter(guild_id=run.guild_id).select_related("membership"))


def open_dreamscape(run: BlendRun) -> OpenDreamscape:
    """What a finished run made, opened. The caller holds the run from `run_for`. Raises Erased."""
    row = Dreamscape.objects.filter(guild_id=run.guild_id, run_id=run.pk).first()
    if row is None:
        raise NoSuchDreamscape(NO_SUCH_DREAMSCAPE)
    return _opened(run, row, _opener(run))


def _opened(run: BlendRun, row: Dreamscape, opener: vault.Opener) -> OpenDreamscape:
    return OpenDreamscape(
        run=run,
        title=opener.open_text(bytes(row.title_sealed), title_place(run)),
        document=json.loads(opener.open_text(bytes(row.document_sealed), document_place(run))),
    )


def opened_of(runs: Sequence[BlendRun]) -> list[OpenDreamscape]:
    """What these runs made, opened, in two queries; nothing when one of them was replaced a moment ago.

    The caller has the runs from `runs_for`.
    """
    made = {run.key_id: run for run in runs if run.key_id is not None and not _is_over(run)}
    rows = Dreamscape.objects.in_bulk([run.pk for run in made.values()])
    try:
        openers = vault.openers(list(made))
    except KeyDestroyed:
        return []
    return [_opened(run, rows[run.pk], openers[key]) for key, run in made.items()]


def reflection_for(membership: Membership, run_id: UUID) -> OpenReflection:
    """The member's own reflection, and nobody else's. Raises as `run_for` and `reflection_in` do."""
    return reflection_in(run_for(membership, run_id), membership)


def reflection_in(run: BlendRun, membership: Membership) -> OpenReflection:
    """The member's own reflection of a run that they may see: the law is asked, and the row is walled to its
    dreamer. Raises NoReflection, Denied or Erased.
    """
    row = Reflection.objects.filter(
        guild_id=run.guild_id, run_id=run.pk, dreamer_id=membership.dreamer_id
    ).first()
    if row is None:
        raise NoReflection(NO_REFLECTION)
    resource = entities.reflection(id=row.pk, guild=run.guild_id, owner=row.dreamer_id)
    require(actor=membership, action=Action.VIEW_REFLECTION, resource=resource)
    opener = _opener(run)
    shared = _opened(run, Dreamscape.objects.get(guild_id=run.guild_id, run_id=run.pk), opener)
    document = opener.open_text(bytes(row.document_sealed), reflection_place(row))
    return OpenReflection(shared=shared, parts=json.loads(document)["voices"])


def _opener(run: BlendRun) -> vault.Opener:
    if run.key_id is None:
        raise NoSuchDreamscape(NO_SUCH_DREAMSCAPE)
    if _is_over(run):
        raise Erased(ERASED)
    try:
        return vault.opener(run.key_id)
    except KeyDestroyed as error:
        raise Erased(ERASED) from error


def _is_over(run: BlendRun) -> bool:
    """Whether a consent in it has run out: it is shut from that moment, before a worker comes to end it."""
    return run.expires_at is not None and run.expires_at <= timezone.now()


def title_place(run: BlendRun) -> Place:
    """Where the sealed name of a dreamscape belongs."""
    return Place(field="dreamscapes_dreamscape.title", row=run.pk, owner=run.pk, guild=run.guild_id)


def document_place(run: BlendRun) -> Place:
    """Where the sealed document of a dreamscape belongs."""
    return Place(field="dreamscapes_dreamscape.document", row=run.pk, owner=run.pk, guild=run.guild_id)


def reflection_place(row: Reflection) -> Place:
    """Where the sealed document of a reflection belongs."""
    return Place(
        field="dreamscapes_reflection.document", row=row.pk, owner=row.dreamer_id, guild=row.guild_id
    )


def due_runs(*, now: datetime) -> list[tuple[UUID, UUID]]:
    """(guild, run) of every run, in any guild, that waits for a worker too long or holds a consent that
    ran out.

    Ids only, by the one function that sees across guilds (see the migration); the longest due first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT guild_id, run_id FROM dreamscapes_due(%s, make_interval(secs => %s), %s)",
            [now, SILENCE.total_seconds(), MOST_DUE],
        )
        return cursor.fetchall()
