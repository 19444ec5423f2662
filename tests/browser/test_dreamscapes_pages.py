"""The dreamscape's pages in a real browser: accessible in both themes, on a phone and a desk, by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from governance.consent.services import withdraw
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend
from tests.browser.accessibility import violations
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def finished(live_cast: Cast) -> tuple[circles.Circle, BlendRun]:
    """A finished run, whoever made it: this process, or the worker that was also asked."""
    circle = circles.settle(live_cast)
    return circle, made(circles.request(circle))


def made(run: BlendRun) -> BlendRun:
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    return circles.awaited(run)


def complaints(page: Page) -> dict[str, Any]:
    """What axe finds, by rule, with the elements it found it on.

    Axe is put into the page by the driver, so its window does without the policy that would keep it out.
    """
    found = violations(page, runOnly=RULES)
    return {rule["id"]: [node["html"][:160] for node in rule["nodes"]] for rule in found}


def address(run: BlendRun, name: str = "") -> str:
    return f"/g/lantern/dreamscapes/{run.pk}/{name}"


@pytest.mark.parametrize(("scheme", "viewport"), [("light", PHONE), ("dark", DESK)])
def test_nothing_stands_in_anybodys_way(
    live_cast: Cast,
    finished: tuple[circles.Circle, BlendRun],
    signed_in: SignIn,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    """The two looks that the visit to every page does not take."""
    _, run = finished
    page = signed_in(live_cast.mira, color_scheme=scheme, viewport=viewport, bypass_csp=True)
    for place in (
        address(run),
        address(run, "reflection/"),
        address(run, "withdraw/"),
        "/g/lantern/dreamscapes/",
    ):
        page.goto(place)
        assert complaints(page) == {}, place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def test_the_tables_unfold_and_are_clean(
    live_cast: Cast, finished: tuple[circles.Circle, BlendRun], signed_in: SignIn
) -> None:
    page = signed_in(live_cast.mira, bypass_csp=True)
    page.goto(address(finished[1]))
    for fold in page.locator("details.fold > summary").all():
        fold.click()
    expect(page.get_by_role("table")).to_have_count(4)
    assert complaints(page) == {}


def test_lights_and_names_answer_to_the_keyboard(
    live_cast: Cast, finished: tuple[circles.Circle, BlendRun], signed_in: SignIn
) -> None:
    page = signed_in(live_cast.mira, viewport={"width": 1280, "height": 900})
    page.goto(address(finished[1]))
    first = page.locator(".sky-wide .motif").first
    first.focus()
    expect(page.locator(".sky-note")).to_contain_text("Motif 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sky-note")).to_contain_text("Motif 2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#motif-2$"))
    finn = page.get_by_role("button", name="Finn")
    finn.press("Enter")
    expect(finn).to_have_attribute("aria-pressed", "true")
    assert page.locator(".weave .voice[data-lit=true]").count() > 0


def test_a_phone_gets_the_tall_drawing(
    live_cast: Cast, finished: tuple[circles.Circle, BlendRun], signed_in: SignIn
) -> None:
    page = signed_in(live_cast.mira, viewport=PHONE)
    page.goto(address(finished[1]))
    expect(page.locator(".sky-tall")).to_be_visible()
    expect(page.locator(".sky-wide")).to_be_hidden()


def test_everything_reads_without_scripts(
    live_cast: Cast, finished: tuple[circles.Circle, BlendRun], signed_in: SignIn
) -> None:
    run = finished[1]
    page = signed_in(live_cast.mira, java_script_enabled=False)
    page.goto(address(run))
    expect(page.get_by_role("heading", name="The weave")).to_be_visible()
    expect(page.locator(".sky-legend.no-js-only")).to_be_visible()
    page.get_by_role("link", name="Withdraw my dream").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="This dreamscape is gone")).to_be_visible()


def test_a_waiting_page_opens_the_dreamscape_by_itself(
    live_cast: Cast, finished: tuple[circles.Circle, BlendRun], signed_in: SignIn, stack: Any
) -> None:
    circle, run = finished
    page = signed_in(live_cast.ayla, bypass_csp=True)
    stack.stop("worker")
    try:
        withdraw(by=live_cast.finn, contribution=circle.contributions["finn"])
        page.goto(address(run))
        page.get_by_role("link", name="The next one is being made").click()
        expect(page.get_by_role("heading", name="The dreams are being blended")).to_be_visible()
        assert complaints(page) == {}
    finally:
        stack.start("worker")
    expect(page.get_by_role("heading", name="The weave")).to_be_visible(timeout=60_000)
