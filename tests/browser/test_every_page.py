"""Every page there is, at a desk by day: nothing in anybody's way, nothing wider than the window.

`test_every_page_by_night` looks at the same on a phone: a file of its own, so that both run at once.
"""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.accessibility import violations
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.isolation.overseen import overseen
from tests.isolation.routes import ROUTES
from tests.isolation.unwalled import PERSONAL, PUBLIC
from tests.isolation.world import World, make_world

pytestmark = pytest.mark.browser

AT_A_DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
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


def addresses(world: World) -> list[str]:
    """Every address that a browser shows as a page."""
    found = [
        reverse(route.name, kwargs=world.arguments(route))
        for route in ROUTES
        if route.method == "GET" and not route.name.startswith("api-") and route.name not in NOT_PAGES
    ]
    found += [
        reverse(name, kwargs=arguments)
        for name, arguments in PERSONAL.items()
        if not name.startswith("api-") and name not in NOT_PAGES
    ]
    return [*found, "/no/such/page/"]


@pytest.fixture
def world(live_cast: Cast, stack: Any) -> World:
    return overseen(make_world(live_cast))


def complaints(page: Page, address: str) -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    page.goto(address)
    assert page.viewport_size is not None
    found = [
        f"{address}: {violation['id']} at {violation['nodes'][0]['html'][:120]}"
        for violation in violations(page)
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{address}: {wide} px wide"] if wide > page.viewport_size["width"] else [])


def complaints_of_a_member(page: Page, world: World) -> list[str]:
    """What there is to say of every page that somebody sees who has signed in."""
    return [said for address in addresses(world) for said in complaints(page, address)]


def complaints_of_a_stranger(page: Page) -> list[str]:
    """What there is to say of every page that anybody sees."""
    return [said for name in sorted(set(PUBLIC) - NOT_PAGES) for said in complaints(page, reverse(name))]


def test_every_page_is_clean_and_fits(world: World, signed_in: SignIn) -> None:
    assert complaints_of_a_member(signed_in(world.cast.mira, **AT_A_DESK), world) == []


def test_every_page_before_signing_in_is_clean_and_fits(live_cast: Cast, window: SignIn) -> None:
    assert complaints_of_a_stranger(window(**AT_A_DESK)) == []
