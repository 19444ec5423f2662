"""The report that every member may read: what was done with lent dreams, what was found, what was ruled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import Trunc
from django.utils import timezone

from governance.audits.enums import Severity
from governance.audits.models import Finding
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.oversight import charts, figures, periods
from governance.oversight.access import enforcers_of, rulings_of
from governance.oversight.charts import Small
from governance.oversight.described import title_of
from governance.oversight.enums import RulingState, Verdict
from governance.oversight.log_state import LogState, log_state
from governance.oversight.periods import Period, Step
from governance.oversight.ruling_models import Ruling
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

MONTHS: Final = 12
HOURS_TO_DAYS: Final = 48
COUNTED: Final[Sequence[tuple[LeafKind, str]]] = (
    (LeafKind.CONTRIBUTION_LENT, "Dreams lent"),
    (LeafKind.USE, "Openings"),
    (LeafKind.CONTRIBUTION_WITHDRAWN, "Dreams taken back"),
    (LeafKind.DREAMSCAPE_MADE, "Dreamscapes made"),
    (LeafKind.DREAMSCAPE_SUPERSEDED, "Dreamscapes replaced"),
    (LeafKind.AUDIT_FINISHED, "Audits"),
    (LeafKind.FINDING_MADE, "Findings"),
    (LeafKind.RULING_MADE, "Rulings"),
    (LeafKind.APPEAL_MADE, "Appeals"),
)
"""The columns of the table by month: a kind of leaf, and what it is called."""
WAITING: Final = "waiting"


@dataclass(frozen=True)
class Month:
    """One row of the table: how many leaves of each kind in `COUNTED`."""

    start: datetime
    counts: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each count with what it is called."""
        return [(words, count) for (_, words), count in zip(COUNTED, self.counts, strict=True)]


@dataclass(frozen=True)
class Outcomes:
    """The findings of one severity, by what came of them."""

    severity: Severity
    waiting: int
    upheld: int
    explained: int
    dismissed: int

    @property
    def total(self) -> int:
        return self.waiting + self.upheld + self.explained + self.dismissed


@dataclass(frozen=True)
class Told:
    """One ruling as all members read it: what was found and decided, and how long that took."""

    ruling: Ruling
    title: str
    took: timedelta
    in_time: bool

    @property
    def took_words(self) -> str:
        return in_words(self.took)


@dataclass(frozen=True)
class Report:
    """Everything on the page, at one moment."""

    at: datetime
    months: list[Month]
    columns: tuple[str, ...]
    totals: tuple[int, ...]
    periods: Sequence[Period]
    consents: list[Small]
    uses: list[Small]
    outcomes: list[Outcomes]
    rulings: list[Told]
    typical: timedelta | None
    in_time: int
    log: LogState
    enforcers: list[Membership]

    @property
    def headlines(self) -> list[tuple[str, int]]:
        """The columns with anything in them, added up."""
        return [pair for pair in zip(self.columns, self.totals, strict=True) if pair[1]]

    @property
    def found(self) -> int:
        return sum(row.total for row in self.outcomes)

    @property
    def audited(self) -> bool:
        return dict(self.headlines).get("Audits", 0) > 0

    @property
    def typical_words(self) -> str:
        return in_words(self.typical or timedelta())


def report_for(member: Membership, *, now: datetime | None = None) -> Report:
    """A number of queries that stays. Raises Denied."""
    guild, moment = member.guild_id, now or timezone.now()
    require(actor=member, action=Action.VIEW_LEDGER, resource=entities.guild(guild))
    spans = periods.latest(Step.MONTH, count=MONTHS, now=moment)
    months = _months(guild, spans)
    courses = figures.courses(guild, periods=spans, step=Step.MONTH, now=moment)
    rulings = _rulings(guild, since=spans[0].start)
    return Report(
        at=moment,
        months=[month for month in reversed(months) if any(month.counts)],
        columns=tuple(words for _, words in COUNTED),
        totals=tuple(map(sum, zip(*(month.counts for month in months), strict=True))),
        periods=spans,
        consents=charts.consents_drawn(courses),
        uses=charts.uses_drawn(courses),
        outcomes=_outcomes(guild, since=spans[0].start),
        rulings=rulings,
        typical=_typical(rulings),
        in_time=sum(told.in_time for told in rulings),
        log=log_state(guild),
        enforcers=enforcers_of(guild),
    )


def _months(guild: UUID, spans: Sequence[Period]) -> list[Month]:
    kinds = [kind.value for kind, _ in COUNTED]
    rows = (
        Leaf.objects.filter(guild_id=guild, kind__in=kinds, at__gte=spans[0].start)
        .order_by()
        .annotate(month=Trunc("at", Step.MONTH.value))
        .values_list("month", "kind")
        .annotate(count=Count("index"))
    )
    counted = {(month, kind): count for month, kind, count in rows}
    return [Month(span.start, tuple(counted.get((span.start, kind), 0) for kind in kinds)) for span in spans]


def _outcomes(guild: UUID, *, since: datetime) -> list[Outcomes]:
    verdicts = dict(
        Ruling.objects.filter(
            guild_id=guild, state=RulingState.IN_FORCE, finding__found_at__gte=since
        ).values_list("finding_id", "verdict")
    )
    found = Finding.objects.filter(guild_id=guild, found_at__gte=since).values_list("id", "severity")
    counted = Counter((severity, verdicts.get(pk, WAITING)) for pk, severity in found)
    return [
        Outcomes(
            severity=severity,
            waiting=counted[(severity.value, WAITING)],
            upheld=counted[(severity.value, Verdict.UPHELD.value)],
            explained=counted[(severity.value, Verdict.EXPLAINED.value)],
            dismissed=counted[(severity.value, Verdict.DISMISSED.value)],
        )
        for severity in Severity
    ]


def _rulings(guild: UUID, *, since: datetime) -> list[Told]:
    """What took effect, latest first; also what was overturned since."""
    rows = rulings_of(guild).filter(in_force_at__gte=since).order_by("-in_force_at", "-id")
    return [_told(ruling) for ruling in rows]


def _told(ruling: Ruling) -> Told:
    finding, decided = ruling.finding, ruling.in_force_at or ruling.at
    return Told(
        ruling=ruling,
        title=title_of(finding.rule),
        took=decided - finding.found_at,
        in_time=finding.due_at is None or decided <= finding.due_at,
    )


def in_words(span: timedelta) -> str:
    """ "3 hours", "2 days"; less than an hour is "less than an hour"."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    count, unit = (hours, "hour") if hours < HOURS_TO_DAYS else (hours // 24, "day")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _typical(rulings: Sequence[Told]) -> timedelta | None:
    """The median: half took longer."""
    return timedelta(seconds=median(told.took.total_seconds() for told in rulings)) if rulings else None
