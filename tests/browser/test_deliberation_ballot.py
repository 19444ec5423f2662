"""A secret ballot from the press of a key to the check of its commitment, in a real browser."""

import json
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.governance.deliberating import ended, opened, vote

pytestmark = pytest.mark.browser


def test_a_secret_ballot_is_cast_by_keyboard_and_checked_by_its_voter(
    live_cast: Cast, stack: Any, signed_in: SignIn
) -> None:
    proposal = opened(live_cast.mira, [live_cast.finn, live_cast.lara], secret=True)
    for member, choice in ((live_cast.finn, "no"), (live_cast.lara, "yes")):
        vote(proposal, member, choice)
    page = signed_in(live_cast.mira)
    page.goto(reverse("deliberation:proposal", args=["lantern", proposal.pk]))
    page.get_by_role("button", name="Yes", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your ballot is cast")).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep the receipt").click()
    receipt = json.loads(kept.value.path().read_text())
    assert (receipt["proposal"], receipt["choice"]) == (str(proposal.pk), "yes")
    ended(proposal)
    page.goto(reverse("deliberation:proposal", args=["lantern", proposal.pk]))
    expect(page.locator("[data-ballot-result]")).to_have_text(
        "Checked in this browser: your ballot was counted as you cast it, and its commitment opens."
    )
