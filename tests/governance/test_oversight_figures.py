"""What charts and reports count: consents given, refused and ended, how many stood, how often they served."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance.audits.enums import Severity
from governance.consent import services as consent
from governance.consent.enums import Purpose
from governance.consent.models import Statement
from governance.oversight import charts, docket, figures, periods
from governance.oversight.figures import Course
from governance.oversight.periods import Period, Step
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.findings import found
from tests.governance.lending import lend
from tests.governance.test_oversight_pages import use

ASKED = {Purpose.BLEND: True, Purpose.QUOTE: False}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    now = at("2026-03-04T10:00")
    assert periods.latest(Step.WEEK, count=2, now=now) == [
        Period(at("2026-02-23"), at("2026-03-02")),
        Period(at("2026-03-02"), at("2026-03-09")),
    ]
    assert periods.latest(Step.MONTH, count=3, now=now) == [
        Period(at("2026-01-01"), at("2026-02-01")),
        Period(at("2026-02-01"), at("2026-03-01")),
        Period(at("2026-03-01"), at("2026-04-01")),
    ]


def test_a_month_ends_where_the_next_begins_also_at_the_turn_of_the_year() -> None:
    (period,) = periods.latest(Step.MONTH, count=1, now=at("2026-12-31T23:59"))
    assert period == Period(at("2026-12-01"), at("2027-01-01"))


def courses(cast: Cast, *, now: datetime | None = None) -> dict[Purpose, Course]:
    moment = now or timezone.now()
    spans = periods.latest(Step.WEEK, count=2, now=moment)
    with tenant(guild=cast.lantern.pk):
        found = figures.courses(cast.lantern.pk, periods=spans, step=Step.WEEK, now=moment)
    return {course.purpose: course for course in found}


def test_every_answer_is_counted_in_its_week(cast: Cast) -> None:
    kept, taken_back = lend(cast.mira, ASKED), lend(cast.finn, ASKED)
    use(cast.ayla, [kept, taken_back])
    use(cast.ayla, [kept])
    with tenant(guild=cast.lantern.pk, dreamer=cast.finn.dreamer_id):
        consent.withdraw(by=cast.finn, contribution=taken_back.contribution, purpose=Purpose.BLEND)
    counted = courses(cast)
    blend, quote = counted[Purpose.BLEND], counted[Purpose.QUOTE]
    assert set(counted) == {Purpose.BLEND, Purpose.QUOTE}
    assert (blend.given, blend.refused, blend.ended) == ((0, 2), (0, 0), (0, 1))
    assert (blend.in_force, blend.opened) == ((0, 1), (0, 3))
    assert (quote.given, quote.refused, quote.in_force) == ((0, 0), (0, 2), (0, 0))


def test_a_consent_stands_until_it_ends_or_runs_out(cast: Cast) -> None:
    lend(cast.mira, {Purpose.BLEND: True}, expires_at=timezone.now() + timedelta(days=3))
    lend(cast.finn, {Purpose.BLEND: True})
    later = timezone.now() + timedelta(days=14)
    assert courses(cast)[Purpose.BLEND].in_force[-1] == 2
    assert courses(cast, now=later)[Purpose.BLEND].in_force[-1] == 1


def test_another_guilds_answers_are_not_counted(cast: Cast) -> None:
    lend(cast.zed, ASKED)
    assert courses(cast) == {}
    assert Statement.objects.count() == 0


def test_what_waits_is_counted_by_severity_and_age(cast: Cast) -> None:
    now = timezone.now()
    for hours in (1, 30, 31):
        found(cast.lantern, at=now - timedelta(hours=hours))
    found(cast.lantern, severity=Severity.MINOR, at=now - timedelta(days=15))
    with tenant(guild=cast.lantern.pk):
        ages = docket.ages(cast.lantern.pk, now=now)
        waiting = docket.waiting_in(cast.lantern.pk, now=now)
    assert ages == {
        Severity.CRITICAL: [1, 2, 0, 0],
        Severity.MAJOR: [0, 0, 0, 0],
        Severity.MINOR: [0, 0, 0, 1],
    }
    assert (waiting.total, waiting.overdue, waiting.worst) == (4, 3, Severity.CRITICAL)


def test_discs_beyond_the_staircase_are_late() -> None:
    matrix = charts.ages_drawn(
        {Severity.CRITICAL: [4, 1, 0, 0], Severity.MAJOR: [0, 0, 0, 0], Severity.MINOR: [0, 0, 1, 1]}
    )
    spots = {(row.severity, spot.count, spot.is_late) for row in matrix.rows for spot in row.spots}
    assert spots == {
        (Severity.CRITICAL, 4, False),
        (Severity.CRITICAL, 1, True),
        (Severity.MINOR, 1, False),
        (Severity.MINOR, 1, True),
    }
    assert matrix.total == 7


@pytest.mark.parametrize("count", [1, 12, 400])
def test_bars_stay_on_their_canvas_and_share_one_scale(count: int) -> None:
    start = at("2026-03-02")
    drawn = charts.consents_drawn(
        [
            Course(Purpose.BLEND, (start,), (count,), (0,), (count // 2,), (count,), (count,)),
            Course(Purpose.QUOTE, (start,), (count // 4,), (1,), (0,), (0,), (0,)),
        ]
    )
    for small in drawn:
        assert all(bar.y >= 0 and bar.y + bar.height <= charts.HEIGHT for bar in small.bars)
    assert len({small.axis for small in drawn}) == 1
