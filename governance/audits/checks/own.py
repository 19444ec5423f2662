"""The rows of oversight itself: what audits found, and the audits, against their leaves."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from governance.audits.deadlines import due
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import AuditState, FindingState, Severity
from governance.audits.examination import Examination
from governance.audits.models import AuditRun, Finding
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger.enums import LeafKind

FINDINGS, AUDITS = "oversight_finding", "oversight_audit"
BATCH: Final = 1_000
_WAITING: Final = (FindingState.OPEN, FindingState.ASSIGNED)

RULES = (
    Rule(
        "finding.row",
        Severity.CRITICAL,
        "A finding is not what its leaf says.",
        "It was changed, or closed without anybody having ruled on it.",
        "Open it again, and look for who wanted it out of sight.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "finding.lost",
        Severity.CRITICAL,
        "A finding is missing.",
        "An audit found something, and its row was removed since.",
        "Look at the leaf for what was found, and run the audit again.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "finding.unrecorded",
        Severity.MAJOR,
        "There is a finding that no audit made.",
        "The row was made by hand.",
        "Dismiss it.",
        (Advice.NONE,),
    ),
    Rule(
        "audit.row",
        Severity.MAJOR,
        "An audit is not what its leaf says.",
        "How it ended was changed afterwards.",
        "Believe the leaf, and run the audit again.",
        (Advice.RESTORE,),
    ),
    Rule(
        "audit.lost",
        Severity.MAJOR,
        "An audit is missing.",
        "Its row was removed.",
        "Believe the leaf, and run the audit again.",
        (Advice.RESTORE,),
    ),
    Rule(
        "audit.unrecorded",
        Severity.MAJOR,
        "There is an audit that nobody asked for.",
        "The row was made by hand: the application writes it together with its leaf.",
        "Believe nothing that it says, and run an audit.",
        (Advice.NONE,),
    ),
    Rule(
        "audit.check",
        Severity.CRITICAL,
        "A part of the audit could not be made.",
        "Something that it reads is nothing that the application writes, or this software has a fault.",
        "Tell whoever runs this house: its log says what broke. Run the audit again once it is mended.",
        (Advice.RESTORE,),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Findings and audits, both ways."""
    yield from _findings(examination)
    yield from _audits(examination)


def _findings(examination: Examination) -> Iterator[Discrepancy]:
    kept = examination.replay.kept
    made, ruled = kept[LeafKind.FINDING_MADE.value], kept[LeafKind.RULING_MADE.value]
    rows = list(Finding.objects.filter(guild_id=examination.guild).order_by("found_at", "id"))
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        leaves = examination.leaves([made[str(row.pk)] for row in batch if str(row.pk) in made])
        for row in batch:
            index = made.get(str(row.pk))
            if index is None:
                yield Discrepancy("finding.unrecorded", None, FINDINGS, str(row.pk), "a leaf", "none")
                continue
            leaf = leaves.get(index, {})
            told = _told(leaf) | {"place": row.mark, "made_leaf": index}
            if str(row.pk) not in ruled and told["severity"] in Severity.values:
                told["due"] = due(str(told["severity"]), since=datetime.fromisoformat(leaf["at"]))
            if row.state not in _WAITING and str(row.pk) not in ruled:
                told["state"] = FindingState.OPEN.value
            if told["audit"] is None:
                told["gone"] = None
            if apart := differing(told, _stored(row)):
                yield Discrepancy("finding.row", index, FINDINGS, str(row.pk), *apart)
    for finding in sorted(made.keys() - {str(row.pk) for row in rows}):
        yield Discrepancy("finding.lost", made[finding], FINDINGS, finding, "a row", "none")
    examination.count("findings", len(rows))


def _told(leaf: Mapping[str, Any]) -> dict[str, Any]:
    detail = leaf.get("detail", {})
    return {name: detail.get(name) for name in ("audit", "rule", "severity", "mark")}


def _stored(row: Finding) -> dict[str, Any]:
    return {
        "audit": row.audit_id,
        "rule": row.rule,
        "severity": row.severity,
        "mark": row.mark,
        "place": Discrepancy(row.rule, row.leaf_index, row.table, row.row).mark,
        "made_leaf": row.made_leaf,
        "state": row.state,
        "gone": row.gone_at,
        "due": row.due_at,
    }


def _audits(examination: Examination) -> Iterator[Discrepancy]:
    asked = examination.replay.kept[LeafKind.AUDIT_REQUESTED.value]
    finished = examination.replay.kept[LeafKind.AUDIT_FINISHED.value]
    rows = {str(row.pk): row for row in AuditRun.objects.filter(guild_id=examination.guild)}
    leaves = examination.leaves(list(finished.values()))
    for audit, index in finished.items():
        row = rows.get(audit)
        if row is None:
            continue
        detail = leaves.get(index, {}).get("detail", {})
        told = {"state": AuditState.FINISHED.value, "ended_leaf": index, "requested_leaf": asked.get(audit)}
        told |= {name: detail.get(name) for name in ("size", "root", "found")}
        if "looked" in detail:
            told["looked"] = sorted(detail["looked"].items())
        if apart := differing(told, _ended(row)):
            yield Discrepancy("audit.row", index, AUDITS, audit, *apart)
    for audit, row in sorted(rows.items()):
        if audit not in asked:
            yield Discrepancy("audit.unrecorded", None, AUDITS, audit, "a leaf", "none")
        elif row.state == AuditState.FINISHED and audit not in finished:
            yield Discrepancy("audit.row", asked[audit], AUDITS, audit, "an end", "none")
    for audit in sorted((asked.keys() | finished.keys()) - rows.keys()):
        yield Discrepancy("audit.lost", asked.get(audit, finished.get(audit)), AUDITS, audit, "a row", "none")


def _ended(row: AuditRun) -> dict[str, Any]:
    names = ("state", "ended_leaf", "requested_leaf", "size", "root", "found")
    looked = sorted((str(what).replace(" ", "_"), number) for what, number in row.checked.items())
    return {name: getattr(row, name) for name in names} | {"looked": looked}


CHECK = Check("oversight", "Findings and audits", look, RULES)
