"""How many consents were given, refused and ended, and how often they were used: counted, never named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import Trunc

from governance.consent.enums import ConsentState, Purpose
from governance.consent.models import Statement, UseSubject
from governance.consent.purposes import REGISTRY
from governance.oversight.periods import Period, Step

ENDED: Final = (
    ConsentState.WITHDRAWN,
    ConsentState.REVOKED,
    ConsentState.EXPIRED,
    ConsentState.INVALIDATED,
)
"""States in which a consent that was given stands no longer."""

# A consent is in force from its statement to the next one on the same thing, or to its expiry.
_IN_FORCE = """
WITH spans AS (
    SELECT purpose, state, stated_at AS since,
           LEAST(LEAD(stated_at) OVER same, expires_at) AS until
      FROM consent_statement
     WHERE guild_id = %s
    WINDOW same AS (PARTITION BY pseudonym, scope, scope_id, contribution, purpose ORDER BY leaf_index)
)
SELECT moment.place, spans.purpose, count(*)
  FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS moment (at, place)
  JOIN spans ON spans.state IN ('given', 'renewed') AND spans.since < moment.at
       AND (spans.until IS NULL OR spans.until >= moment.at)
 GROUP BY moment.place, spans.purpose
"""


@dataclass(frozen=True)
class Counted:
    """One purpose in one period."""

    start: datetime
    given: int
    refused: int
    ended: int
    in_force: int
    opened: int


@dataclass(frozen=True)
class Course:
    """One purpose over the periods: each field has one number a period.

    `in_force` is how many consents stood at its end; `opened` how many times a lent dream was opened for it.
    """

    purpose: Purpose
    starts: tuple[datetime, ...]
    given: tuple[int, ...]
    refused: tuple[int, ...]
    ended: tuple[int, ...]
    in_force: tuple[int, ...]
    opened: tuple[int, ...]

    @property
    def title(self) -> str:
        return REGISTRY[self.purpose].title

    @property
    def rows(self) -> list[Counted]:
        """The same, period by period, the newest first."""
        columns = (self.starts, self.given, self.refused, self.ended, self.in_force, self.opened)
        return [Counted(*row) for row in reversed(list(zip(*columns, strict=True)))]

    @property
    def sums(self) -> dict[str, int]:
        """What can be added up over the periods."""
        return {
            "given": sum(self.given),
            "refused": sum(self.refused),
            "ended": sum(self.ended),
            "opened": sum(self.opened),
        }

    @property
    def is_empty(self) -> bool:
        return not any((*self.given, *self.refused, *self.ended, *self.in_force, *self.opened))


def courses(guild: UUID, *, periods: Sequence[Period], step: Step, now: datetime) -> list[Course]:
    """Every purpose that anything was ever stated or done about in these periods, in three queries."""
    stated = _by_period(
        Statement.objects.filter(guild_id=guild), "stated_at", periods=periods, step=step, by="state"
    )
    opened = _by_period(
        UseSubject.objects.filter(guild_id=guild), "at", periods=periods, step=step, by="purpose"
    )
    standing = _in_force(guild, [min(period.end, now) for period in periods])
    starts = tuple(period.start for period in periods)
    found = [_course(purpose, starts, stated, opened, standing) for purpose in Purpose]
    return [course for course in found if not course.is_empty]


Counts = dict[tuple[int, str, str], int]


def _by_period(rows: QuerySet[Any], moment: str, *, periods: Sequence[Period], step: Step, by: str) -> Counts:
    """(place of the period, purpose, the other field) -> how many rows."""
    places = {period.start: place for place, period in enumerate(periods)}
    counted = (
        rows.filter(**{f"{moment}__gte": periods[0].start, f"{moment}__lt": periods[-1].end})
        .order_by()
        .annotate(period=Trunc(moment, step.value))
        .values_list("period", "purpose", by)
        .annotate(count=Count("id"))
    )
    return {(places[period], purpose, other): count for period, purpose, other, count in counted}


def _in_force(guild: UUID, moments: Sequence[datetime]) -> dict[tuple[int, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [guild, list(moments)])
        return {(place - 1, purpose): count for place, purpose, count in cursor.fetchall()}


def _course(
    purpose: Purpose,
    starts: tuple[datetime, ...],
    stated: Counts,
    opened: Counts,
    standing: dict[tuple[int, str], int],
) -> Course:
    count = len(starts)

    def of(*states: ConsentState) -> tuple[int, ...]:
        return tuple(
            sum(stated.get((place, purpose, state), 0) for state in states) for place in range(count)
        )

    return Course(
        purpose=purpose,
        starts=starts,
        given=of(ConsentState.GIVEN, ConsentState.RENEWED),
        refused=of(ConsentState.REFUSED),
        ended=of(*ENDED),
        in_force=tuple(standing.get((place, purpose), 0) for place in range(count)),
        opened=tuple(opened.get((place, purpose, purpose), 0) for place in range(count)),
    )
