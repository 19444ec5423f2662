"""What enforcers decided: rulings and appeals against their leaves; what takes two was done by two."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from governance.ledger.enums import LeafKind
from governance.oversight.discrepancies import Discrepancy, differing
from governance.oversight.enums import RulingState, Severity
from governance.oversight.examination import Examination, Leaves
from governance.oversight.registry import Check
from governance.oversight.rules import Advice, Rule
from governance.oversight.ruling_models import Appeal, Ruling
from governance.oversight.wording import digest_of

RULINGS, APPEALS = "oversight_ruling", "oversight_appeal"
_EFFECTIVE: Final = (RulingState.IN_FORCE, RulingState.OVERTURNED)

RULES = (
    Rule(
        "ruling.row",
        Severity.CRITICAL,
        "A ruling is not what its leaf says.",
        "Its verdict, its reasons or what it orders was changed, or it was put in force without a second.",
        "Believe the leaf. Rule on the finding anew, and look for who had the ruling changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "ruling.unrecorded",
        Severity.CRITICAL,
        "There is a ruling that no enforcer made.",
        "The row was made by hand.",
        "Rule on the finding anew, and undo what was done in this ruling's name.",
        (Advice.SUSPEND,),
    ),
    Rule(
        "ruling.lost",
        Severity.CRITICAL,
        "A ruling is missing.",
        "An enforcer ruled on a finding, and the row was removed since.",
        "Restore the row from a backup, or rule on the finding anew.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "appeal.row",
        Severity.MAJOR,
        "An appeal or its answer is not what its leaf says.",
        "Its reasons, its outcome or who decided it was changed, or it was made by hand.",
        "Believe the leaf, and decide the appeal anew.",
        (Advice.RESTORE,),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Rulings both ways, then appeals."""
    yield from _rulings(examination)
    yield from _appeals(examination)


def _rulings(examination: Examination) -> Iterator[Discrepancy]:
    rows = list(
        Ruling.objects.filter(guild_id=examination.guild)
        .select_related("ruled_by", "names")
        .prefetch_related("remedies")
        .order_by("at", "id")
    )
    leaves = examination.leaves(_present(index for row in rows for index in (row.leaf, row.second_leaf)))
    for row in rows:
        leaf = leaves.get(row.leaf, {})
        if not _is_about(leaf, LeafKind.RULING_MADE, row.finding_id, row.pk):
            yield Discrepancy("ruling.unrecorded", None, RULINGS, str(row.pk), "a leaf", "none")
        elif apart := differing(_told(row, leaf, leaves), _stored(row)):
            yield Discrepancy("ruling.row", row.leaf, RULINGS, str(row.pk), *apart)
    made = examination.replay.kept[LeafKind.RULING_MADE.value]
    for finding in sorted(made.keys() - {str(row.finding_id) for row in rows}):
        yield Discrepancy("ruling.lost", made[finding], RULINGS, "", f"a ruling on {finding}", "none")
    examination.count("rulings", len(rows))


def _told(row: Ruling, leaf: Mapping[str, Any], leaves: Leaves) -> dict[str, Any]:
    """What the leaves say of a ruling."""
    detail = leaf["detail"]
    told = {name: detail.get(name) for name in ("verdict", "reasons", "remedies", "names")}
    told |= {"ruler": leaf["actor"], "state": row.state}
    second = leaves.get(row.second_leaf, {}) if row.second_leaf is not None else {}
    confirmed = _is_about(second, LeafKind.RULING_CONFIRMED, row.finding_id, row.pk)
    by_another = confirmed and second["actor"] != leaf["actor"]
    if detail.get("needs_two") and row.state in _EFFECTIVE and not by_another:
        told["state"] = RulingState.PROPOSED.value
    return told


def _stored(row: Ruling) -> dict[str, Any]:
    return {
        "verdict": row.verdict,
        "reasons": digest_of(row.reasons),
        "remedies": sorted(remedy.kind for remedy in row.remedies.all()),
        "names": row.names.pseudonym if row.names else None,
        "ruler": row.ruled_by.pseudonym,
        "state": row.state,
    }


def _appeals(examination: Examination) -> Iterator[Discrepancy]:
    rows = list(
        Appeal.objects.filter(guild_id=examination.guild)
        .select_related("ruling", "made_by", "decided_by")
        .order_by("at", "id")
    )
    leaves = examination.leaves(_present(index for row in rows for index in (row.leaf, row.decided_leaf)))
    for row in rows:
        if apart := differing(_told_of_appeal(row, leaves), _stored_of_appeal(row)):
            yield Discrepancy("appeal.row", row.leaf, APPEALS, str(row.pk), *apart)
    examination.count("appeals", len(rows))


def _told_of_appeal(row: Appeal, leaves: Leaves) -> dict[str, Any]:
    subject = (row.ruling.finding_id, row.ruling_id, row.pk)
    made = leaves.get(row.leaf, {})
    if not _is_about(made, LeafKind.APPEAL_MADE, *subject):
        return {"leaf": "a leaf"}
    told = {"by": made["actor"], "reasons": made["detail"].get("reasons")}
    told |= dict.fromkeys(("outcome", "answer", "decided by"), "")
    decided = leaves.get(row.decided_leaf, {}) if row.decided_leaf is not None else {}
    if _is_about(decided, LeafKind.APPEAL_DECIDED, *subject):
        detail = decided["detail"]
        told |= {"outcome": detail.get("outcome"), "answer": detail.get("reasons")}
        told["decided by"] = decided["actor"]
    return told


def _stored_of_appeal(row: Appeal) -> dict[str, Any]:
    return {
        "leaf": "none",
        "by": row.made_by.pseudonym,
        "reasons": digest_of(row.reasons),
        "outcome": row.outcome,
        "answer": digest_of(row.answer) if row.answer else "",
        "decided by": row.decided_by.pseudonym if row.decided_by else "",
    }


def _present(indexes: Iterable[int | None]) -> list[int]:
    return [index for index in indexes if index is not None]


def _is_about(leaf: Mapping[str, Any], kind: LeafKind, *subjects: Any) -> bool:
    return leaf.get("kind") == kind.value and leaf.get("subjects") == [str(subject) for subject in subjects]


CHECK = Check("rulings", "Rulings and appeals", look, RULES)
