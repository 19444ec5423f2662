"""Every page there is, on a small phone by night: nothing in anybody's way, nothing wider than the window."""

from typing import Any

import pytest

from tests.browser.conftest import SignIn
from tests.browser.test_every_page import complaints_of_a_stranger, complaints_of_members
from tests.cast import Cast
from tests.isolation.overseen import overseen
from tests.isolation.world import make_world

pytestmark = pytest.mark.browser

ON_A_PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark"}


def test_every_page_is_clean_and_fits(live_cast: Cast, stack: Any, signed_in: SignIn) -> None:
    world = overseen(make_world(live_cast))
    assert complaints_of_members(world, signed_in, ON_A_PHONE) == []


def test_every_page_before_signing_in_is_clean_and_fits(live_cast: Cast, window: SignIn) -> None:
    assert complaints_of_a_stranger(window(**ON_A_PHONE)) == []
