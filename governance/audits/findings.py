"""From what a check found to findings: rows that stay, and a leaf for each new one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from governance.audits.deadlines import due
from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import FindingState
from governance.audits.errors import FindingsLost
from governance.audits.models import AuditRun, Finding
from governance.audits.rules import rule
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind

MARKS_AT_ONCE = 500
_WAITING = (FindingState.OPEN, FindingState.ASSIGNED)


def record(*, audit: AuditRun, found: Iterable[Discrepancy], at: datetime) -> list[Finding]:
    """Write down what an audit found; the findings that are new.

    What was found before is seen again, not found again. What was gone and comes back takes its finding up
    where it was left, unless that was ruled on: then it is a new one. Call in the guild's tenant, with its
    ledger held. Raises FindingsLost where they are not kept.
    """
    by_mark = {discrepancy.mark: discrepancy for discrepancy in found}
    known = _known(audit, list(by_mark))
    new = [discrepancy for mark, discrepancy in by_mark.items() if mark not in known]
    for finding in known.values():
        said = by_mark[finding.mark]
        finding.last_audit, finding.seen_at, finding.gone_at = audit, at, None
        finding.expected, finding.actual = said.expected, said.actual
    Finding.objects.bulk_update(
        known.values(), ["last_audit", "seen_at", "gone_at", "expected", "actual"], batch_size=MARKS_AT_ONCE
    )
    made = [_made(discrepancy, guild=audit.guild_id, audit=audit, at=at) for discrepancy in new]
    _require_kept(audit, made)
    return made


def raise_one(*, guild: UUID, about: Discrepancy, at: datetime) -> Finding:
    """Bring something before the enforcers that no audit found: members did. No audit lets go of it.

    Call in the guild's tenant, with its ledger held; raising the same thing twice is for the caller to avoid.
    """
    return _made(about, guild=guild, audit=None, at=at)


def let_go(*, audit: AuditRun, rules: Collection[str], at: datetime) -> int:
    """Note that findings under these rules, which the audit looked for everywhere, are no longer there."""
    standing = Finding.objects.filter(
        guild_id=audit.guild_id, rule__in=list(rules), gone_at=None, audit__isnull=False
    )
    return standing.exclude(last_audit=audit).update(gone_at=at)


def _require_kept(audit: AuditRun, made: list[Finding]) -> None:
    """Raises FindingsLost."""
    kept = 0
    for start in range(0, len(made), MARKS_AT_ONCE):
        part = [finding.pk for finding in made[start : start + MARKS_AT_ONCE]]
        kept += Finding.objects.filter(guild_id=audit.guild_id, pk__in=part).count()
    if kept != len(made):
        raise FindingsLost(
            f"This audit found something, and {len(made) - kept} of {len(made)} findings cannot be written "
            "down: the database does not keep them. Look for rules, triggers and policies of the table "
            "oversight_finding that no migration made."
        )


def _known(audit: AuditRun, marks: list[str]) -> dict[str, Finding]:
    """By mark, the finding that a discrepancy belongs to."""
    known: dict[str, Finding] = {}
    for start in range(0, len(marks), MARKS_AT_ONCE):
        rows = Finding.objects.select_for_update(of=("self",)).filter(
            guild_id=audit.guild_id, mark__in=marks[start : start + MARKS_AT_ONCE]
        )
        for row in rows.order_by("found_at", "id"):
            if row.gone_at is None or row.state in _WAITING:
                known[row.mark] = row
    return known


def _made(discrepancy: Discrepancy, *, guild: UUID, audit: AuditRun | None, at: datetime) -> Finding:
    severity = rule(discrepancy.rule).severity
    finding = Finding(
        guild_id=guild,
        audit=audit,
        last_audit=audit,
        mark=discrepancy.mark,
        rule=discrepancy.rule,
        severity=severity,
        leaf_index=discrepancy.leaf_index,
        table=discrepancy.table,
        row=discrepancy.row,
        contribution=discrepancy.contribution,
        expected=discrepancy.expected,
        actual=discrepancy.actual,
        found_at=at,
        seen_at=at,
        due_at=due(severity, since=at),
    )
    leaf = ledger.append(
        guild=guild,
        kind=LeafKind.FINDING_MADE,
        actor=SYSTEM,
        subjects=[str(finding.pk)],
        detail={
            "audit": audit and audit.pk,
            "rule": finding.rule,
            "severity": severity.value,
            "mark": finding.mark,
        },
        at=at,
    )
    finding.made_leaf = leaf.index
    finding.save(force_insert=True)
    return finding
