"""One worker's part in an audit: take it up, make every check that is still to be made, and end it.

Each check commits what it found by itself, and the next worker of an audit whose worker was killed goes on
behind the last one. It hears the log again first, since what the checks need to know of it is in memory
alone.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from governance.audits import announcing, findings
from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import AuditState
from governance.audits.errors import FindingsLost
from governance.audits.examination import Examination
from governance.audits.models import AuditRun, Finding
from governance.audits.pulse import SILENCE, pulse_of
from governance.audits.registry import LOG, Check, beside_the_log, every_check
from governance.audits.replay import Replay
from governance.audits.rules import every_rule
from governance.audits.snapshots import snapshot
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.errors import LedgerError
from governance.ledger.models import Checkpoint
from governance.ledger.selectors import size_of
from governance.policies import engine
from guild.tenancy.context import tenant

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
MOST_A_RULE = 200
"""Findings that one step records under one rule; a log that was rewritten would make a million."""

LONGEST_FAILURE = 500
AUDITS = "oversight_audit"
SEAL = "seal"
PROGRESS = ("step", "done", "of")
GIVEN_UP = (
    "This audit was begun several times and never came to its end. Ask for it again, and tell whoever runs "
    "this house if it happens twice."
)
FORESEEN = (LedgerError, FindingsLost)
"""What ends an audit with its own sentence. Anything else is a fault of ours: another worker tries again."""


@dataclass(frozen=True)
class Claim:
    """An audit that is this worker's until its heart stops beating."""

    guild: UUID
    run: UUID
    attempt: int


class ClaimLost(Exception):
    """Another worker has taken the audit up meanwhile, or has ended it: this one's part is over."""


def perform_audit(*, guild_id: UUID, run_id: UUID) -> None:
    """Bring an audit to its end. Asked twice, or for one that has ended or is in other hands, it does
    nothing.
    """
    claim = _claim(guild=guild_id, run=run_id)
    if claim is None:
        return
    try:
        examination, done = _begin(claim)
        ahead = [check for check in every_check() if check.name not in done]
        with pulse_of(examination, run=claim.run, attempt=claim.attempt):
            for check, following in zip_longest(ahead, ahead[1:]):
                _step(claim, examination, check, following=following)
        _finish(claim)
    except ClaimLost:
        logger.info("The audit %s was taken up by another worker.", claim.run)
    except FORESEEN as error:
        _fail(claim, str(error))


def _claim(*, guild: UUID, run: UUID) -> Claim | None:
    """Take the audit up by compare-and-swap; None when it is not to be had."""
    with tenant(guild=guild):
        now = timezone.now()
        free = Q(state=AuditState.REQUESTED) | Q(state=AuditState.RUNNING, heartbeat_at__lt=now - SILENCE)
        held = AuditRun.objects.filter(free, guild_id=guild, pk=run)
        if not held.update(state=AuditState.RUNNING, attempt=F("attempt") + 1, heartbeat_at=now):
            return None
        claim = Claim(guild, run, AuditRun.objects.values_list("attempt", flat=True).get(pk=run))
    if claim.attempt > MOST_ATTEMPTS:
        _fail(claim, GIVEN_UP)
        return None
    return claim


def _begin(claim: Claim) -> tuple[Examination, list[str]]:
    """What to look at, and the names of the checks that an earlier worker made."""
    with tenant(guild=claim.guild):
        run = _held(claim)
        if not _is_sealed(run):
            run.cursor, run.checked = {}, {}
        done = list(run.cursor.get("done", []))
        run.step = next((check.name for check in every_check() if check.name not in done), "")
        run.done, run.of = 0, size_of(claim.guild)
        run.save(update_fields=[*PROGRESS, "cursor", "checked"])
        standing: dict[str, set[str]] = {}
        rows = Finding.objects.filter(guild_id=claim.guild, gone_at=None)
        for rule, row in rows.values_list("rule", "row"):
            standing.setdefault(rule, set()).add(row)
    examination = Examination(
        of=run.of,
        guild=claim.guild,
        replay=Replay(guild=str(claim.guild), houses=engine.known_houses()),
        seed=run.seed,
        at=timezone.now(),
        standing=standing,
        checked=dict(run.checked),
    )
    return examination, done


def _step(claim: Claim, examination: Examination, check: Check, *, following: Check | None) -> None:
    """One check: look at one moment of the guild, then write down what was found, and what is looked at
    next.
    """
    found, left_out = _seen(claim, examination, check)
    with tenant(guild=claim.guild):
        ledger.hold(guild=claim.guild)
        run, now = _held(claim), timezone.now()
        new = findings.record(audit=run, found=found, at=now)
        announcing.found(run, new, at=now)
        before = run.cursor
        run.cursor = {
            "done": [*before.get("done", []), check.name],
            "left_out": sorted({*before.get("left_out", []), *left_out}),
            "new": before.get("new", 0) + len(new),
        }
        if found:
            run.found = Finding.objects.filter(guild_id=claim.guild, last_audit=run).count()
        run.size, run.root = examination.size, (examination.replay.tree.root() or b"").hex()
        run.checked, run.heartbeat_at = examination.checked, now
        run.cursor[SEAL] = _seal(run)
        run.step = check.name if following is None else following.name
        run.done, run.of = (examination.done, examination.done) if following is None else (0, 0)
        run.save(update_fields=[*PROGRESS, "cursor", "found", "size", "root", "checked", "heartbeat_at"])
    examination.done = examination.of = 0


