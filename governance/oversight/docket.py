"""The list of findings as enforcers work through it: filtered, the most urgent first, and counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When
from django.utils import timezone

from governance.audits.enums import WAITING, FindingState, Severity
from governance.audits.models import Finding
from governance.oversight.access import findings_of
from governance.oversight.ruling_models import Appeal, Ruling

if TYPE_CHECKING:
    from django.db.models import QuerySet

NOBODY: Final = "nobody"
UNDECIDED: Final = "waiting"


@dataclass(frozen=True)
class Sieve:
    """What to show: each field left empty lets everything through. `state` may be "waiting", `assignee` may
    be "nobody" or the id of a membership; `days` is how long ago it was found at most.
    """

    severity: str = ""
    state: str = ""
    rule: str = ""
    assignee: str = ""
    days: int | None = None

    def apply(self, findings: "QuerySet[Finding]", *, now: datetime) -> "QuerySet[Finding]":
        wanted = Q()
        if self.severity:
            wanted &= Q(severity=self.severity)
        if self.state:
            wanted &= Q(state__in=WAITING) if self.state == UNDECIDED else Q(state=self.state)
        if self.rule:
            wanted &= Q(rule=self.rule)
        if self.assignee:
            wanted &= Q(assigned_to=None if self.assignee == NOBODY else UUID(self.assignee))
        if self.days is not None:
            wanted &= Q(found_at__gte=now - timedelta(days=self.days))
        return findings.filter(wanted)


def findings_in_order(
    guild: UUID, sieve: Sieve = Sieve(), *, now: datetime | None = None
) -> "QuerySet[Finding]":
    """What passes the sieve: what waits for somebody first, then by severity, then by what is due first."""
    return sieve.apply(findings_of(guild), now=now or timezone.now()).order_by(
        _rank("state", dict.fromkeys(WAITING, 0), otherwise=1),
        _rank("severity", {severity: place for place, severity in enumerate(Severity)}, otherwise=9),
        "due_at",
        "id",
    )


def _rank(field: str, ranks: dict[FindingState, int] | dict[Severity, int], *, otherwise: int) -> Case:
    whens = [When(**{field: key.value}, then=Value(rank)) for key, rank in ranks.items()]
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def rules_found(guild: UUID) -> list[str]:
    """The codes of all rules that any finding of the guild names, in alphabetical order."""
    return list(
        Finding.objects.filter(guild_id=guild).order_by("rule").values_list("rule", flat=True).distinct()
    )


@dataclass(frozen=True)
class Waiting:
    """How much there is to decide, and how urgent it is."""

    by_severity: dict[Severity, int]
    overdue: int
    first_due: datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_severity.values())

    @property
    def worst(self) -> Severity | None:
        """The gravest severity that anything waiting has."""
        return next((severity for severity in Severity if self.by_severity.get(severity)), None)


def waiting_in(guild: UUID, *, now: datetime | None = None) -> Waiting:
    """What waits for the enforcers of a guild, in one query."""
    moment = now or timezone.now()
    rows = (
        Finding.objects.filter(guild_id=guild, state__in=WAITING)
        .order_by()
        .values("severity")
        .annotate(count=Count("id"), late=Count("id", filter=Q(due_at__lt=moment)), due=Min("due_at"))
        .values_list("severity", "count", "late", "due")
    )
    counted = list(rows)
    return Waiting(
        by_severity={Severity(severity): count for severity, count, _, _ in counted},
        overdue=sum(late for _, _, late, _ in counted),
        first_due=min((due for *_, due in counted if due is not None), default=None),
    )


AGES: Final[Sequence[tuple[str, timedelta | None]]] = (
    ("1 day", timedelta(days=1)),
    ("3 days", timedelta(days=3)),
    ("14 days", timedelta(days=14)),
    ("longer", None),
)
"""How long something has been waiting: each span up to the given age, the last without an end."""


def ages(guild: UUID, *, now: datetime | None = None) -> dict[Severity, list[int]]:
    """How many findings wait, by severity and by age as in `AGES`."""
    moment = now or timezone.now()
    rows = Finding.objects.filter(guild_id=guild, state__in=WAITING).values_list("severity", "found_at")
    counted = Counter((severity, _age(moment - found_at)) for severity, found_at in rows.iterator())
    return {
        severity: [counted[(severity.value, place)] for place in range(len(AGES))] for severity in Severity
    }


def _age(waited: timedelta) -> int:
    return next(place for place, (_, limit) in enumerate(AGES) if limit is None or waited < limit)


def proposed_in(guild: UUID) -> "QuerySet[Ruling]":
    """Rulings that wait for a second enforcer, oldest first."""
    return (
        Ruling.objects.filter(guild_id=guild, state="proposed")
        .select_related("finding", "ruled_by")
        .order_by("at", "id")
    )


def appeals_in(guild: UUID) -> "QuerySet[Appeal]":
    """Appeals that wait for an answer, what is due first first."""
    return (
        Appeal.objects.filter(guild_id=guild, outcome="")
        .select_related("ruling__finding", "ruling__ruled_by", "made_by")
        .order_by("due_at", "id")
    )
