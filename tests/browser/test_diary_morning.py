"""The morning on a phone: one screen, begun as last time, kept with two touches; and tonight's list."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from colonies.diary import selectors, services
from colonies.diary.entries import Written
from colonies.rituals import observing
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night, inside

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
LAST_TIME = Written(
    into_bed=time(22, 15),
    tried_to_sleep=time(22, 40),
    latency=15,
    awakenings=1,
    awake=10,
    final_awakening=time(6, 30),
    out_of_bed=time(6, 50),
    quality=2,
    comment="Rain.",
)


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_a_morning_takes_two_touches_on_one_screen(live_cast: Cast, signed_in: SignIn) -> None:
    mira = live_cast.mira.dreamer
    last = reckoning_of(mira).night_of(timezone.now() - timedelta(hours=8))
    with tenant(dreamer=mira.pk):
        services.write_night(by=mira, night=last - timedelta(days=1), written=LAST_TIME)
    page = signed_in(live_cast.mira, **PHONE)
    page.goto("/diary/morning/")
    expect(page.get_by_label("Woke for good at")).to_have_value("06:30")
    keep = page.get_by_role("button", name="Keep this night")
    box = keep.bounding_box()
    assert box is not None
    assert (box["y"] + box["height"] <= PHONE["viewport"]["height"], width_of(page)) == (True, 360)
    page.get_by_text("Very good").tap()
    keep.tap()
    expect(page.get_by_text("Your night is kept.")).to_be_visible()
    with tenant(dreamer=mira.pk):
        entry = selectors.entry_for(mira.pk, last)
    assert entry is not None
    assert entry.written == Written(**{**vars(LAST_TIME), "quality": 5, "comment": ""})


def test_tonight_is_kept_with_one_touch_and_others_appear(live_cast: Cast, signed_in: SignIn) -> None:
    colony, ritual, _ = a_colony(live_cast)
    every_night(live_cast.lara, ritual)
    page = signed_in(live_cast.mira, **PHONE)
    page.goto("/tonight/")
    kept = page.get_by_role("button", name="Kept")
    kept.tap()
    expect(kept).to_have_attribute("aria-pressed", "true")
    tonight = reckoning_of(live_cast.lara.dreamer).night_of(timezone.now())
    with inside(live_cast.lara):
        observing.show_name(by=live_cast.lara, colony=colony, shown=True)
        observing.observe(by=live_cast.lara, ritual=ritual, night=tonight, keeping="kept")
    expect(page.get_by_text("Lara keeps it now")).to_be_visible()
    assert width_of(page) == 360
    page.get_by_role("button", name="Take it back").tap()
    expect(kept).to_have_attribute("aria-pressed", "false")
