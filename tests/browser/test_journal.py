"""The journal as a person meets it: written fast, unfolded, found again, and clean for everybody."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from guild.journal import services
from guild.journal.records import Draft
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.browser.accessibility import violations
from tests.cast import Cast

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
WORDS = "I was terrified. The sea came up the lane <b>slowly</b>."
DREAM = re.compile(r"/journal/[0-9a-f-]{36}/")


@pytest.fixture
def page_of_mira(live_cast: Cast, signed_in: SignIn) -> Page:
    return signed_in(live_cast.mira)


def write(member: Membership, narrative: str, title: str = "") -> str:
    with tenant(dreamer=member.dreamer_id):
        draft = Draft(narrative=narrative, dreamed_on=date(2025, 5, 3), title=title)
        return str(services.write_dream(by=member.dreamer, draft=draft))


def test_a_dream_is_written_in_one_field_and_found_while_typing(page_of_mira: Page) -> None:
    page_of_mira.goto("/journal/new/")
    expect(page_of_mira.get_by_label("Title")).to_be_hidden()
    page_of_mira.get_by_label("What happened").fill(WORDS)
    page_of_mira.get_by_role("button", name="Keep this dream").click()
    page_of_mira.wait_for_url(DREAM)

    page_of_mira.goto("/journal/search/")
    page_of_mira.get_by_role("searchbox").press_sequentially("lane sea")
    expect(page_of_mira.locator("#hits mark").first).to_have_text("sea")

    expect(page_of_mira.locator("#hits")).to_contain_text("<b>slowly</b>")
    assert page_of_mira.url.endswith("/journal/search/")


def test_a_suggestion_becomes_ones_own_by_a_button(live_cast: Cast, page_of_mira: Page) -> None:
    page_of_mira.goto(f"/journal/{write(live_cast.mira, WORDS)}/")
    expect(page_of_mira.get_by_text("Suggested from your words: apprehension 3")).to_be_visible()

    page_of_mira.get_by_role("button", name=re.compile("Take it as mine")).click()

    expect(page_of_mira.get_by_text("Suggested from your words: apprehension")).to_be_hidden()
    expect(page_of_mira.get_by_text("Revision 1")).to_be_visible()


def test_what_is_wrong_below_the_fold_is_unfolded_and_nothing_is_lost(page_of_mira: Page) -> None:
    page_of_mira.goto("/journal/new/")
    page_of_mira.get_by_label("What happened").fill(WORDS)
    page_of_mira.get_by_text("More about it").click()
    page_of_mira.get_by_label("Night of").fill("2999-01-01")
    page_of_mira.get_by_role("group", name="Sadness").get_by_label("3 strong").check()
    page_of_mira.get_by_role("button", name="Keep this dream").click()

    expect(page_of_mira.locator("#id_dreamed_on_error")).to_contain_text("has not begun yet")
    expect(page_of_mira.get_by_label("What happened")).to_have_value(WORDS)
    expect(page_of_mira.get_by_role("group", name="Sadness").get_by_label("3 strong")).to_be_checked()


def test_a_journal_is_brought_in_through_a_file(page_of_mira: Page) -> None:
    page_of_mira.goto("/journal/import/")
    page_of_mira.get_by_label("A file").set_input_files(
        {"name": "d.txt", "mimeType": "text/plain", "buffer": b"2025-05-03\nThe sea.\n2999-01-01\nLater.\n"}
    )
    page_of_mira.get_by_role("button", name="Show me what is in it").click()
    expect(page_of_mira.get_by_role("heading", name="1 dream can be added")).to_be_visible()

    page_of_mira.get_by_role("button", name="Add 1 dream").click()

    expect(page_of_mira.get_by_text("1 dream was added.")).to_be_visible()
    expect(page_of_mira.get_by_role("link", name="The sea.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_preview_of_an_import_is_clean_for_axe_and_fits(
    live_cast: Cast, signed_in: SignIn, scheme: str, width: int
) -> None:
    with tenant(dreamer=live_cast.mira.dreamer_id):
        staged = services.stage_import(by=live_cast.mira.dreamer, data=b"2025-05-04\nA lamp.\n2999-1-1\nNo.")
    # axe styles the page while it looks, which the page's own policy rightly forbids.
    screen = {"width": width, "height": 800}
    page = signed_in(live_cast.mira, color_scheme=scheme, viewport=screen, bypass_csp=True)

    page.goto(f"/journal/import/{staged}/")

    assert [violation["id"] for violation in violations(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
