"""The pages of dreamscapes: who sees what, and what they say when there is nothing to see."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.consent.services import withdraw
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import selectors
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

ClientOf = Callable[[Membership], Client]
PAGES = ("detail", "reflection", "withdraw")


def address(run: BlendRun, name: str = "detail", slug: str = "lantern") -> str:
    return reverse(f"dreamscapes:{name}", args=[slug, run.pk])


def shown(client: Client, run: BlendRun, name: str = "detail") -> str:
    response = client.get(address(run, name))
    assert response.status_code == 200
    return response.content.decode()


def plain(page: str) -> str:
    """The text of a page as it reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", "", page).replace("&nbsp;", " ").replace("\xa0", " ").split())


def test_the_dreamscape_names_every_voice_in_its_hue(cast: Cast, client_of: ClientOf) -> None:
    page = shown(client_of(cast.mira), circles.blend(circles.settle(cast)))
    for member in cast.members:
        assert f'class="voice hue-{member.hue}"' in page or member.display_name == "Ezra"
        assert f'class="moment hue-{member.hue}"' in page
        assert member.display_name in page
    assert "Ezra takes part in the constellation and keeps the words back" in plain(page)


def test_no_page_holds_words_of_those_who_keep_them_back(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast))
    for name in PAGES:
        page = plain(shown(client_of(cast.mira), run, name))
        assert not [words for words in circles.words_of(circles.DREAMS["ezra"]) if words in page]


def test_the_dreamscape_says_what_it_kept_of_me(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast, depth=0.9)
    run = circles.blend(circle)
    with tenant(guild=run.guild_id):
        report = selectors.open_dreamscape(run).document["report"]
    mine = next(row for row in report["voices"] if row["voice"] == str(circle.contributions["mira"]))
    page = plain(shown(client_of(cast.mira), run))
    assert f"Depth you allowed0.90Depth used{mine['given']:.2f}" in page
    assert "floor 60 %" in page
    assert "under the guild's floor of 60 %" in page


def test_every_figure_has_its_table(cast: Cast, client_of: ClientOf) -> None:
    page = shown(client_of(cast.mira), circles.blend(circles.settle(cast)))
    for caption in ("The constellation", "How pleasant it felt", "How strong it felt"):
        assert f"<summary>{caption}, as a table</summary>" in page


def test_the_page_says_how_it_was_made(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast))
    page = plain(shown(client_of(cast.mira), run))
    assert f"asked for as leaf {run.requested_leaf}, the dreams opened as leaf {run.use_leaf}" in page
    for digest in (run.policy_set, run.inputs_digest, run.outputs_digest):
        assert digest in page


def test_pages_keep_the_strict_policy(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast))
    for name in PAGES:
        page = shown(client_of(cast.mira), run, name)
        assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)


def test_a_reflection_is_my_own_dream_in_order(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast))
    page = plain(shown(client_of(cast.ezra), run, "reflection"))
    places = [page.index(words) for words in circles.DREAMS["ezra"].rstrip(".").split(". ")]
    assert places == sorted(places)
    other = plain(shown(client_of(cast.mira), run, "reflection"))
    assert "Snow was falling upwards" in other
    assert "court of foxes" not in other


def test_a_listener_is_told_so(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    client = client_of(cast.mira)
    assert "You listened. No dream of yours is in this" in plain(shown(client, run))
    assert "there is nothing to reflect" in plain(shown(client, run, "reflection"))
    assert "No dream of yours is in this dreamscape" in plain(shown(client, run, "withdraw"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_page(cast: Cast, client_of: ClientOf, name: str) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    client = client_of(cast.zed)
    assert client.get(address(run, name)).status_code == 404
    assert client.get(address(run, name, slug="harbour")).status_code == 404
    assert client.post(address(run, "withdraw", slug="harbour")).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_member_who_did_not_take_part_is_told_why(cast: Cast, client_of: ClientOf, name: str) -> None:
    session = circles.open_session(cast.ayla, [cast.ayla, cast.finn])
    circles.set_stage(session, cast.ayla, "sharing")
    lent = {who: circles.lend(session, getattr(cast, who), circles.DREAMS[who]) for who in ("ayla", "finn")}
    circles.set_stage(session, cast.ayla, "associating", "blending")
    run = circles.blend(circles.Circle(session, cast.ayla, lent))
    response = client_of(cast.ezra).get(address(run, name))
    assert response.status_code == 403
    assert "Only those who took part in this session" in response.content.decode()


def test_withdrawing_asks_first_and_then_takes_it_out(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    client = client_of(cast.mira)
    assert "Take your dream back?" in plain(shown(client, run, "withdraw"))
    assert circles.fresh(run).state == RunState.FINISHED
    response = client.post(address(run, "withdraw"), follow=True)
    assert response.redirect_chain == [(address(run), 302)]
    page = plain(response.content.decode())
    assert "Your dream is taken back, and its key is destroyed." in page
    assert "This dreamscape is gone Somebody took their dream back." in page


def test_a_replaced_dreamscape_shows_no_word_and_leads_to_the_next(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    client = client_of(cast.mira)
    with tenant(guild=run.guild_id):
        following = selectors.replacement_of(circles.fresh(run))
    assert following is not None
    for name in ("detail", "reflection"):
        page = shown(client, run, name)
        assert address(following) in page
        assert "The next one is being made" in page
        assert not [
            text for dream in circles.DREAMS.values() for text in circles.words_of(dream) if text in page
        ]
    perform_blend(guild_id=following.guild_id, run_id=following.pk)
    assert "The dreamscape made in its place" in shown(client, run)
    assert address(run) in shown(client, following)
    listed = client.get(reverse("dreamscapes:list", args=["lantern"])).content.decode()
    assert address(following) in listed
    assert address(run) not in listed


def test_a_replaced_dreamscape_says_when_nothing_follows(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run = circles.blend(circle)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    assert "Nothing takes its place" in plain(shown(client_of(cast.ayla), run))


def test_a_blend_on_its_way_says_so_and_opens_when_it_is_made(cast: Cast, client_of: ClientOf) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))
    client = client_of(cast.ayla)
    assert "Waiting for a worker." in plain(shown(client, run))
    assert client.get(address(run, "reflection")).status_code == 302
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    polled = client.get(address(run), headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"


def test_a_failed_blend_gives_its_sentence(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast, "ayla"))
    page = plain(shown(client_of(cast.ayla), run))
    assert "The blend could not be made One dream was lent for blending" in page
    assert client_of(cast.ayla).get(address(run, "reflection")).status_code == 302


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow(cast: Cast, client_of: ClientOf) -> None:
    client, listing = client_of(cast.ayla), reverse("dreamscapes:list", args=["lantern"])
    small = circles.blend(circles.settle(cast, "ayla", "finn"))
    one: dict[str, Any] = {name: queries_of(client, address(small, name)) for name in PAGES}
    one["list"] = queries_of(client, listing)
    large = [circles.blend(circles.settle(cast)) for _ in range(2)][-1]
    three: dict[str, Any] = {name: queries_of(client, address(large, name)) for name in PAGES}
    three["list"] = queries_of(client, listing)
    assert one == three == {"detail": 16, "reflection": 15, "withdraw": 12, "list": 13}
