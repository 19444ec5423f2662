"""What moderators decided: every report, decision and appeal against its leaf. And how a report that is given
to the enforcers becomes a finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from governance.audits import findings
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger.enums import LeafKind
from governance.moderation.enums import Outcome, ReportState
from governance.moderation.models import ModerationAppeal, Report
from governance.moderation.services import digest_of
from guild.tenancy.services import FORMER

REPORTS: Final = "moderation_report"
REFERRED: Final = "moderation.referred"

RULES = (
    Rule(
        REFERRED,
        Severity.MAJOR,
        "A moderator gave something that was reported to the enforcers.",
        "Whoever moderates could not decide it alone, or thinks that an office was abused.",
        "Open the report under moderation, and decide there whether it is hidden; rule here on what follows.",
        (Advice.SUSPEND, Advice.NONE),
    ),
    Rule(
        "moderation.row",
        Severity.CRITICAL,
        "A decision of moderation is not what its leaf says.",
        "What was decided, why, by whom, or how an appeal ended was changed past the application.",
        "Believe the leaf, set the row back, and look for who had it changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "moderation.lost",
        Severity.CRITICAL,
        "An action of moderation is missing, or there without a leaf.",
        "The row was removed from the log that every member may read, or it was made by hand.",
        "Restore the row from a backup, and look for who had it removed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
)
KINDS: Final = (
    LeafKind.CONTENT_REPORTED,
    LeafKind.CONTENT_DECIDED,
    LeafKind.MODERATION_APPEALED,
    LeafKind.MODERATION_ANSWERED,
)


def referred(guild: UUID, report: UUID, leaf: int, at: datetime) -> UUID:
    """What enforcers rule on about a report that was given to them. Call holding the guild's ledger."""
    about = Discrepancy(REFERRED, leaf_index=leaf, table=REPORTS, row=str(report))
    return findings.raise_one(guild=guild, about=about, at=at).pk


@dataclass
class _Story:
    """A report, as its leaves tell of it."""

    leaf: int
    told: dict[str, Any]
    appeal: dict[str, Any] = field(default_factory=dict)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Reports both ways, with what was decided about each."""
    stories = _stories(examination)
    rows = Report.objects.filter(guild_id=examination.guild)
    rows = rows.select_related("decided_by", "reported").order_by("id")
    appeals = {
        row.report_id: row
        for row in ModerationAppeal.objects.filter(guild_id=examination.guild).select_related("decided_by")
    }
    seen = set[str]()
    for row in rows:
        seen.add(str(row.pk))
        story = stories.get(str(row.pk))
        if story is None:
            yield Discrepancy("moderation.lost", None, REPORTS, str(row.pk), "a leaf", "none")
        elif apart := differing(story.told | story.appeal, _stored(row, appeals.get(row.pk), story)):
            yield Discrepancy("moderation.row", story.leaf, REPORTS, str(row.pk), *apart)
    for lost in sorted(stories.keys() - seen):
        yield Discrepancy("moderation.lost", stories[lost].leaf, REPORTS, lost, "a row", "none")
    examination.count("reports", len(seen))


def _stories(examination: Examination) -> dict[str, _Story]:
    stories: dict[str, _Story] = {}
    for index, leaf in leaves_of(examination, *KINDS):
        report = leaf["subjects"][0]
        if leaf["kind"] == LeafKind.CONTENT_REPORTED.value:
            stories.setdefault(report, _Story(index, _reported(leaf)))
        elif report in stories:
            _hear(stories[report], index, leaf)
    return stories


def _reported(leaf: Mapping[str, Any]) -> dict[str, Any]:
    detail = leaf["detail"]
    return {
        "kind": detail["kind"],
        "reason": detail["reason"],
        "target": detail["target"],
        "state": ReportState.OPEN.value,
        "by": None,
        "office": "",
        "reasons": None,
        "decided": None,
        "appeal": None,
        "outcome": "",
        "answer": None,
        "answered by": None,
    }


def _hear(story: _Story, index: int, leaf: Mapping[str, Any]) -> None:
    kind, detail = leaf["kind"], leaf["detail"]
    story.leaf = index
    if kind == LeafKind.CONTENT_DECIDED.value:
        story.told |= {"state": detail["decision"], "by": leaf["actor"], "office": detail["office"]}
        story.told |= {"reasons": detail["reasons"], "decided": index}
    elif kind == LeafKind.MODERATION_APPEALED.value:
        story.appeal = {"appeal": detail["reasons"]}
    else:
        story.appeal |= {"outcome": detail["outcome"], "answer": detail["reasons"]}
        story.appeal["answered by"] = leaf["actor"]
        if detail["outcome"] == Outcome.OVERTURNED.value:
            story.told["state"] = ReportState.OVERTURNED.value


def _stored(row: Report, appeal: ModerationAppeal | None, story: _Story) -> dict[str, Any]:
    stored = {
        "kind": row.kind,
        "reason": row.reason,
        "target": row.commitment,
        "state": row.state,
        "by": row.decided_by and row.decided_by.pseudonym,
        "office": row.office,
        "reasons": digest_of(row.reasons) if row.reasons else None,
        "decided": row.decided_leaf,
        "outcome": "",
    }
    if appeal is not None:
        stored |= {
            "appeal": story.appeal.get("appeal") if _is_erased(row, appeal) else digest_of(appeal.reasons),
            "outcome": appeal.outcome,
            "answer": digest_of(appeal.answer) if appeal.answer else None,
            "answered by": appeal.decided_by and appeal.decided_by.pseudonym,
        }
    return stored


def _is_erased(row: Report, appeal: ModerationAppeal) -> bool:
    """Whether the words of an appeal went with the account of whoever appealed."""
    return appeal.reasons == "" and row.reported is not None and row.reported.display_name == FORMER


CHECK = Check("moderation", "What was reported, and what moderators decided", look, RULES)
