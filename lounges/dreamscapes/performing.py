"""One worker's part: take a run up, open, blend, and store it only if nothing was taken back meanwhile.

Each step commits by itself, and none depends on the worker that did the one before: a worker that is
killed leaves a run without a heartbeat, which the next one takes up from the beginning.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from governance.consent import gate
from governance.consent.enums import Purpose
from governance.consent.errors import ConsentError
from governance.consent.gate import Lent, OpenedUse
from governance.consent.selectors import in_force
from governance.ledger import services as ledger
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.law import LawUnreadable, law_of
from governance.policies.reasons import UNDECIDED
from governance.policies.services import Decision, require
from guild.journal.errors import BrokenReading
from guild.tenancy.context import tenant
from guild.vault.errors import VaultError
from lounges.blending import BlendError, BlendTerms
from lounges.dreamscapes import announcing, recording
from lounges.dreamscapes.enums import RunState, Step
from lounges.dreamscapes.making import FEWEST_DREAMERS, Made, make
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.pulse import SILENCE, pulse_of
from lounges.dreamscapes.voices import READING, dreamers_of
from lounges.experiences import selectors as experiences
from lounges.sessions import attendance, events
from lounges.sessions.selectors import lent_of, lent_rows, resource_of, revisions_of

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = recording.MOST_ATTEMPTS

GIVEN_UP = (
    "This blend was begun several times and never came to its end. Nothing was lost: ask for it again, "
    "and tell a steward if it happens twice."
)
FORESEEN = (BlendError, Denied, VaultError, BrokenReading, ConsentError)
"""What ends a run with its own sentence. Anything else is a fault of ours: another worker tries again."""


@dataclass(frozen=True)
class Claim:
    """A run that is this worker's until its heart stops beating."""

    guild: UUID
    run: UUID
    session: UUID
    attempt: int


class ClaimLost(Exception):
    """Another worker has taken the run up meanwhile, or it was ended or stopped: this one's part is over, and
    what it computed is discarded.
    """


@dataclass(frozen=True)
class Round:
    """What one opening gave, under which terms it is blended, and what the session is called."""

    use: OpenedUse
    terms: BlendTerms
    called: str
    revisions: Mapping[UUID, int]

    @property
    def contributions(self) -> list[UUID]:
        return [one.contribution for one in self.use.opened]


def perform_blend(*, guild_id: UUID, run_id: UUID) -> None:
    """Bring a run to its end. Asked twice, or for a run that has ended or is in other hands, it does
    nothing.
    """
    claim = _claim(guild=guild_id, run=run_id)
    if claim is None:
        return
    try:
        with pulse_of(guild=claim.guild, run=claim.run, attempt=claim.attempt):
            while not _blended(claim):
                continue  # something was taken back while we computed: once more, without it
    except ClaimLost:
        logger.info("Blend %s was taken up by another worker, or stopped.", claim.run)
    except LawUnreadable:
        _fail(claim, UNDECIDED)
    except FORESEEN as error:
        _fail(claim, str(error))


def _claim(*, guild: UUID, run: UUID) -> Claim | None:
    """Take the run up by compare-and-swap; None when it is not to be had."""
    with tenant(guild=guild):
        now = timezone.now()
        free = Q(state=RunState.REQUESTED) | Q(state=RunState.RUNNING, heartbeat_at__lt=now - SILENCE)
        held = BlendRun.objects.filter(free, pk=run)
        if not held.update(state=RunState.RUNNING, attempt=F("attempt") + 1, heartbeat_at=now):
            return None
        session, attempt = BlendRun.objects.values_list("session_id", "attempt").get(pk=run)
        claim = Claim(guild=guild, run=run, session=session, attempt=attempt)
    if recording.is_one_too_many(attempt):
        _fail(claim, GIVEN_UP)
        return None
    return claim


def _blended(claim: Claim) -> bool:
    """One round; False when it must be begun again."""
    _tell(claim, Step.OPENING)
    opening = _open(claim)
    dreams = len(opening.use.opened)
    _tell(claim, Step.COMPUTING, dreams=dreams)
    made = make(
        opening.use.opened,
        left_out=len(opening.use.refused),
        terms=opening.terms,
        otherwise_called=opening.called,
    )
    _tell(claim, Step.SEALING, dreams=dreams)
    if not _store(claim, opening, made):
        return False
    _tell(claim, Step.MADE, dreams=dreams)
    return True