def _is_sealed(run: AuditRun) -> bool:
    """Whether a worker noted how far this audit is, and not somebody who may only write rows."""
    said = run.cursor.get(SEAL) if isinstance(run.cursor, dict) else None
    return isinstance(said, str) and constant_time_compare(said, _seal(run))


def _seal(run: AuditRun) -> str:
    noted = {name: value for name, value in run.cursor.items() if name != SEAL}
    said = json.dumps([str(run.pk), noted, run.checked], sort_keys=True)
    return salted_hmac("governance.audits.cursor", said, algorithm="sha256").hexdigest()


def _seen(claim: Claim, examination: Examination, check: Check) -> tuple[list[Discrepancy], set[str]]:
    """What a check finds at one moment of the guild. One that breaks is tried by other workers first; the
    last of them finds that it broke, and goes on: nothing that is put into a row keeps the rest from being
    looked at.
    """
    try:
        if examination.is_deaf:
            return _broken(check, "the log")
        with snapshot(claim.guild):
            examination.at = timezone.now()
            return _bounded(_looked(examination, check))
    except Exception as error:
        if claim.attempt < MOST_ATTEMPTS and not isinstance(error, FORESEEN):
            raise
        logger.error("The check %s broke in the audit %s: %s.", check.name, claim.run, type(error).__name__)
        examination.replay.found.clear()
        examination.is_deaf = examination.is_deaf or check.name == LOG
        return _broken(check, type(error).__name__)


def _broken(check: Check, by_what: str) -> tuple[list[Discrepancy], set[str]]:
    """That a check could not be made, and the rules under which nothing can be let go."""
    rules = {rule.code for rule in check.rules}
    if check.name == LOG:
        rules.update(rule.code for rows in beside_the_log() for rule in rows.rules)
    return [Discrepancy("audit.check", None, AUDITS, check.name, "a check", by_what)], rules


def _looked(examination: Examination, check: Check) -> Iterator[Discrepancy]:
    """What a check finds, and before it what the log brought since the last one."""
    if check.name != LOG:
        examination.is_deaf = True
        examination.catch_up()
        examination.is_deaf = False
        yield from examination.take()
    yield from check.look(examination)
    yield from examination.take()


def _bounded(found: Iterable[Discrepancy]) -> tuple[list[Discrepancy], set[str]]:
    """At most MOST_A_RULE of each rule, and the rules under which there was more."""
    kept, counts, left_out = [], Counter[str](), set()
    for discrepancy in found:
        counts[discrepancy.rule] += 1
        if counts[discrepancy.rule] <= MOST_A_RULE:
            kept.append(discrepancy)
        else:
            left_out.add(discrepancy.rule)
    return kept, left_out


def _finish(claim: Claim) -> None:
    """Let go of what is no longer there, and say in row and leaf how it ended."""
    with tenant(guild=claim.guild):
        ledger.hold(guild=claim.guild)
        run, now = _held(claim), timezone.now()
        looked_for = every_rule().keys() - set(run.cursor.get("left_out", []))
        gone = findings.let_go(audit=run, rules=looked_for, at=now)
        leaf = ledger.append(
            guild=claim.guild,
            kind=LeafKind.AUDIT_FINISHED,
            actor=SYSTEM,
            subjects=[str(run.pk)],
            detail=_summary(run) | {"gone": gone},
            at=now,
        )
        run.state, run.finished_at, run.ended_leaf = AuditState.FINISHED, now, leaf.index
        run.save(update_fields=["state", "finished_at", "ended_leaf"])


def _summary(run: AuditRun) -> dict[str, Any]:
    """What the leaf of an audit says: how far the log went, what was found, which checkpoints there were, and
    how many of what were looked at.
    """
    signed = Checkpoint.objects.filter(guild_id=run.guild_id)
    newest = signed.order_by("-size").values_list("size", flat=True).first()
    return {
        "size": run.size,
        "root": run.root,
        "found": run.found,
        "new": run.cursor.get("new", 0),
        "checkpoint": newest or 0,
        "checkpoints": signed.count(),
        "looked": {what.replace(" ", "_"): number for what, number in run.checked.items()},
    }


def _fail(claim: Claim, sentence: str) -> None:
    with tenant(guild=claim.guild):
        try:
            run = _held(claim)
        except ClaimLost:
            logger.info("The audit %s was ended by another worker.", claim.run)
            return
        run.state, run.finished_at = AuditState.FAILED, timezone.now()
        run.failure = sentence[:LONGEST_FAILURE]
        run.save(update_fields=["state", "finished_at", "failure"])


def _held(claim: Claim) -> AuditRun:
    """The audit, locked, while it is still this worker's. Raises ClaimLost."""
    run = (
        AuditRun.objects.select_for_update(of=("self",))
        .filter(guild_id=claim.guild, pk=claim.run, state=AuditState.RUNNING, attempt=claim.attempt)
        .first()
    )
    if run is None:
        raise ClaimLost
    return run
