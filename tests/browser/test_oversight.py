"""An enforcer who has never seen the product: from signing in to the manipulated lent dream, and beyond."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from governance.audits import services as oversight
from governance.audits.models import Finding
from guild.embedded.sample_signins import ADDRESS, PASSWORD
from guild.portal.sample_dreams import MEMBERS_DREAMS
from guild.portal.sample_manipulation import OTHER_WORDS, WORDS
from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.sessions.models import Contribution
from lounges.sessions.selectors import place_of
from tests.browser.accessibility import violations
from tests.browser.conftest import SignIn, sign_in_by_hand
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer
from tests.isolation.world import make_world
from tests.stack import Stack

pytestmark = pytest.mark.browser

REASONS = "The words that stand there are not those that were lent, as the leaf of the loan shows."
AUDITING = 60_000  # milliseconds: the worker has its hands full on a small machine
FOUND = "The words of a lent dream are not those that were lent"
LOOKS = (
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark"},
)
WIDER_THAN_PAPER = """
[...document.querySelectorAll('main table')]
    .filter((table) => table.scrollWidth > table.parentElement.clientWidth).length
"""


def sentences() -> list[str]:
    """Everything that was dreamt in the sample guild, and what was made of a part of it."""
    dreamt = [part for dream in MEMBERS_DREAMS for part in re.split(r"[.!?] ", dream.narrative)]
    return [part for part in dreamt if len(part) > 25] + [WORDS, OTHER_WORDS]


def complaints(page: Page, width: int) -> list[str]:
    """What axe finds, whether it is wider than the window, and any sentence of a dream."""
    said = page.locator("body").inner_text()
    found = [
        f"{page.url}: {violation['id']} at {violation['nodes'][0]['html'][:120]}"
        for violation in violations(page)
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [
        *found,
        *([f"{page.url}: {wide} px wide"] if wide > width else []),
        *(f"{page.url}: {part}" for part in sentences() if part in said),
    ]


def sign_in_to_the_sample(page: Page, name: str) -> Page:
    return sign_in_by_hand(page, ADDRESS.format(name), PASSWORD)


def three_clicks(page: Page, width: int) -> list[str]:
    """From the first page after signing in; what there is to complain of on the way."""
    page.get_by_role("link", name="1 critical finding waits for a decision").click()
    found = complaints(page, width)
    page.get_by_role("link", name=FOUND).click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible()
    expect(page.locator("main")).to_contain_text("lounges_contribution")
    found += complaints(page, width)
    page.get_by_role("link", name="Its life story").click()
    expect(page.locator(".moments")).to_contain_text("Waiting rooms")
    expect(page.locator(".moments")).to_contain_text(FOUND)
    return found + complaints(page, width)


def test_three_clicks_lead_to_the_manipulated_dream_of_the_sample_guild(
    transactional_db: None, stack: Stack, window: Callable[..., Page]
) -> None:
    stack.leave_runs_alone()  # the loader makes its blends and its audit itself
    call_command("load_sample_guild", verbosity=0)
    found = []
    for look in LOOKS:
        page, width = sign_in_to_the_sample(window(**look), "ezra"), look["viewport"]["width"]
        found += three_clicks(page, width)
        for address in ("oversight/findings/", "oversight/audits/", "transparency/"):
            page.goto(f"/g/lantern/{address}")
            found += complaints(page, width)
    assert found == []


@pytest.fixture
def manipulated(live_cast: Cast, stack: Stack) -> Finding:
    """Mira's lent dream, opened with its key, changed, sealed again; and the audit that found it.

    The worker takes up nothing until then: an audit in its hands would be none in ours.
    """
    stack.leave_runs_alone()
    world = make_world(live_cast)
    with tenant(guild=live_cast.lantern.pk):
        row = Contribution.objects.get(pk=world.contributions["mira"])
        changed = vault.seal(key_id=row.key_id, text="The stairs were dry.", place=place_of(row, "text"))
        Contribution.objects.filter(pk=row.pk).update(text_sealed=changed)
        audit = oversight.request_audit(by=live_cast.ezra)
    oversight.perform_audit(guild_id=live_cast.lantern.pk, run_id=audit.pk)
    stack.take_up_runs()
    with tenant(guild=live_cast.lantern.pk):
        return Finding.objects.get(rule="lent.altered")


def test_two_enforcers_destroy_what_was_manipulated_and_the_next_audit_finds_it_gone(
    manipulated: Finding, live_cast: Cast, signed_in: SignIn
) -> None:
    address = f"/g/lantern/oversight/findings/{manipulated.pk}/"
    lara = signed_in(appoint_enforcer(live_cast.lara))
    ezra, mira = signed_in(live_cast.ezra), signed_in(live_cast.mira)
    ezra.goto(address)
    ezra.get_by_label("Upheld").check(force=True)
    ezra.get_by_label("Reasons").fill(REASONS)
    for remedy in ("Destroy the lent dream", "Tell the dreamer"):
        ezra.get_by_label(remedy).check(force=True)
    ezra.get_by_role("button", name="Rule", exact=True).click()
    expect(ezra.locator("main")).to_contain_text("waits for a second enforcer")
    lara.goto("/g/lantern/oversight/")
    lara.get_by_role("link", name="A ruling waits for a second enforcer").click()
    lara.get_by_role("button", name="Confirm the ruling").click()
    expect(lara.locator("main")).to_contain_text("what it orders is done")
    mira.reload()
    mira.get_by_role("link", name="What was decided, and how to appeal").click()
    expect(mira.locator("main")).to_contain_text(REASONS)
    with tenant(guild=manipulated.guild_id):
        assert Contribution.objects.get(pk=manipulated.contribution).state == "withdrawn"
    lara.goto("/g/lantern/oversight/audits/")
    lara.get_by_role("button", name="Start an audit").click()
    expect(lara.locator(".audit").first).to_contain_text("leaves read", timeout=AUDITING)  # not loaded again
    lara.goto(address)
    expect(lara.locator("main")).to_contain_text("an audit no longer saw it")
    prints_whole(mira)


def prints_whole(page: Page) -> None:
    """The report to the members, on paper: every fold open, no table wider than the sheet."""
    page.goto("/g/lantern/transparency/")
    page.evaluate("window.print = () => { document.body.dataset.printed = ''; }")
    page.get_by_role("button", name="Print it").click()
    expect(page.locator("body[data-printed]")).to_have_count(1)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    expect(page.locator(".bar")).to_be_hidden()
    wide: Any = page.evaluate(WIDER_THAN_PAPER)
    assert (page.locator("main details:not([open])").count(), wide) == (0, 0)
