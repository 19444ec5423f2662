"""Every page there is: nothing in anybody's way, nothing wider than a phone, in both themes."""

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

LOOKS = {
    "desk by day": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone by night": {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark"},
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


def complaints(page: Page, address: str, width: int) -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    page.goto(address)
    found = [
        f"{address}: {violation['id']} at {violation['nodes'][0]['html'][:120]}"
        for violation in violations(page)
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{address}: {wide} px wide"] if wide > width else [])


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_clean_and_fits(look: str, world: World, signed_in: SignIn) -> None:
    page = signed_in(world.cast.mira, **LOOKS[look])
    width = LOOKS[look]["viewport"]["width"]
    found = [said for address in addresses(world) for said in complaints(page, address, width)]
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_before_signing_in_is_clean_and_fits(look: str, live_cast: Cast, window: SignIn) -> None:
    page = window(**LOOKS[look])
    width = LOOKS[look]["viewport"]["width"]
    names = sorted(set(PUBLIC) - NOT_PAGES)
    found = [said for name in names for said in complaints(page, reverse(name), width)]
    assert found == []
