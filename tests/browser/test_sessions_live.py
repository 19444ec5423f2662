"""A live session in two windows: what one does, the other sees; and the page's rules are the server's."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from governance.consent import answering, restrictions
from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY
from lounges.sessions.enums import EventType
from lounges.sessions.reducer import EMPTY, fold
from tests.lounges.sessions_stage import EVERYTHING, Stage, dream_of

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(live_cast: Any) -> Stage:
    return Stage(live_cast.ayla, title="Thursday circle")


def enter(page: Page, stage: Stage) -> None:
    page.goto(f"/g/lantern/sessions/{stage.id}/")
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Join the session").click()
    expect(page.locator(".pill[data-connection]")).to_have_text("Live")


def answer(page: Page, purpose: str, yes: bool) -> None:
    page.locator(f'#share [name="{purpose}"][value="{"yes" if yes else "no"}"]').check(force=True)


def test_two_windows_share_one_session(signed_in: Any, live_cast: Any, stage: Stage) -> None:
    dream_of(live_cast.mira)
    ayla, mira = signed_in(live_cast.ayla), signed_in(live_cast.mira)
    enter(ayla, stage)
    enter(mira, stage)
    expect(ayla.locator(".presence")).to_contain_text("Mira")
    ayla.get_by_role("button", name="Next: Sharing").click()
    mira.get_by_role("link", name="Lend a dream").click()
    mira.get_by_role("link", name=re.compile("Choose.*The house")).click()
    expect(mira.locator("#share input[type=radio]:checked")).to_have_count(0)
    # A field pulled larger carries a style, which htmx must not write into the form that answers.
    mira.locator("#share [name=excerpt]").evaluate("field => { field.style.height = '9rem' }")
    mira.get_by_role("button", name="Lend it on these terms").click()
    expect(mira.locator("#share .error-summary")).to_be_visible()
    mira.locator('#share [name="extent"][value="whole"]').check(force=True)
    for purpose, yes in (
        ("share_in_session", True),
        ("blend", True),
        ("quote", True),
        ("publish_to_guild", False),
    ):
        answer(mira, purpose, yes)
    expect(mira.locator("#share [name=depth]")).to_be_visible()
    mira.locator("#share [name=depth]").fill("0.4")
    mira.get_by_role("button", name="Lend it on these terms").click()
    expect(mira.locator("#share")).not_to_be_visible()
    expect(ayla.locator(".telling h3")).to_have_text("The house")
    expect(mira.locator(".telling h3")).to_have_text("The house")
    ayla.get_by_role("button", name="Next: Associating").click()
    say = ayla.get_by_label("What does Mira’s dream bring to your mind?")
    say.fill("Cinnamon and rain.")
    say.press("Enter")
    expect(mira.locator(".associations")).to_contain_text("Cinnamon and rain.")
    expect(say).to_have_value("")
    mira.get_by_role("button", name="Withdraw my dream").click()
    for window in (ayla, mira):
        expect(window.locator("#transcript > li")).to_have_count(0)
        expect(window.locator(".nothing-told")).to_be_visible()


def test_what_is_allowed_changes_on_an_open_page(signed_in: Any, live_cast: Any, stage: Stage) -> None:
    """Words come and go without a reload, as their dreamer allows more, sets aside, and takes up again."""
    mira = live_cast.mira
    stage.join(mira)
    stage.go_to("associating")
    lent = UUID(stage.share(mira, purposes={**EVERYTHING, "share_in_session": False}))
    page = signed_in(live_cast.ayla)
    enter(page, stage)
    expect(page.locator("#transcript")).to_contain_text("Lent to the blend alone")
    purpose = Purpose.SHARE_IN_SESSION
    answering.give(
        by=mira.dreamer_id,
        target=answering.one_dream(lent),
        purpose=purpose,
        read=REGISTRY[purpose].notice.digest,
    )
    expect(page.locator("#transcript")).to_contain_text("The walls were warm")
    restrictions.restrict(by=mira, contribution=lent)
    expect(page.locator("#transcript > li")).to_have_count(0)
    restrictions.lift_restriction(by=mira, contribution=lent)
    expect(page.locator("#transcript")).to_contain_text("The walls were warm")


def test_holding_one_key_leads_out(signed_in: Any, live_cast: Any, stage: Stage) -> None:
    mira = signed_in(live_cast.mira)
    enter(mira, stage)
    mira.keyboard.press("Escape")
    mira.wait_for_timeout(1000)
    expect(mira.locator("#session")).to_be_visible()
    mira.keyboard.down("Escape")
    mira.wait_for_timeout(1400)
    mira.keyboard.up("Escape")
    expect(mira.get_by_role("heading", name="You stepped out")).to_be_visible()
    mira.get_by_role("button", name="Come back").click()
    expect(mira.locator(".pill[data-connection]")).to_have_text("Live")


def test_the_session_works_at_320_pixels(signed_in: Any, live_cast: Any, stage: Stage) -> None:
    stage.join(live_cast.mira)
    stage.go_to("associating")
    stage.share(live_cast.mira)
    page = signed_in(live_cast.ayla, viewport={"width": 320, "height": 700})
    enter(page, stage)
    expect(page.locator(".telling")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def histories() -> list[list[dict[str, Any]]]:
    """Every type of event, in an order in which each has something to change."""
    run, older, dream, said, who = (str(uuid4()) for _ in range(5))
    steps: list[dict[str, Any]] = [
        {"type": "session.opened", "id": run, "stage": "arriving"},
        {"type": "participant.joined", "id": who},
        {"type": "participant.stepped_out", "id": who},
        {"type": "participant.returned", "id": who},
        {"type": "stage.changed", "id": run, "stage": "sharing"},
        {"type": "dream.shared", "id": dream, "membership": who},
        {"type": "association.added", "id": said, "contribution": dream, "membership": who},
        {"type": "blend.requested", "id": older},
        {"type": "blend.failed", "id": older},
        {"type": "blend.finished", "id": run, "dreamscape": run},
        {"type": "dreamscape.superseded", "id": older},
        {"type": "dreamscape.superseded", "id": run, "by": older},
        {"type": "dream.restated", "id": dream},
        {"type": "dream.restricted", "id": dream},
        {"type": "dream.shared", "id": dream, "membership": who},
        {"type": "association.added", "id": said, "contribution": dream, "membership": who},
        {"type": "dream.withdrawn", "id": dream},
        {"type": "weather.changed", "id": run},
        {"type": "resistance.changed", "id": run, "calls": 1, "needed": 2},
        {"type": "blend.requested", "id": older},
        {"type": "session.halted", "id": run, "experience": who, "run": run},
        {"type": "session.halted", "id": run, "experience": who, "run": older},
        {"type": "session.closed", "id": run},
    ]
    return [steps[:length] for length in range(len(steps) + 1)]


def test_the_page_and_the_server_read_events_alike(signed_in: Any, live_cast: Any, stage: Stage) -> None:
    given = histories()
    assert {step["type"] for step in given[-1]} >= {kind.value for kind in EventType}
    page = signed_in(live_cast.ayla)
    enter(page, stage)
    source = page.request.get(page.locator("script[src*='js/session']").get_attribute("src") or "").text()
    module = re.search(r'from "\./(session_state[^"]*)"', source)
    assert module is not None
    folded = page.evaluate(
        """async ([module, histories]) => {
            const { EMPTY, fold } = await import(`/static/js/${module}`);
            return histories.map((events) => fold(EMPTY, events));
        }""",
        [module[1], given],
    )
    assert folded == [fold(EMPTY, events) for events in given]
