"""What enforcers decided: rulings, remedies and appeals against the log; what takes two was done by two."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import FindingState, Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.models import Finding
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.oversight.decided import KINDS, Decided, Story, story_of
from governance.oversight.ruling_models import Appeal, Ruling
from governance.oversight.wording import digest_of

RULINGS, REMEDIES, APPEALS = "oversight_ruling", "oversight_remedy", "oversight_appeal"
FINDINGS: Final = "oversight_finding"
TOLERANCE: Final = timedelta(minutes=5)
UNDECIDED: Final = (FindingState.OPEN, FindingState.ASSIGNED)

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
        "remedy.row",
        Severity.CRITICAL,
        "A remedy is not as the log tells it.",
        "Whether it was done, to how many things, when, or which office it took was changed.",
        "Believe the log: look at what was really done, and set the row back.",
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
    Rule(
        "appeal.lost",
        Severity.MAJOR,
        "An appeal is missing.",
        "A member appealed a ruling, and the row was removed since.",
        "Restore the row from a backup, and answer the appeal.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "finding.settled",
        Severity.CRITICAL,
        "A finding is settled otherwise than it was ruled.",
        "It was closed or opened again by hand, past what enforcers decided.",
        "Set it back to what the log tells, and look for who wanted it out of sight.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Rulings with their remedies both ways, the findings they settle, then appeals."""
    story = story_of(leaves_of(examination, *KINDS))
    yield from _rulings(examination, story)
    yield from _settled(examination, story)
    yield from _appeals(examination, story)


def _rulings(examination: Examination, story: Story) -> Iterator[Discrepancy]:
    rows = list(
        Ruling.objects.filter(guild_id=examination.guild)
        .select_related("ruled_by", "names", "second")
        .prefetch_related("remedies")
        .order_by("at", "id")
    )
    for row in rows:
        decided = story.rulings.get(str(row.pk))
        if decided is None or (decided.finding, decided.index) != (str(row.finding_id), row.leaf):
            yield Discrepancy("ruling.unrecorded", None, RULINGS, str(row.pk), "a leaf", "none")
            continue
        if apart := differing(_told(decided, row), _stored(row)):
            yield Discrepancy("ruling.row", row.leaf, RULINGS, str(row.pk), *apart)
        yield from _remedies(row, decided)
        examination.count("remedies", len(row.remedies.all()))
    for lost in sorted(story.rulings.keys() - {str(row.pk) for row in rows}):
        finding = f"a ruling on {story.rulings[lost].finding}"
        yield Discrepancy("ruling.lost", story.rulings[lost].index, RULINGS, lost, finding, "none")
    examination.count("rulings", len(rows))


def _told(decided: Decided, row: Ruling) -> dict[str, Any]:
    """What the leaves say of a ruling."""
    detail, second = decided.made["detail"], decided.second
    return {name: detail.get(name) for name in ("verdict", "reasons", "remedies", "names")} | {
        "ruler": decided.made["actor"],
        "state": decided.state,
        "second": None if second is None else second[1]["actor"],
        "second leaf": None if second is None else second[0],
        "in force": _as_told(row.in_force_at, decided.effective_at),
    }


def _stored(row: Ruling) -> dict[str, Any]:
    return {
        "verdict": row.verdict,
        "reasons": digest_of(row.reasons),
        "remedies": sorted(remedy.kind for remedy in row.remedies.all()),
        "names": row.names.pseudonym if row.names else None,
        "ruler": row.ruled_by.pseudonym,
        "state": row.state,
        "second": row.second.pseudonym if row.second else None,
        "second leaf": row.second_leaf,
        "in force": row.in_force_at,
    }


def _remedies(row: Ruling, decided: Decided) -> Iterator[Discrepancy]:
    """One that was not ordered, or is gone, shows in the ruling itself."""
    for remedy in row.remedies.all():
        index, leaf = decided.remedies.get(remedy.kind, (None, None))
        done_at = None if leaf is None else datetime.fromisoformat(leaf["at"])
        told = {
            "state": decided.state_of(remedy.kind),
            "office": decided.office_of(remedy.kind),
            "touched": 0 if leaf is None else leaf["detail"].get("touched"),
            "done": _as_told(remedy.done_at, done_at),
            "leaf": index,
        }
        stored = {name: getattr(remedy, name) for name in ("state", "office", "touched", "leaf")}
        if apart := differing(told, stored | {"done": remedy.done_at}):
            yield Discrepancy("remedy.row", index or row.leaf, REMEDIES, str(remedy.pk), *apart)


def _settled(examination: Examination, story: Story) -> Iterator[Discrepancy]:
    """Where a finding stands after its newest ruling; before one, `oversight` looks."""
    newest = story.newest()
    rows = Finding.objects.filter(guild_id=examination.guild, pk__in=newest)
    for pk, state in rows.order_by("found_at", "id").values_list("pk", "state"):
        decided = newest[str(pk)]
        told = decided.finding_state
        if state != told if told else state not in UNDECIDED:
            waits = "it waits for a ruling" if told is None else f"state={told.value}"
            yield Discrepancy("finding.settled", decided.index, FINDINGS, str(pk), waits, f"state={state}")


def _appeals(examination: Examination, story: Story) -> Iterator[Discrepancy]:
    rows = list(
        Appeal.objects.filter(guild_id=examination.guild)
        .select_related("ruling", "made_by", "decided_by")
        .order_by("at", "id")
    )
    for row in rows:
        if apart := differing(_told_of_appeal(row, story), _stored_of_appeal(row)):
            yield Discrepancy("appeal.row", row.leaf, APPEALS, str(row.pk), *apart)
    for lost in sorted(story.appeals.keys() - {str(row.pk) for row in rows}):
        yield Discrepancy("appeal.lost", story.appeals[lost][0], APPEALS, lost, "a row", "none")
    examination.count("appeals", len(rows))


def _told_of_appeal(row: Appeal, story: Story) -> dict[str, Any]:
    made, answer = story.appeals.get(str(row.pk)), story.answers.get(str(row.pk))
    if made is None or made[1]["subjects"][1] != str(row.ruling_id):
        return {"leaf": "a leaf"}
    told = {"leaf": made[0], "by": made[1]["actor"], "reasons": made[1]["detail"].get("reasons")}
    told |= dict.fromkeys(("outcome", "answer", "decided by"), "")
    if answer is not None:
        detail = answer[1]["detail"]
        told |= {"outcome": detail.get("outcome"), "answer": detail.get("reasons")}
        told["decided by"] = answer[1]["actor"]
    return told


def _stored_of_appeal(row: Appeal) -> dict[str, Any]:
    return {
        "leaf": row.leaf,
        "by": row.made_by.pseudonym,
        "reasons": digest_of(row.reasons),
        "outcome": row.outcome,
        "answer": digest_of(row.answer) if row.answer else "",
        "decided by": row.decided_by.pseudonym if row.decided_by else "",
    }


def _as_told(stored: datetime | None, told: datetime | None) -> datetime | None:
    """An instant of a row, where it is as near to its leaf's as one transaction makes it; else the leaf's."""
    near = stored is not None and told is not None and abs(stored - told) <= TOLERANCE
    return stored if near else told


CHECK = Check("rulings", "Rulings, remedies and appeals", look, RULES)
