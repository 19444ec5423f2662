"""The morning on a phone: one screen, begun as last time, kept with two touches; tonight's list; and a large
export, of which only the sleep leaves the device.
"""

import base64
import random
from datetime import time, timedelta
from pathlib import Path
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
from tests.colonies.test_diary_importing import APPLE_NIGHT, apple, zipped

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


def test_of_a_large_export_only_the_sleep_is_sent(live_cast: Cast, signed_in: SignIn, tmp_path: Path) -> None:
    """Fourteen megabytes that do not pack, which the house alone would refuse."""
    weight = base64.b64encode(random.Random(7).randbytes(14 << 20)).decode()
    lines = [f"<!-- {weight} -->", *APPLE_NIGHT[:-1], APPLE_NIGHT[-1].replace("/>", ">"), "</Record>"]
    export = tmp_path / "export.zip"
    export.write_bytes(zipped(export__xml=apple("\n", *(f"{line}\n" for line in lines))))
    assert export.stat().st_size > 12 << 20
    page = signed_in(live_cast.mira, **PHONE)
    page.goto("/diary/bring/")
    page.get_by_label("A file").set_input_files(export)
    page.get_by_role("button", name="Show me what is in it").tap()
    expect(page.get_by_role("heading", name="1 new night")).to_be_visible()
    expect(page.get_by_role("row", name="Mon 2 Mar 2026 22:50 23:10 06:40 07:10 20 min")).to_be_visible()
