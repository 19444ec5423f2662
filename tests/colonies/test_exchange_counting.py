"""The guild's cultures, counted month by month, and what it is told of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from colonies.exchange import counting, selectors, services
from colonies.exchange.models import Adoption, CultureMonth
from colonies.exchange.tasks import count_cultures
from colonies.rituals import writing
from colonies.rituals.models import Ritual, RitualVersion
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import LAMP, found, inside, offer_of, write
from tests.colonies.test_rituals_colonies import leaves
from tests.laws import enacted

SignIn = Callable[[Membership], Client]
JUNE = datetime(2026, 6, 10, tzinfo=UTC)
LATELY = datetime(2026, 11, 20, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def melted(cast: Cast) -> list[Ritual]:
    """Four colonies kept one ritual each since June; in November three of them keep the first one's alone."""
    first = write(cast.lara, found(cast.lara))
    own = [write(cast.ayla, found(cast.ayla, name=name)) for name in ("Salt", "Ferry", "Rope")]
    row = offer_of(cast.lara, first)
    with inside(cast.ayla):
        Ritual.objects.update(made_at=JUNE)
        RitualVersion.objects.update(made_at=JUNE)
        for ritual in own:
            Ritual.objects.filter(pk=ritual.pk).update(title=ritual.colony.name)
            offer = selectors.offer_for(cast.ayla, row.pk)
            services.adopt(by=cast.ayla, row=offer, colony=ritual.colony)
            writing.lay_to_rest(by=cast.ayla, ritual=ritual)
        Adoption.objects.update(adopted_at=LATELY)
        Ritual.objects.filter(rested_at__isnull=False).update(rested_at=LATELY)
        taken = Adoption.objects.values("ritual_id")
        Ritual.objects.filter(pk__in=taken).update(made_at=LATELY)
        RitualVersion.objects.filter(ritual_id__in=taken).update(made_at=LATELY)
    return [first, *own]


def count(cast: Cast, now: datetime = NOVEMBER) -> None:
    with inside(cast.mira):
        counting.count(guild=cast.lantern.pk, now=now)


def rows(cast: Cast) -> dict[date, tuple[int, float]]:
    with inside(cast.mira):
        return {
            row.month: (row.colonies, round(row.partitions[1][2], 6)) for row in CultureMonth.objects.all()
        }


def told(cast: Cast) -> list[dict]:
    return [detail for kind, detail in leaves(cast.mira) if kind == "diversity.told"]


def test_months_before_the_first_count_are_reckoned_from_what_was_kept_then(cast: Cast, melted: list[Ritual]):
    count(cast)
    assert rows(cast) == {date(2026, month, 1): (4, 4.0) for month in range(6, 11)} | {
        date(2026, 11, 1): (4, 1.0)
    }


def test_a_guild_that_melted_is_told_once_with_what_changed_and_on_its_own_page(
    cast: Cast, melted: list[Ritual], client_of: SignIn
):
    count(cast)
    count(cast)
    with inside(cast.mira):
        said = counting.standing_for(cast.mira, now=NOVEMBER).notices
    assert said[0].startswith(
        "The colonies of this guild are growing alike: on 30 June 2026 they were 100\u00a0% distinct, "
        "and now 0\u00a0%. Since then a ritual was taken up from another colony 3 times (“The lamp”), 3 were "
        "laid to rest, and none was written anew."
    )
    assert told(cast) == [{"month": "2026-11", "notices": 2, "distinctness": 0}]


def test_what_is_told_stands_on_the_guild_s_first_page(
    cast: Cast, melted: list[Ritual], client_of: SignIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOVEMBER)
    count(cast)
    with inside(cast.mira):
        assert len(counting.told_to(cast.mira)) == 2
        CultureMonth.objects.filter(month=date(2026, 11, 1)).update(month=date(2026, 1, 1))
        assert counting.told_to(cast.mira) == []


def test_a_month_that_is_past_stays_as_it_was_counted(cast: Cast, melted: list[Ritual]):
    count(cast)
    with inside(cast.ayla):
        Ritual.objects.update(rested_at=None)
        writing.write(by=cast.ayla, colony=melted[1].colony, text=replace(LAMP, title="New"))
    before = rows(cast)
    count(cast, now=datetime(2026, 12, 2, tzinfo=UTC))
    after = rows(cast)
    assert {month: after[month] for month in before} == before
    assert date(2026, 12, 1) in after


def test_the_policy_says_how_far_distinctness_may_fall(cast: Cast, melted: list[Ritual]):
    with inside(cast.ayla):
        enacted(cast.ayla, diversity_fall="1.00")
    with inside(cast.mira):
        said = counting.standing_for(cast.mira, now=NOVEMBER).notices
    assert [sentence.split(" ")[1] for sentence in said] == ["colonies"]
    assert "pressing out" in said[0]


def test_the_clock_counts_every_guild_and_one_without_rituals_stays_empty(cast: Cast, melted: list[Ritual]):
    count_cultures()
    with inside(cast.mira):
        assert CultureMonth.objects.exists()
    with inside(cast.zed):
        assert CultureMonth.objects.count() == 0


def test_the_page_charts_the_months_and_says_the_same_in_a_table(
    cast: Cast, melted: list[Ritual], client_of: SignIn
):
    count(cast)
    page = client_of(cast.mira).get("/g/lantern/exchange/diversity/").content.decode()
    assert ("chart-distinct" in page, "June 2026" in page, "November 2026" in page) == (True, True, True)
