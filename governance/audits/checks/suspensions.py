"""Offices that rulings took: each suspension against the leaves that took the office and gave it back."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger.enums import LeafKind
from governance.offices.models import Suspension

SUSPENSIONS: Final = "offices_suspension"

RULES = (
    Rule(
        "suspension.row",
        Severity.CRITICAL,
        "A suspension is not as the log tells it.",
        "Whose office it took, by which ruling, or whether it lasts was changed, or it was made by hand.",
        "Believe the log, set the row back, and look for who had it changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "suspension.lost",
        Severity.CRITICAL,
        "A suspension is missing.",
        "A ruling took an office, and the row that keeps it from being given again was removed.",
        "Restore the row from a backup, and see that the office was not given meanwhile.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
)

Leaf = Mapping[str, Any]
_Mark = tuple[str, str, str]


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every suspension, then those that only the log knows."""
    taken, given = _told(examination)
    rows = list(
        Suspension.objects.filter(guild_id=examination.guild)
        .select_related("member", "lifted_by")
        .order_by("since", "id")
    )
    for row in rows:
        mark = taken.get(row.leaf)
        back = None if mark is None else given.get(mark)
        left = str(row.member.pseudonym) in examination.replay.people.left
        member, office, by_ruling = mark or ("a leaf", "none", "none")
        lifted = back is not None or (left and row.lifted_at is not None)
        told = {"member": member, "office": office, "ruling": by_ruling, "lifted": lifted}
        stored = {"member": row.member.pseudonym, "office": row.office, "ruling": row.ruling}
        if apart := differing(told, stored | {"lifted": row.lifted_at is not None}):
            yield Discrepancy("suspension.row", row.leaf, SUSPENSIONS, str(row.pk), *apart)
    for lost in sorted(taken.keys() - {row.leaf for row in rows}):
        who = taken[lost][0]
        yield Discrepancy("suspension.lost", lost, SUSPENSIONS, "", f"a suspension of {who}", "none")
    examination.count("suspensions", len(rows))


def _told(examination: Examination) -> tuple[dict[int, _Mark], dict[_Mark, int]]:
    """What rulings took, by leaf, and what was given back of it. Somebody who left gets nothing back, and
    that has no leaf.
    """
    taken: dict[int, _Mark] = {}
    given: dict[_Mark, int] = {}
    for index, leaf in leaves_of(examination, LeafKind.OFFICE_WITHDRAWN, LeafKind.OFFICE_GRANTED):
        if ruling := leaf["detail"].get("ruling"):
            mark = (str(leaf["subjects"][0]), str(leaf["detail"]["office"]), str(ruling))
            if leaf["kind"] == LeafKind.OFFICE_WITHDRAWN.value:
                taken[index] = mark
            else:
                given[mark] = index
    return taken, given


CHECK = Check("suspensions", "Offices that rulings took", look, RULES)
