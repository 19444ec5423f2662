"""The bell on every page, and notices that are read; without scripts too."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guild.notifications import services
from guild.notifications.enums import Kind
from tests.browser.accessibility import violations
from tests.browser.conftest import SignIn
from tests.cast import Cast

pytestmark = pytest.mark.browser


def tell(cast: Cast, *kinds: Kind) -> None:
    for kind in kinds:
        services.notify(
            dreamer=cast.mira.dreamer_id,
            kind=kind,
            guild=cast.lantern.pk,
            path="/consents/",
            key=kind,
            at=timezone.now(),
        )


def test_the_bell_says_how_many_wait_until_they_are_read(live_cast: Cast, signed_in: SignIn) -> None:
    tell(live_cast, Kind.CONSENT_ASKED, Kind.HALTED, Kind.BLEND_READY)
    page = signed_in(live_cast.mira, viewport={"width": 320, "height": 700})
    bell = page.locator("a.bell")
    expect(bell).to_have_accessible_name("Notices 3 unread")
    bell.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("link", name="You are asked for a consent").click()
    expect(page).to_have_url(f"{page.url.split('/consents')[0]}/consents/")
    expect(bell).to_have_accessible_name("Notices 2 unread")
    bell.click()
    page.get_by_role("button", name="I have read them all").click()
    expect(bell).to_have_accessible_name("Notices")


def test_without_scripts_everything_but_the_number_is_there(live_cast: Cast, signed_in: SignIn) -> None:
    tell(live_cast, Kind.CONSENT_ASKED)
    page = signed_in(live_cast.mira, java_script_enabled=False)
    page.locator("a.bell").click()
    page.get_by_role("button", name="I have read it").first.click()
    expect(page.locator(".notice-rows .unread")).to_have_count(0)
    page.get_by_role("link", name="Choose what comes, and when").first.click()
    page.locator("#id_mine-email-never").check()
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#id_mine-email-never")).to_be_checked()
