"""The page of uses: one press checks a use against the log of the running product and shows what it finds."""

from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.isolation.world import World, make_world, wait_for_dreamscape
from tests.stack import Stack

pytestmark = pytest.mark.browser

STEPS = 8


@pytest.fixture
def world(live_cast: Cast, stack: Stack, settings: Any) -> World:
    settings.PUBLIC_URL = stack.url  # a log is signed under the address of its house
    return wait_for_dreamscape(make_world(live_cast))


@pytest.fixture
def uses(world: World, signed_in: SignIn) -> Page:
    """Mira's page of uses, on a phone by night."""
    page = signed_in(world.cast.mira, viewport={"width": 360, "height": 800}, color_scheme="dark")
    page.goto("/consents/uses/")
    return page


def press_check(page: Page) -> None:
    """The use that came last: the blend."""
    page.get_by_role("button", name="Check").first.click()


def test_a_use_is_checked_by_one_press_and_another_key_noticed(uses: Page) -> None:
    press_check(uses)
    dialog = uses.get_by_role("dialog", name="Check this use")
    expect(dialog.get_by_role("status")).to_have_text(
        "Everything holds: the log says the same about this use as this page."
    )
    expect(dialog.locator("[data-state=good][data-step]")).to_have_count(STEPS)
    assert Axe().run(uses).response["violations"] == []
    assert uses.evaluate("document.documentElement.scrollWidth") <= 360
    uses.evaluate(
        "for (const name of Object.keys(localStorage).filter((name) => name.startsWith('log:')))"
        " localStorage.setItem(name, JSON.stringify({ vkey: 'another', since: '2026-01-01T00:00:00Z' }))"
    )
    dialog.get_by_role("button", name="Check again").click()
    expect(dialog.locator("[data-step=key]")).to_contain_text("another key than the one")
    dialog.get_by_role("button", name="Forget the key that was kept").click()
    expect(dialog.get_by_role("status")).to_contain_text("Everything holds")
    dialog.get_by_role("button", name="Close").last.click()
    expect(uses.locator("[data-checked]").first).to_have_text("holds")


def test_a_log_that_was_changed_is_called_false_in_words(uses: Page, superuser: psycopg.Connection) -> None:
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE ledger_leaf SET entry = convert_to("
        "replace(convert_from(entry, 'UTF8'), %s, %s), 'UTF8') WHERE kind = 'use'",
        ['"purpose":"blend"', '"purpose":"quote"'],
    )
    press_check(uses)
    dialog = uses.get_by_role("dialog", name="Check this use")
    expect(dialog.get_by_role("status")).to_have_text(
        "Something is false: “What the leaf says”. What to do stands beside it."
    )
    expect(dialog.locator("[data-state=bad][data-step=leaf]")).to_contain_text(
        "It says otherwise about “purpose”: quote, and not blend."
    )
    expect(dialog.locator("[data-state=left]")).to_have_count(3)
    assert Axe().run(uses).response["violations"] == []
