"""Every write of moderation. Call inside the guild's tenant; `by` is the acting member, each step is a leaf.

The leaf of a report names nobody and nothing: the reporter is hidden from whom they report, and a commitment
stands for what is reported.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.moderation import announcing, registry, selectors
from governance.moderation.enums import UNDECIDED, Decision, Outcome, Reason, ReportState
from governance.moderation.errors import NotNow, Unfit
from governance.moderation.models import ModerationAppeal, Report
from governance.moderation.registry import Found, Reportable
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed
from guild.vault.models import KeyKind

SHORTEST, LONGEST = 10, 1_000


@dataclass(frozen=True)
class Opened:
    """A report as a moderator reads it; None for words that are gone or that may not be opened."""

    report: Report
    noun: str
    said: str | None = field(repr=False)
    words: str | None = field(repr=False)


@transaction.atomic
def report(*, by: Membership, kind: str, target: UUID, reason: str, words: str) -> Report:
    """Report something that the member can see. Reporting it again, while that is undecided, changes nothing.

    Raises Denied, Http404, Unfit.
    """
    decision = require(actor=by, action=Action.REPORT_CONTENT, resource=entities.guild(by.guild_id))
    known, found = _found(by, kind, target)
    if reason not in Reason.values:
        raise Unfit("reason", "Choose why you report it.")
    said = _plain_text(words, field="words", least=0)
    ledger.hold(guild=by.guild_id)
    held = Report.objects.filter(
        guild_id=by.guild_id, kind=known.kind, target=target, reporter=by, state__in=UNDECIDED
    ).first()
    if held is not None:
        return held
    row = _row(by, known, found, target=target, reason=reason)
    opener = vault.opener(row.key_id)
    row.commitment = opener.commitment(target.bytes)
    row.words_sealed = opener.seal(said, selectors.place_of(row))
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.CONTENT_REPORTED,
        actor=SYSTEM,
        subjects=[str(row.pk)],
        policy_set=decision.policy_set,
        detail={"kind": known.kind, "reason": reason, "target": row.commitment},
    )
    row.leaf, row.made_at = leaf.index, leaf.at
    row.save(force_insert=True)
    announcing.reported(row)
    return row


@transaction.atomic
def look(*, by: Membership, report: Report) -> Opened:
    """Open a report to decide about it: what the reporter wrote, and what was reported where that may be
    opened for this. Leaves a leaf. Raises Denied, and NotNow where nothing is to be decided any more.
    """
    ledger.hold(guild=by.guild_id)
    held = Report.objects.get(guild_id=by.guild_id, pk=report.pk)
    if held.state not in UNDECIDED and not selectors.is_appealed(held):
        raise NotNow("This is decided, and no appeal waits: so nobody opens it any more.")
    action = Action.DECIDE_REPORT if held.state in UNDECIDED else Action.ANSWER_APPEAL
    decision = require(actor=as_now(by), action=action, resource=selectors.resource_of(held, to=by))
    ledger.append(
        guild=by.guild_id,
        kind=LeafKind.CONTENT_OPENED,
        actor=by.pseudonym,
        subjects=[str(report.pk)],
        policy_set=decision.policy_set,
    )
    known = registry.reportable(report.kind)
    words = None if known is None else known.words(report.guild_id, report.target)
    return Opened(report, registry.noun_of(report.kind), said_in(report), words)


@transaction.atomic
def decide(*, by: Membership, report: Report, decision: str, reasons: str) -> Report:
    """Hide it, leave it as it is, or give it to the enforcers, with a reason that every member may read.

    Raises Denied for one's own words or report, Unfit, NotNow when it was decided meanwhile.
    """
    if decision not in Decision.values:
        raise Unfit("decision", "Choose what is to be done.")
    said = _plain_text(reasons, field="reasons", least=SHORTEST)
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    held = Report.objects.select_for_update(of=("self",)).get(guild_id=by.guild_id, pk=report.pk)
    lawful = require(actor=me, action=Action.DECIDE_REPORT, resource=selectors.resource_of(held, to=by))
    if held.state not in UNDECIDED or (held.state == decision):
        raise NotNow("This report was decided already: reload the page to see how.")
    office = Office.STEWARD if Office.STEWARD in me.offices else Office.ENFORCER
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.CONTENT_DECIDED,
        actor=by.pseudonym,
        subjects=[str(held.pk)],
        policy_set=lawful.policy_set,
        detail={"decision": decision, "reasons": digest_of(said), "office": office.value},
    )
    held.state, held.decided_by, held.decided_at = ReportState(decision), by, leaf.at
    held.decided_leaf, held.office, held.reasons = leaf.index, office.value, said
    if decision == Decision.REFER:
        held.finding = registry.refer(by.guild_id, held.pk, leaf=leaf.index, at=leaf.at)
    held.save(
        update_fields=["state", "decided_by", "decided_at", "decided_leaf", "office", "reasons", "finding"]
    )
    _tell_pages(held)
    announcing.decided(held)
    return held


@transaction.atomic
def appeal(*, by: Membership, report: Report, reasons: str) -> ModerationAppeal:
    """Ask that what one wrote be shown again, once. Raises Denied for anybody else, Unfit, NotNow."""
    said = _plain_text(reasons, field="reasons", least=SHORTEST)
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    held = Report.objects.select_for_update(of=("self",)).get(guild_id=by.guild_id, pk=report.pk)
    decision = require(actor=me, action=Action.APPEAL_MODERATION, resource=selectors.resource_of(held, to=by))
    earlier = selectors.appeal_of(held)
    if earlier is not None:
        return earlier
    if held.state != ReportState.HIDDEN:
        raise NotNow("Only what is hidden is appealed.")
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.MODERATION_APPEALED,
        actor=by.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail={"reasons": digest_of(said)},
    )
    made = ModerationAppeal.objects.create(
        guild_id=by.guild_id, report=held, reasons=said, made_at=leaf.at, leaf=leaf.index
    )
    announcing.appealed(made)
    return made


@transaction.atomic
def answer(*, by: Membership, report: Report, outcome: str, words: str) -> ModerationAppeal:
    """Answer an appeal, as a moderator who did not decide. Raises Denied, Unfit, NotNow."""
    if outcome not in Outcome.values:
        raise Unfit("outcome", "Choose whether it stays hidden.")
    said = _plain_text(words, field="answer", least=SHORTEST)
    ledger.hold(guild=by.guild_id)
    me = as_now(by)
    held = Report.objects.select_for_update(of=("self",)).get(guild_id=by.guild_id, pk=report.pk)
    decision = require(actor=me, action=Action.ANSWER_APPEAL, resource=selectors.resource_of(held, to=by))
    made = selectors.appeal_of(held)
    if made is None or made.outcome:
        raise NotNow("There is no appeal that waits for an answer.")
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.MODERATION_ANSWERED,
        actor=by.pseudonym,
        subjects=[str(held.pk)],
        policy_set=decision.policy_set,
        detail={"outcome": outcome, "reasons": digest_of(said)},
    )
    made.outcome, made.answer, made.decided_by = outcome, said, by
    made.decided_at, made.decided_leaf = leaf.at, leaf.index
    made.save(update_fields=["outcome", "answer", "decided_by", "decided_at", "decided_leaf"])
    if outcome == Outcome.OVERTURNED:
        held.state = ReportState.OVERTURNED
        held.save(update_fields=["state"])
        _tell_pages(held)
    announcing.answered(made)
    return made


def digest_of(words: str) -> str:
    """SHA-256, in hex, of exactly what was written: the ledger holds it in the place of the words."""
    return hashlib.sha256(words.encode()).hexdigest()


def _found(by: Membership, kind: str, target: UUID) -> tuple[Reportable, Found]:
    known = registry.reportable(kind)
    if known is None:
        raise Unfit("kind", "This cannot be reported.")
    found = known.find(by, target)
    if found.author is not None and found.author.dreamer_id == by.dreamer_id:
        raise Unfit("target", "This is your own: take it back instead of reporting it.")
    return known, found


def _row(by: Membership, known: Reportable, found: Found, *, target: UUID, reason: str) -> Report:
    """The row, not saved yet, with a key of its own for what the reporter writes."""
    identity = uuid4()
    key = vault.create_key(kind=KeyKind.SAID, owner=identity, dreamer=by.dreamer_id, guild=by.guild_id)
    return Report(
        id=identity,
        guild_id=by.guild_id,
        kind=known.kind,
        target=target,
        reporter=by,
        reported=found.author,
        reason=reason,
        key_id=key.pk,
        made_at=timezone.now(),
    )


def said_in(report: Report) -> str | None:
    """What the reporter wrote; None once they have erased it."""
    try:
        return vault.open_text(
            key_id=report.key_id, sealed=bytes(report.words_sealed), place=selectors.place_of(report)
        )
    except KeyDestroyed:
        return None


def _tell_pages(report: Report) -> None:
    known = registry.reportable(report.kind)
    if known is not None:
        known.changed(report.guild_id, report.target)


def _plain_text(text: str, *, field: str, least: int) -> str:
    """`text` without space around it. Raises Unfit."""
    words = text.strip().replace("\r\n", "\n")
    if len(words) < least:
        raise Unfit(field, "Say in a sentence why: others will read it to understand the decision.")
    if len(words) > LONGEST:
        raise Unfit(field, f"Shorten this by {len(words) - LONGEST:,} characters; {LONGEST:,} fit.")
    if any(unicodedata.category(one) in {"Cs", "Cc"} for one in words if one not in "\n\t"):
        raise Unfit(field, "This contains characters that are not text; paste it as plain text.")
    return words
