"""The whole main job in two windows, through pages alone: write, open, join, lend, blend, read, take back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, sign_in_by_hand
from tests.cast import Cast

pytestmark = pytest.mark.browser

AYLAS = "I knew the hallway. It went on past where the wall should be. A lamp was lit at its end, for nobody."
MIRAS = "The stairs were wet. A heron stood on the landing. I gave it my key. It swallowed the key and bowed."
PURPOSES = {"share_in_session": "yes", "blend": "yes", "publish_to_guild": "no"}
BLENDING = 60_000  # milliseconds: the worker has its hands full on a small machine


def write(page: Page, narrative: str) -> None:
    """On the first page, as on waking."""
    page.goto("/")
    page.get_by_label("What happened").fill(narrative)
    page.get_by_role("button", name="Keep this dream").click()
    page.goto("/journal/")
    expect(page.locator(".dreams")).to_contain_text(narrative[:20])


def open_session(page: Page) -> str:
    """Make a lounge and open a session in it now; the session's address."""
    page.goto("/g/lantern/lounges/")
    page.get_by_label("Name").fill("Thursday Circle")
    page.locator("main form button.primary").click()
    page.get_by_label("Title").fill("An evening in November")
    page.locator("main form button.primary").last.click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}/"))
    return page.url


def join(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("no substitute for therapy")).to_be_visible()
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Join the session").click()
    expect(page.locator(".pill[data-connection]")).to_have_text("Live")


def lend(page: Page, *, quote: str) -> None:
    page.get_by_role("link", name="Lend a dream").click()
    page.get_by_role("link", name=re.compile("Choose")).first.click()
    expect(page.locator("#share input[type=radio]:checked")).to_have_count(0)
    page.locator('#share [name="extent"][value="whole"]').check(force=True)
    for purpose, answer in {**PURPOSES, "quote": quote}.items():
        page.locator(f'#share [name="{purpose}"][value="{answer}"]').check(force=True)
    page.locator("#share [name=depth]").fill("0.4")
    page.get_by_role("button", name="Lend it on these terms").click()
    expect(page.locator("#share")).not_to_be_visible()


def test_two_people_dream_together_and_one_takes_it_back(live_cast: Cast, window: SignIn) -> None:
    people = live_cast.ayla, live_cast.mira
    ayla, mira = (sign_in_by_hand(window(), member.dreamer.email) for member in people)
    write(ayla, AYLAS)
    write(mira, MIRAS)
    address = open_session(ayla)
    join(ayla, address)
    join(mira, address)
    ayla.get_by_role("button", name="Next: Sharing").click()
    lend(ayla, quote="yes")
    lend(mira, quote="no")
    for page in (ayla, mira):
        expect(page.locator("#transcript > li")).to_have_count(2)
    ayla.get_by_role("button", name="Next: Associating").click()
    ayla.get_by_role("button", name="Next: Blending").click()
    ayla.get_by_role("button", name="Blend", exact=True).click()
    for page in (ayla, mira):
        expect(page.get_by_role("link", name="What we dreamt together")).to_be_visible(timeout=BLENDING)
    mira.get_by_role("link", name="What we dreamt together").click()
    expect(mira.locator(".sky svg").first).to_be_visible()
    expect(mira.locator(".weave")).to_contain_text("hallway")
    expect(mira.locator("main")).not_to_contain_text("heron")  # lent to the blend, and never to be quoted
    mira.get_by_role("link", name="My reflection").click()
    expect(mira.locator("main")).to_contain_text("heron")  # her own words, to herself alone
    dreamscape = mira.url.removesuffix("reflection/")
    mira.goto("/consents/")
    mira.get_by_role("link", name="Uses").click()
    expect(mira.locator("main")).to_contain_text("Blended")
    mira.goto("/consents/")
    mira.get_by_role("button", name=re.compile("Withdraw this dream")).first.click()
    expect(ayla.locator("#transcript > li")).to_have_count(1)
    ayla.goto(dreamscape)
    expect(ayla.locator("main")).not_to_contain_text("hallway")
    expect(ayla.locator(".weave")).to_have_count(0)
    mira.goto("/journal/")
    expect(mira.locator(".dreams")).to_contain_text("heron")
