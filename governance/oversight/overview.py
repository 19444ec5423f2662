"""Everything on the first page of oversight, gathered for one enforcer in a number of queries that stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from governance.offices.models import Suspension
from governance.offices.selectors import standing as suspensions_in
from governance.oversight import charts, docket, figures, periods, visits
from governance.oversight.access import enforcers_of, require_enforcer
from governance.oversight.auditing import Told, audits_of, told
from governance.oversight.charts import Matrix, Small
from governance.oversight.described import Line, lines
from governance.oversight.docket import Waiting
from governance.oversight.log_state import LogState, log_state
from governance.oversight.periods import Period, Step
from governance.oversight.ruling_models import Appeal, Ruling
from governance.oversight.visits import Since
from guild.tenancy.models import Membership

URGENT: Final = 6
AUDITS: Final = 4
COLUMNS: Final = 12


@dataclass(frozen=True)
class Overview:
    """What an enforcer needs to know, the most urgent first."""

    waiting: Waiting
    urgent: list[Line]
    proposed: list[Ruling]
    appeals: list[Appeal]
    suspensions: list[Suspension]
    enforcers: list[Membership]
    matrix: Matrix
    log: LogState
    since: Since
    audits: list[Told]
    step: Step
    periods: Sequence[Period]
    consents: list[Small]
    uses: list[Small]

    @property
    def is_alone(self) -> bool:
        """Whether there is nobody who could confirm a ruling or decide an appeal."""
        return len(self.enforcers) < 2


def overview_for(member: Membership, *, step: Step, now: datetime | None = None) -> Overview:
    """Raises Denied. Notes the visit."""
    require_enforcer(member)
    guild, moment = member.guild_id, now or timezone.now()
    since = visits.look(member=member, now=moment)
    columns = periods.latest(step, count=COLUMNS, now=moment)
    courses = figures.courses(guild, periods=columns, step=step, now=moment)
    proposed, appeals = list(docket.proposed_in(guild)), list(docket.appeals_in(guild))
    shown = [row.finding_id for row in proposed] + [row.ruling.finding_id for row in appeals]
    undecided = docket.findings_in_order(guild, docket.Sieve(state=docket.UNDECIDED)).exclude(pk__in=shown)
    return Overview(
        waiting=docket.waiting_in(guild, now=moment),
        urgent=lines(undecided[:URGENT], now=moment),
        proposed=proposed,
        appeals=appeals,
        suspensions=list(suspensions_in(guild)),
        enforcers=enforcers_of(guild),
        matrix=charts.ages_drawn(docket.ages(guild, now=moment)),
        log=log_state(guild),
        since=since,
        audits=told(audits_of(guild)[:AUDITS]),
        step=step,
        periods=columns,
        consents=charts.consents_drawn(courses),
        uses=charts.uses_drawn(courses),
    )
