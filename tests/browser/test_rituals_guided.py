"""Guided mode on a phone: paced without a touch, dimming, and there without a network."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from colonies.rituals.texts import Step
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.colonies.colony import LAMP, come_in, found, write

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
EVENING = replace(LAMP, steps=(*LAMP.steps, Step("song", "Hum until it is dark.", 120)))
FIRST, SECOND = (step.text for step in EVENING.steps)


def begun(page: Page) -> None:
    """Its script has taken over: keys pressed before would go nowhere."""
    expect(page.locator('[data-guided="waiting"]')).to_be_visible()


@pytest.fixture
def guided(live_cast: Cast, signed_in: SignIn) -> Callable[..., Page]:
    """Opens the ritual in guided mode on Mira's phone, by its link."""
    colony = found(live_cast.lara)
    come_in(live_cast.mira, colony, by=live_cast.lara)
    ritual = write(live_cast.lara, colony, EVENING)

    def opened(*, frozen: bool = False) -> Page:
        page = signed_in(live_cast.mira, **PHONE)
        if frozen:
            page.clock.install()
        page.goto(f"/g/lantern/rituals/{ritual.pk}/")
        page.get_by_role("link", name="Keep it, guided").click()
        begun(page)
        return page

    return opened


def test_steps_follow_each_other_without_a_touch_and_the_screen_grows_dark(guided: Callable[..., Page]):
    page = guided(frozen=True)
    dim = page.locator("[data-guided]")
    expect(page.get_by_text("It begins by itself.")).to_be_visible()
    page.clock.run_for(9_000)
    expect(page.get_by_text(FIRST)).to_be_visible()
    expect(page.get_by_text(SECOND)).to_be_hidden()
    expect(dim).to_have_attribute("data-dim", "0")
    page.clock.run_for(61_000)
    expect(page.get_by_text(SECOND)).to_be_visible()
    expect(page.get_by_text(FIRST)).to_be_hidden()
    expect(dim).to_have_attribute("data-dim", "2")
    page.clock.run_for(121_000)
    expect(page.get_by_text("It is done. Good night.")).to_be_visible()
    expect(dim).to_have_attribute("data-dim", "over")


def test_keys_go_on_and_back_and_wait(guided: Callable[..., Page]):
    page = guided(frozen=True)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(SECOND)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(FIRST)).to_be_visible()
    page.get_by_role("button", name="Wait").click()
    page.clock.run_for(600_000)
    expect(page.get_by_text(FIRST)).to_be_visible()


def test_an_opened_ritual_opens_again_without_a_network_until_one_signs_out(guided: Callable[..., Page]):
    page = guided()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    begun(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(FIRST)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.guided')).textAlign") == "center"
    page.context.set_offline(False)
    page.goto("/")
    page.get_by_role("button", name="account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("/accounts/login/")
    assert page.evaluate("caches.has('guided-rituals')") is False