def _open(claim: Claim) -> Round:
    """Open what may be blended: one use leaf, committed before anything is computed.

    Raises Denied, with nothing opened, when the law would refuse even a blend that keeps to the floor.
    """
    with ledger.held(guild=claim.guild):
        run = _held(claim)
        _require_lawful(run, retention=law_of(run.requested_by.guild).individuality_floor)
        candidates = _candidates(run)
        _require_enough(run, candidates)
        use = gate.open_for(
            candidates,
            purpose=Purpose.BLEND,
            actor=recording.actor_of(run),
            on="blend",
            subject=run.pk,
        )
        revisions = revisions_of(run.guild_id, [one.contribution for one in use.opened])
        return Round(use=use, terms=_terms_of(run), called=run.session.title, revisions=revisions)


def _terms_of(run: BlendRun) -> BlendTerms:
    """The numbers of the run's recipe, under the guild's law as it is now."""
    law = law_of(run.requested_by.guild)
    recipe = experiences.numbers_of(run.experience_version)
    return recipe.terms(floor=law.individuality_floor, largest_depth=law.largest_depth)


def _require_enough(run: BlendRun, candidates: Sequence[Lent]) -> None:
    """Raises Denied, with nothing opened, where fewer dreamers allow a blend than the guild's law asks for.
    Fewer than any blend takes is for `make` to say.
    """
    held, now = in_force(run.guild_id, [one.contribution for one in candidates]), timezone.now()
    people = {one.dreamer for one in candidates if held.opens(one.contribution, Purpose.BLEND, at=now)}
    if len(people) >= FEWEST_DREAMERS:
        least = law_of(run.requested_by.guild).individuality_floor
        _require_lawful(run, retention=least, voices=len(people))


def _require_lawful(run: BlendRun, **context: Any) -> Decision:
    """Ask the law about the run: in its host's name, or in the guild's own when it replaces another, since
    nobody asked for that one and whoever asked for the first may have left. Raises Denied.
    """
    by, resource = run.requested_by, resource_of(run.session)
    actor = by if run.supersedes_id is None else by.guild
    experiences.require_usable(actor=actor, version=run.experience_version_id)
    if run.supersedes_id is not None:
        return require(actor=by.guild, action=Action.REMAKE, resource=resource, **context)
    return require(actor=by, action=Action.BLEND, resource=resource, **context)


def _candidates(run: BlendRun) -> list[Lent]:
    """What is lent to the session, or of the run that this one replaces; only the readings, shut."""
    rows = lent_rows(run.session)
    if run.supersedes_id is not None:
        before = BlendRun.objects.get(pk=run.supersedes_id).voices.values("contribution_id")
        rows = rows.filter(pk__in=before)
    return [lent_of(row, fields=(READING,)) for row in rows]


def _store(claim: Claim, opening: Round, made: Made) -> bool:
    """Store what was made, unless a consent in it or the terms have changed since it was opened (then False).

    The ledger is held first: a withdrawal holds it too, so it is either seen here or comes after and
    supersedes. Raises Denied when the law of the guild, the individuality floor above all, does not allow
    what was made.
    """
    present = attendance.people(claim.session)  # asked before the ledger is held: it is another server's word
    with ledger.held(guild=claim.guild):
        run, now = _held(claim), timezone.now()
        if not _unchanged(opening, run, at=now):
            return False
        decision = _require_lawful(run, retention=made.retention, voices=dreamers_of(opening.use.opened))
        recording.finished(run, made, use=opening.use, policy_set=decision.policy_set, at=now)
        announcing.ready(run, present=present, at=now)
    return True


def _unchanged(opening: Round, run: BlendRun, *, at: datetime) -> bool:
    """Whether the terms, every consent that was opened under, and what was opened stand as they did then."""
    if _terms_of(run) != opening.terms:
        return False
    if revisions_of(run.guild_id, opening.contributions) != opening.revisions:
        return False
    held = in_force(run.guild_id, opening.contributions)
    return all(held.terms(one.contribution, Purpose.BLEND, at=at) == one.terms for one in opening.use.opened)


def _fail(claim: Claim, sentence: str) -> None:
    with ledger.held(guild=claim.guild):
        try:
            recording.failed(_held(claim), sentence=sentence, at=timezone.now())
        except ClaimLost:
            logger.info("Blend %s was ended by another worker.", claim.run)


def _held(claim: Claim) -> BlendRun:
    """The run, locked, while it is still this worker's. Raises ClaimLost."""
    run = (
        BlendRun.objects.select_for_update(of=("self",))
        .select_related("session", "requested_by__guild", "experience_version")
        .filter(pk=claim.run, state=RunState.RUNNING, attempt=claim.attempt)
        .first()
    )
    if run is None:
        raise ClaimLost
    return run


def _tell(claim: Claim, step: Step, **numbers: int) -> None:
    """Progress, to whoever is in the session now; a real step each, and nothing is kept of it."""
    place = list(Step).index(step)
    data = {"id": claim.run, "step": step.value, "done": place, "of": len(Step) - 1, **numbers}
    events.progress(claim.session, data)
