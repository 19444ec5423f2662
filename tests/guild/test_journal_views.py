import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from guild.journal import services
from guild.journal.records import Draft, Ratings
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.guild.journal_pages import NIGHT, kept, words_of, write

SignIn = Callable[[Membership], Client]


@pytest.fixture
def mira(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.mira)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("view", "arguments", "queries"),
    [
        ("journal:list", [], 10),
        ("journal:calendar", [], 8),
        ("journal:month", [2025, 5], 9),
        ("journal:night", ["2025-05-03"], 9),
        ("journal:export", [], 7),
        ("journal:search", [], 7),
    ],
)
def test_pages_cost_the_same_queries_for_one_row_and_for_three(
    cast: Cast,
    mira: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    rows: int,
    view: str,
    arguments: list[Any],
    queries: int,
) -> None:
    for number in range(rows):
        write(cast.mira, f"Dream {number}.")

    with django_assert_num_queries(queries):
        response = mira.get(reverse(view, args=arguments))

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_search_and_detail_cost_the_same_queries_for_one_row_and_for_three(
    cast: Cast, mira: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    dreams = [write(cast.mira, f"The sea, {number}.") for number in range(rows)]
    for number in range(rows):
        draft = Draft(narrative=f"The sea changed {number}.", dreamed_on=NIGHT)
        with tenant(dreamer=cast.mira.dreamer_id):
            services.revise_dream(
                by=cast.mira.dreamer, dream_id=dreams[0], draft=draft, expected_revision=number + 1
            )

    with django_assert_num_queries(9):
        found = mira.post(reverse("journal:search"), {"words": "sea"})
    with django_assert_num_queries(12):
        shown = mira.get(reverse("journal:detail", args=[dreams[0]]))

    assert len(found.context["hits"]) == rows
    assert len(shown.context["revisions"]) == rows


def test_list_shows_newest_nights_first_in_pages_of_twenty(cast: Cast, mira: Client) -> None:
    for number in range(21):
        write(cast.mira, f"Dream {number}.", dreamed_on=NIGHT + timedelta(days=number))

    first, second = (mira.get(reverse("journal:list"), {"page": page}).context["page"] for page in (1, 2))

    assert [dream.narrative for dream in first][:2] == ["Dream 20.", "Dream 19."]
    assert [dream.narrative for dream in second] == ["Dream 0."]


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", ""])
def test_list_with_a_page_that_is_not_there_shows_one_that_is(mira: Client, number: str) -> None:
    assert mira.get(reverse("journal:list"), {"page": number}).status_code == 200


def test_an_empty_journal_offers_one_thing_to_do(mira: Client) -> None:
    response = mira.get(reverse("journal:list"))

    assert "No dreams yet" in words_of(response)
    assert response.content.decode().count(f'href="{reverse("journal:new")}"') == 2


def test_detail_shows_the_dream_its_ratings_and_its_revisions(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira, title="Lane", ratings=Ratings(sadness=3), tags=("wet",), people=("Ines",))
    with tenant(dreamer=cast.mira.dreamer_id):
        services.revise_dream(
            by=cast.mira.dreamer,
            dream_id=dream_id,
            draft=Draft(narrative="The tide.", dreamed_on=NIGHT, title="Quay"),
            expected_revision=1,
        )

    words = words_of(mira.get(reverse("journal:detail", args=[dream_id])))

    assert "The tide." in words
    assert "Revision 1 until" in words
    assert "Lane · sadness 3 The sea came up the lane." in words


def test_detail_labels_a_suggestion_and_names_its_words(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira, "I was terrified, and so happy.", ratings=Ratings(happiness=0))

    words = words_of(mira.get(reverse("journal:detail", args=[dream_id])))

    assert "Suggested from your words: apprehension 3, because of terrified ." in words
    assert "happiness 3, because" not in words


def test_detail_of_a_dream_that_names_no_feeling_suggests_nothing(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira, "I walked to the shop and bought bread.")

    words = words_of(mira.get(reverse("journal:detail", args=[dream_id])))

    assert "Suggested" not in words
    assert "No word that we know names a feeling here, so nothing is suggested." in words


def test_a_suggestion_is_taken_by_a_button(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira, "I was terrified.")

    response = mira.post(reverse("journal:suggestion", args=[dream_id]), {"emotion": "apprehension"})

    assert response.url == reverse("journal:detail", args=[dream_id]) + "#feelings"
    assert kept(cast.mira)[0].ratings == Ratings(apprehension=3)


@pytest.mark.parametrize("emotion", ["", "joy", "confusion "])
def test_a_suggestion_for_no_emotion_of_ours_is_not_found(cast: Cast, mira: Client, emotion: str) -> None:
    dream_id = write(cast.mira)

    response = mira.post(reverse("journal:suggestion", args=[dream_id]), {"emotion": emotion})

    assert response.status_code == 404


def test_calendar_puts_a_dream_into_the_night_it_began(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira, title="Lane")
    write(cast.mira, "Two.", dreamed_on=date(2025, 5, 4))
    write(cast.mira, "Three.", dreamed_on=date(2025, 5, 4))

    page = mira.get(reverse("journal:month", args=[2025, 5])).content.decode()

    assert page.count("night-cell has-dreams") == 2
    assert f'href="{reverse("journal:detail", args=[dream_id])}"' in page
    assert f'href="{reverse("journal:night", args=["2025-05-04"])}"' in page
    assert f'href="{reverse("journal:month", args=[2025, 4])}"' in page
    assert f'href="{reverse("journal:month", args=[2025, 6])}"' in page


def test_calendar_offers_no_night_that_has_not_begun(mira: Client) -> None:
    page = mira.get(reverse("journal:calendar"))

    offered = re.findall(r"\?night=([0-9-]+)", page.content.decode())
    assert offered
    assert max(offered) <= page.context["latest_night"].isoformat()


@pytest.mark.parametrize("address", ["calendar/2025/13/", "calendar/0/1/", "calendar/9999/1/", "nights/x/"])
def test_a_month_or_night_that_is_not_is_not_found(mira: Client, address: str) -> None:
    assert mira.get(f"/journal/{address}").status_code == 404


def test_night_lists_its_dreams(cast: Cast, mira: Client) -> None:
    write(cast.mira, "One dream.")
    write(cast.mira, "Other dream.")

    words = words_of(mira.get(reverse("journal:night", args=["2025-05-03"])))

    assert words.index("One dream.") < words.index("Other dream.")


def test_search_marks_what_it_found_and_escapes_everything_else(cast: Cast, mira: Client) -> None:
    write(cast.mira, "A <script>alert(1)</script> by the Café.", title="Lane", tags=("sea",))
    write(cast.mira, "Nothing of it.")

    page = mira.post(reverse("journal:search"), {"words": "cafe lane"}).content.decode()
    by_tag = mira.post(reverse("journal:search"), {"words": "sea"}).content.decode()

    assert "<mark>Café</mark>" in page
    assert "<mark>Lane</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "Nothing of it" not in page
    assert "<mark>sea</mark>" in by_tag


def test_search_by_script_gets_the_hits_alone(cast: Cast, mira: Client) -> None:
    write(cast.mira)

    response = mira.post(reverse("journal:search"), {"words": "lane"}, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert "1 dream." in words_of(response)


@pytest.mark.parametrize(("words", "asked"), [("", False), ("   ", False), ("\x00", True), ("zzz", True)])
def test_search_without_a_hit_says_so_and_keeps_what_was_typed(
    cast: Cast, mira: Client, words: str, asked: bool
) -> None:
    write(cast.mira)

    response = mira.post(reverse("journal:search"), {"words": words})

    assert response.status_code == 200
    assert ("No dream of yours has" in words_of(response)) is asked


def test_search_ignores_words_in_the_address(cast: Cast, mira: Client) -> None:
    write(cast.mira)

    response = mira.get(reverse("journal:search"), {"words": "lane"})

    assert response.context["hits"] == []


def test_every_page_tells_browsers_and_proxies_to_keep_nothing(cast: Cast, mira: Client) -> None:
    dream_id = write(cast.mira)
    pages = [reverse(f"journal:{name}") for name in ("list", "new", "search", "calendar", "import", "export")]
    pages += [reverse(f"journal:{name}", args=[dream_id]) for name in ("detail", "edit", "delete")]

    headers = {page: mira.get(page).headers["Cache-Control"] for page in pages}

    assert [page for page, header in headers.items() if "no-store" not in header] == []
