"""A reminder that the worker of the browser shows, and one on a page that is put away."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserType, expect

from colonies.reminders import sending, services
from colonies.rituals.recurrence import Kind
from governance.consent.enums import Purpose
from governance.consent.purposes import registered
from tests.browser.conftest import CHROMIUM, SignIn, launching
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night, inside

pytestmark = pytest.mark.browser

SHOWN = "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"


@pytest.fixture
def browser(browser_type: BrowserType) -> Iterator[Browser]:
    """The one that has windows: the other keeps no notice that it was told to show."""
    with browser_type.launch(**launching(CHROMIUM)) as browser:
        yield browser


def test_a_pushed_reminder_is_shown_once_and_says_nothing_of_what_it_is(
    live_cast: Cast, signed_in: SignIn
) -> None:
    page = signed_in(live_cast.mira)
    page.context.grant_permissions(["notifications"])
    page.goto("/reminders/")
    page.evaluate(
        "navigator.serviceWorker.register('/guided-worker.js').then(() => navigator.serviceWorker.ready)"
    )
    protocol = page.context.new_cdp_session(page)
    found: list[dict] = []
    protocol.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    protocol.send("ServiceWorker.enable")
    page.wait_for_timeout(50)
    origin = page.evaluate("location.origin")
    (registration,) = {one["registrationId"] for one in found if one["scopeURL"].startswith(origin)}
    message = json.dumps({**sending.MESSAGE, "tag": "one"})
    for _ in range(2):
        pushed = {"origin": origin, "registrationId": registration, "data": message}
        protocol.send("ServiceWorker.deliverPushMessage", pushed)
    page.wait_for_function(f"{SHOWN}.then((all) => all.length > 0)")
    shown = page.evaluate(f"{SHOWN}.then((all) => all.map(({{ title, body, tag }}) => [title, body, tag]))")
    assert shown == [["Tonight", "Something that you keep begins soon.", "one"]]


def test_a_reminder_stands_on_the_page_until_it_is_put_away(live_cast: Cast, signed_in: SignIn) -> None:
    ritual = a_colony(live_cast)[1]
    begins = (timezone.now() + timedelta(minutes=10)).replace(tzinfo=None, second=0, microsecond=0)
    every_night(live_cast.lara, ritual, at=begins, kind=Kind.TOGETHER, zone="UTC")
    read = registered(Purpose.REMINDERS).notice.digest
    with inside(live_cast.mira):
        services.remind_me(
            by=live_cast.mira, ritual=ritual, minutes=15, by_email=False, by_push=False, read=read
        )
    sending.send_every_due()
    page = signed_in(live_cast.mira, viewport={"width": 360, "height": 740})
    notice = page.locator(".reminders .notice")
    expect(notice).to_contain_text("The lamp begins at")
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    page.goto("/tonight/")
    expect(page.get_by_role("heading", name="The lamp")).to_be_visible()
    expect(notice).to_have_count(0)
