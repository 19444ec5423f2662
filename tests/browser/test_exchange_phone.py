"""Taking up a ritual of another colony and making it one's own, on a phone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.colonies.colony import LAMP, found, offer_of, write

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
OWN = "Put out the lamp, and leave the stairs lit."


@pytest.fixture
def exchange(live_cast: Cast, signed_in: SignIn) -> Callable[[], Page]:
    """Opens the exchange on Ayla's phone. She leads Salt; Lara's colony offers a ritual."""
    found(live_cast.ayla, name="Salt")
    ritual = write(live_cast.lara, found(live_cast.lara), replace(LAMP, credit="Rosa of the quay"))
    offer_of(live_cast.lara, ritual, word="Keep it dark.")

    def opened() -> Page:
        page = signed_in(live_cast.ayla, **PHONE)
        page.goto("/g/lantern/colonies/")
        page.get_by_role("link", name="The exchange").tap()
        return page

    return opened


def test_a_ritual_is_taken_up_and_adapted_and_both_are_in_its_lineage(exchange: Callable[[], Page]):
    page = exchange()
    page.get_by_role("link", name="The lamp").tap()
    expect(page.get_by_text("Keep it dark.")).to_be_visible()
    page.get_by_role("button", name="Take it up").tap()
    expect(page.get_by_text("Salt has taken it up, with its credit and its lineage.")).to_be_visible()
    page.get_by_role("link", name="Write a new version").tap()
    page.get_by_label("What one does").first.fill(OWN)
    page.get_by_role("button", name="Keep this version").tap()
    expect(page.get_by_text("Say what you changed and why").first).to_be_visible()
    page.get_by_label("What changed, and why").fill("We live up four flights.")
    page.get_by_role("button", name="Keep this version").tap()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    page.get_by_role("link", name="The lamp").first.tap()
    page.get_by_role("link", name="Its lineage").tap()
    expect(page.get_by_role("link", name="adapted, version 2")).to_be_visible()
    page.get_by_role("link", name="What is different here").tap()
    expect(page.get_by_text("We live up four flights.")).to_be_visible()
    expect(page.locator("ins").filter(has_text="stairs lit")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert Axe().run(page).response["violations"] == []


def test_thanks_go_back_from_the_phone(exchange: Callable[[], Page]):
    page = exchange()
    page.get_by_role("link", name="The lamp").tap()
    page.get_by_role("button", name="Take it up").tap()
    page.get_by_role("link", name="Its lineage").tap()
    page.get_by_label("In your words").fill("The house sleeps.")
    page.get_by_role("button", name="Send it back").tap()
    expect(page.get_by_text("It is sent.")).to_be_visible()
    expect(page.locator("blockquote").filter(has_text="The house sleeps.")).to_be_visible()
