"""A secret ballot from the press of a key to the check of its commitment, in a real browser."""

import json
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from governance.deliberation.enums import Kind
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.governance.deliberating import ended, opened, vote

pytestmark = pytest.mark.browser

CHECKED = "Checked in this browser: your ballot was counted as you cast it, and its commitment opens."


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
    expect(page.get_by_role("definition").first).to_have_text("yes", ignore_case=True)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Keep the receipt").click()
    receipt = json.loads(kept.value.path().read_text())
    assert (receipt["proposal"], receipt["choice"]) == (str(proposal.pk), "yes")
    ended(proposal)
    page.goto(reverse("deliberation:proposal", args=["lantern", proposal.pk]))
    expect(page.locator("[data-ballot-result]")).to_have_text(CHECKED)


def test_a_newcomer_votes_from_the_first_page_and_finds_it_counted_and_in_the_law(
    live_cast: Cast, stack: Any, signed_in: SignIn
) -> None:
    law = {"values": {"individuality_floor": "0.70"}}
    proposal = opened(live_cast.ayla, [live_cast.finn], title="Higher", kind=Kind.POLICY, document=law)
    for member, choice in ((live_cast.ezra, "yes"), (live_cast.lara, "no")):
        vote(proposal, member, choice)
    page = signed_in(live_cast.mira)
    page.get_by_role("link", name="Higher").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator(".ballot")).to_contain_text("you voted")
    page.goto("/")
    expect(page.get_by_text("Your vote is wanted")).to_have_count(0)
    ended(proposal)
    page.goto(reverse("deliberation:proposal", args=["lantern", proposal.pk]))
    expect(page.locator("[data-ballot-result]")).to_have_text(CHECKED)
    page.get_by_role("link", name="The law as it is now").click()
    page.locator("article", has_text="at least 70 %").get_by_role("link", name="by vote").click()
    expect(page.get_by_role("heading", name="Higher")).to_be_visible()
