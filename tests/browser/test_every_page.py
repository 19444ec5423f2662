"""Every page there is, at a desk by day: nothing in anybody's way, nothing wider than the window.

`test_every_page_by_night` looks at the same on a phone: a file of its own, so that both run at once.
"""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import SignIn
from tests.browser.deciding import Visit, decided
from tests.cast import Cast
from tests.isolation.overseen import overseen
from tests.isolation.routes import ROUTES, Route
from tests.isolation.unwalled import PERSONAL, PUBLIC
from tests.isolation.world import World, make_world

pytestmark = pytest.mark.browser

AT_A_DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
# Of what Mira does not have: a second step of signing in, a certificate of erasing, a night of last winter.
# Their addresses show the page of what is not there.
NOT_THERE = {
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "tonight:night",
    "rights:certificate",
    "rights:certificate-file",
}
# No pages: data, files, fragments of a page, and what needs a moment that a visit is not.
NOT_PAGES = {
    "healthz",
    "readyz",
    "api-schema",
    "portal:security-txt",
    "deliberation:standing",
    "deliberation:receipt",
    "deliberation:export",
    "calendar:feed",
    "guided-worker",
    "tonight:pause",
    "reminders:now",
    "notifications:add-device",
    "notifications:remove-device",
    "reminders:put-away",
    "reminders:stop",
    "notifications:bell",
    "notifications:go",
    "notifications:read",
    "notifications:stop",
    "diary:delete",
    "diary:export",
    "diary:preview",
    "colonies:presence",
    "journal:import-preview",
    "consent:receipt",
    "consent:proof",
    "consent:put-away",
    "consent:use-proof",
    "processing:json",
    "sessions:snapshot",
    "sessions:people",
    "sessions:stages",
    "sessions:dreamscape",
    "sessions:telling",
    "sessions:association",
    "halts:stop",
    "log:checkpoint",
    "log:vkey",
    "log:tile",
    "log:entries",
    "log:witness-vkey",
    "oversight:findings-csv",
    "oversight:findings-json",
    "oversight:story-csv",
    "oversight:story-json",
    "oversight:progress",
    "mfa_download_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "account_confirm_email",
    "account_reset_password_from_key",
    "joining:bring",
    "joining:put-away",
}


READERS = ("mira", "finn", "ezra", "ayla")  # as the table of routes has them


def reader_of(route: Route) -> str:
    """Who is shown the page: the first of the table who is, or else Lara, who leads the colonies."""
    answers = dict(zip(READERS, route.expected[2:], strict=True))
    forbidden = set(answers.values()) == {403}
    return "lara" if forbidden else next((name for name in READERS if answers[name] == 200), "mira")


def visits(world: World) -> list[Visit]:
    """Every address that a browser shows as a page, each with somebody who may see it."""
    found = [
        (reader_of(route), reverse(route.name, kwargs=world.arguments(route)))
        for route in ROUTES
        if route.method == "GET" and not route.name.startswith("api-") and route.name not in NOT_PAGES
    ]
    found += [
        ("mira", reverse(name, kwargs=arguments))
        for name, arguments in PERSONAL.items()
        if not name.startswith("api-") and name not in NOT_PAGES
    ]
    return [*found, ("mira", "/no/such/page/")]


@pytest.fixture
def world(live_cast: Cast, stack: Any) -> World:
    return overseen(make_world(live_cast))


def complaints(page: Page, address: str, *, status: int | None = None) -> list[str]:
    """What axe finds, whether the page is wider than the window, and any other answer than `status`."""
    answer = page.goto(address)
    found = [f"{address}: {answer.status}"] if answer and status not in (None, answer.status) else []
    return found + seen(page, address)


def seen(page: Page, address: str) -> list[str]:
    """The same of the page that the window shows."""
    assert page.viewport_size is not None
    found = [
        f"{address}: {violation['id']} at {violation['nodes'][0]['html'][:120]}"
        for violation in violations(page)
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{address}: {wide} px wide"] if wide > page.viewport_size["width"] else [])


def tried(page: Page) -> list[str]:
    """A draft of the law on trial, which is an answer to a form and has no address of its own."""
    page.goto("/g/lantern/law/individuality-floor/")
    page.get_by_label("How much of what sets two dreams apart must a blend keep?").fill("80")
    page.get_by_role("button", name="Try it on the last 90 days").click()
    expect(page.get_by_role("heading", name="A draft on trial")).to_be_visible()
    return seen(page, "a trial")


def complaints_of_members(world: World, signed_in: SignIn, look: dict[str, Any]) -> list[str]:
    """What there is to say of every page that somebody sees who has signed in and may see it."""
    every = [*visits(world), *decided(world)]
    gone = {"/no/such/page/", *(reverse(name, kwargs=PERSONAL[name]) for name in NOT_THERE)}
    found = []
    for name in sorted({name for name, _ in every}):
        page = signed_in(getattr(world.cast, name), **look)
        for address in (address for who, address in every if who == name):
            found += complaints(page, address, status=404 if address in gone else 200)
        found += tried(page) if name == "mira" else []
    return found


def complaints_of_a_stranger(page: Page) -> list[str]:
    """What there is to say of every page that anybody sees."""
    return [said for name in sorted(set(PUBLIC) - NOT_PAGES) for said in complaints(page, reverse(name))]


def test_every_page_is_clean_and_fits(world: World, signed_in: SignIn) -> None:
    assert complaints_of_members(world, signed_in, AT_A_DESK) == []


def test_every_page_before_signing_in_is_clean_and_fits(live_cast: Cast, window: SignIn) -> None:
    assert complaints_of_a_stranger(window(**AT_A_DESK)) == []
