"""What every page does with scripts: drafts that are never lost, keys, menus, themes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast

pytestmark = pytest.mark.browser

WORDS = "The trees were indoors, and each had a number painted on it."
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length"

SignIn = Callable[..., Page]


def narrative(page: Page) -> str:
    return page.locator("textarea[name=narrative]").input_value()


def write(page: Page, words: str = WORDS) -> None:
    page.goto("/journal/new/")
    page.locator("textarea[name=narrative]").fill(words)
    for _ in range(600):
        if page.evaluate(DRAFTS) == 1:
            return
        page.wait_for_timeout(50)
    pytest.fail("What was typed was not kept as a draft.")


@pytest.fixture
def page_of_mira(live_cast: Cast, signed_in: SignIn) -> Page:
    return signed_in(live_cast.mira)


def test_draft_survives_a_closed_tab(page_of_mira: Page) -> None:
    write(page_of_mira)
    tab = page_of_mira.context.new_page()
    page_of_mira.close()
    tab.goto("/journal/new/")
    expect(tab.get_by_text("This is your draft from")).to_be_visible()
    assert narrative(tab) == WORDS


def test_draft_goes_when_the_dream_is_kept(page_of_mira: Page) -> None:
    write(page_of_mira)
    page_of_mira.get_by_role("button", name="Keep this dream").click()
    page_of_mira.wait_for_url(re.compile(r"/journal/[0-9a-f-]{36}/"))
    assert page_of_mira.evaluate(DRAFTS) == 0
    page_of_mira.goto("/journal/new/")
    assert narrative(page_of_mira) == ""


def test_draft_stays_when_the_server_cannot_be_reached(page_of_mira: Page) -> None:
    write(page_of_mira)
    page_of_mira.context.set_offline(True)
    page_of_mira.get_by_role("button", name="Keep this dream").click()
    page_of_mira.wait_for_timeout(500)
    page_of_mira.context.set_offline(False)
    page_of_mira.goto("/journal/new/")
    assert narrative(page_of_mira) == WORDS


def test_draft_can_be_put_away_by_hand(page_of_mira: Page) -> None:
    write(page_of_mira)
    page_of_mira.reload()
    page_of_mira.get_by_role("button", name="Start afresh").click()
    assert (narrative(page_of_mira), page_of_mira.evaluate(DRAFTS)) == ("", 0)


def test_draft_of_one_dreamer_is_not_shown_to_another(
    live_cast: Cast, page_of_mira: Page, signed_in: SignIn
) -> None:
    write(page_of_mira)
    kept = page_of_mira.evaluate("({ ...localStorage })")
    other = signed_in(live_cast.finn)
    other.evaluate("(kept) => Object.assign(localStorage, kept)", kept)
    other.goto("/journal/new/")
    assert narrative(other) == ""


@pytest.mark.parametrize(
    ("agrees", "left", "path"), [(True, 0, "/accounts/login/"), (False, 1, "/journal/new/")]
)
def test_signing_out_asks_before_it_removes_a_draft(
    page_of_mira: Page, agrees: bool, left: int, path: str
) -> None:
    write(page_of_mira)
    page_of_mira.on("dialog", lambda dialog: dialog.accept() if agrees else dialog.dismiss())
    page_of_mira.get_by_role("button", name="account").click()
    page_of_mira.get_by_role("button", name="Sign out").click()
    page_of_mira.wait_for_timeout(500)
    expect(page_of_mira).to_have_url(re.compile(path))
    assert page_of_mira.evaluate(DRAFTS) == left


def test_keys_go_places_and_list_themselves(page_of_mira: Page) -> None:
    page_of_mira.keyboard.press("g")
    page_of_mira.keyboard.press("j")
    page_of_mira.wait_for_url("**/journal/")
    page_of_mira.keyboard.press("?")
    expect(page_of_mira.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page_of_mira.keyboard.press("Escape")
    expect(page_of_mira.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_keys_are_letters_while_someone_types(page_of_mira: Page) -> None:
    page_of_mira.goto("/journal/new/")
    page_of_mira.locator("textarea[name=narrative]").press_sequentially("g j?")
    expect(page_of_mira).to_have_url(re.compile("/journal/new/"))
    assert narrative(page_of_mira) == "g j?"


def test_menu_of_a_phone_opens_without_scripts(live_cast: Cast, signed_in: SignIn, window: SignIn) -> None:
    cookies = signed_in(live_cast.mira).context.cookies()
    page = window(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.context.add_cookies(cookies)
    page.goto("/")
    expect(page.get_by_role("link", name="Journal")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Journal").click()
    expect(page).to_have_url(re.compile("/journal/$"))


def test_theme_is_shown_when_chosen_and_kept_when_saved(page_of_mira: Page) -> None:
    page_of_mira.goto("/settings/")
    page_of_mira.get_by_label("Dark").check()
    assert page_of_mira.evaluate("document.documentElement.dataset.theme") == "dark"
    page_of_mira.get_by_role("button", name="Save").click()
    page_of_mira.goto("/journal/")
    assert page_of_mira.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
