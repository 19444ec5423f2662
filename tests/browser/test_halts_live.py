"""Calling for a stop in a live session: one key and its undo, a count that all see, and what a halt shows."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.lounges.guild_law import give_law
from tests.lounges.sessions_stage import Stage

pytestmark = pytest.mark.browser


def enter(page: Page, stage: Stage) -> None:
    page.goto(f"/g/lantern/sessions/{stage.id}/")
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Join the session").click()
    expect(page.locator(".pill[data-connection]")).to_have_text("Live")


def test_calls_are_counted_for_all_and_the_last_one_stops_the_blend(signed_in: Any, live_cast: Any) -> None:
    give_law(live_cast.lantern, halt_share="0.60")
    stage = Stage(live_cast.ayla)
    finn, mira = signed_in(live_cast.finn), signed_in(live_cast.mira)
    enter(finn, stage)
    enter(mira, stage)
    expect(finn.locator("[data-part=stop]")).to_contain_text("It takes 2 of 2")  # who came last counts
    mira.reload()
    expect(mira.locator(".pill[data-connection]")).to_have_text("Live")
    mira.keyboard.press("?")
    expect(mira.locator("#shortcuts")).to_contain_text("Stop this blend")
    mira.keyboard.press("Escape")
    mira.keyboard.press("x")
    expect(mira.get_by_text("you call for a stop")).to_be_visible()
    expect(finn.locator("[data-part=stop]")).to_contain_text("1 of 2 calls for a stop; it takes 2")
    mira.keyboard.press("x")
    expect(finn.locator("[data-part=stop]")).to_contain_text("Nobody calls for a stop")
    mira.get_by_role("button", name="Stop this blend").click()
    expect(mira.get_by_role("button", name="Take it back")).to_be_visible()
    finn.get_by_role("button", name="Stop this blend").click()
    for page in (finn, mira):
        expect(page.get_by_role("heading", name="The blend was stopped")).to_be_visible()
        expect(page.locator("[data-part=stop]")).to_contain_text(re.compile("suspended until enforcers"))
        expect(page.get_by_role("button", name="Stop this blend")).to_have_count(0)
