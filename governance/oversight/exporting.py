"""Findings, and the life story of a lent dream, as files in CSV and JSON. Never a word of a dream."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from governance.audits.models import Finding
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.oversight.access import require_enforcer
from governance.oversight.described import title_of
from governance.oversight.moments import Moment
from governance.oversight.ruling_models import Ruling
from governance.oversight.stories import Story
from governance.policies.enums import Action
from guild.journal.import_readers import FORMULA_OPENINGS
from guild.tenancy.models import Membership


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"


CONTENT_TYPES: Final[Mapping[Format, str]] = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
FINDING_COLUMNS: Final = (
    "id", "found_at", "severity", "rule", "title", "state", "due_at", "assigned_to", "leaf", "table", "row",
    "contribution", "expected", "actual", "made_leaf", "seen_at", "gone_at", "verdict", "ruled_at",
    "ruled_by", "ruling_leaf",
)  # fmt: skip
MOMENT_COLUMNS: Final = ("at", "sort", "what", "note", "who", "leaf")

Value = str | int | None
Line = dict[str, Value]


def export_findings(*, by: Membership, findings: QuerySet[Finding], file_format: Format) -> HttpResponse:
    """A file of these findings, each with the ruling that is in force. The log says that it was made.

    Raises Denied unless the law lets the member export.
    """
    rows = list(findings)
    _record(by, what="findings", count=len(rows), file_format=file_format)
    in_force = {
        ruling.finding_id: ruling
        for ruling in Ruling.objects.filter(
            guild_id=by.guild_id, in_force_at__isnull=False, state="in_force"
        ).select_related("ruled_by")
    }
    lines = [_finding_line(row, in_force.get(row.pk)) for row in rows]
    return _file("findings", FINDING_COLUMNS, lines, file_format=file_format)


def export_story(*, by: Membership, story: Story, file_format: Format) -> HttpResponse:
    """A file of one life story. Raises Denied unless the law lets the member export."""
    _record(by, what="story", count=len(story.moments), file_format=file_format)
    lines = [_moment_line(moment) for moment in story.moments]
    return _file(f"story-{story.contribution}", MOMENT_COLUMNS, lines, file_format=file_format)


def _record(by: Membership, *, what: str, count: int, file_format: Format) -> None:
    decision = require_enforcer(by, Action.EXPORT_OVERSIGHT)
    ledger.append(
        guild=by.guild_id,
        kind=LeafKind.EXPORT_MADE,
        actor=by.pseudonym,
        policy_set=decision.policy_set,
        detail={"what": f"oversight.{what}", "format": file_format.value, "count": count},
    )


def _finding_line(finding: Finding, ruling: Ruling | None) -> Line:
    said: Line = {
        "id": str(finding.pk),
        "found_at": _instant(finding.found_at),
        "severity": finding.severity,
        "rule": finding.rule,
        "title": title_of(finding.rule),
        "state": finding.state,
        "due_at": _instant(finding.due_at),
        "assigned_to": finding.assigned_to.display_name if finding.assigned_to else None,
        "leaf": finding.leaf_index,
        "table": finding.table,
        "row": finding.row,
        "contribution": str(finding.contribution) if finding.contribution else None,
        "expected": finding.expected,
        "actual": finding.actual,
        "made_leaf": finding.made_leaf,
        "seen_at": _instant(finding.seen_at),
        "gone_at": _instant(finding.gone_at),
    }
    ruled = {
        "verdict": ruling.verdict if ruling else None,
        "ruled_at": _instant(ruling.at) if ruling else None,
        "ruled_by": ruling.ruled_by.display_name if ruling else None,
        "ruling_leaf": ruling.leaf if ruling else None,
    }
    return said | ruled


def _moment_line(moment: Moment) -> Line:
    return {
        "at": _instant(moment.at),
        "sort": moment.sort.value,
        "what": moment.words,
        "note": moment.note,
        "who": moment.who.display_name if moment.who else None,
        "leaf": moment.leaf,
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _file(name: str, columns: Sequence[str], lines: Iterable[Line], *, file_format: Format) -> HttpResponse:
    text = _csv(columns, lines) if file_format is Format.CSV else _json(lines)
    day = timezone.localdate().isoformat()
    return HttpResponse(
        text,
        content_type=CONTENT_TYPES[file_format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{day}.{file_format.value}"',
            "Cache-Control": "no-store, private",
        },
    )


def _json(lines: Iterable[Line]) -> str:
    return json.dumps(list(lines), ensure_ascii=False, indent=1) + "\n"


def _csv(columns: Sequence[str], lines: Iterable[Line]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_guarded(line[column]) for column in columns] for line in lines)
    return written.getvalue()


def _guarded(value: Any) -> str:
    """A spreadsheet runs a cell that begins like a formula: an apostrophe makes it text again."""
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell and cell[0] in FORMULA_OPENINGS else cell
