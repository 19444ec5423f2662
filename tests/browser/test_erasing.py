"""Erasing oneself, as somebody does it: what would go, the password again, the deed, and the certificate."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guild.dreamers.models import Dreamer
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from tests.browser.conftest import SignIn
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser


def test_an_account_is_erased_to_its_certificate(
    live_cast: Cast, signed_in: SignIn, window: SignIn, tmp_path: Path
) -> None:
    mira = live_cast.mira.dreamer
    with tenant(dreamer=mira.pk):
        write_dream(by=mira, draft=Draft("The stairs were wet.", date(2026, 3, 14)))
    page, elsewhere = signed_in(live_cast.mira), signed_in(live_cast.mira)
    page.goto("/rights/")
    page.get_by_role("link", name="Erase my account").click()
    expect(page.locator("main")).to_contain_text("1 dream.")
    page.get_by_role("link", name="Go on").click()
    confirm_who_one_is(page)
    page.get_by_role("button", name="Erase my account").click()
    expect(page.locator("main")).to_contain_text("nothing is erased until then")
    page.get_by_label("Yes, erase it for good").check(force=True)
    page.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_role("heading", name="Your account is erased")).to_be_visible()
    certificate = page.get_by_role("region", name="The certificate")
    expect(certificate).to_contain_text("The Lantern Guild")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the certificate").click()
    saved = tmp_path / "certificate.txt"
    download.value.save_as(saved)
    assert saved.read_text().strip() == certificate.inner_text().strip()
    assert not Dreamer.objects.filter(pk=mira.pk, is_active=True).exists()
    for other in (elsewhere, page):
        other.goto("/journal/")
        expect(other).to_have_url("/accounts/login/?next=/journal/")
    stranger = window()
    stranger.goto("/rights/erased/")
    expect(stranger.get_by_role("heading", name="There is nothing here any more")).to_be_visible()


def confirm_who_one_is(page: Page) -> None:
    """Signed in is not enough for what cannot be undone."""
    if page.get_by_role("button", name="Erase my account").count():
        return
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
