import os
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from guild.embedded import demonstration
from guild.embedded.environment import Wishes, read_wishes
from guild.embedded.errors import CannotStart

BEGUN = 1_000_000.0
PLATE = '{"PUBLIC_URL": "http://127.0.0.1:8000"}'


class Opening:
    """A house that hangs out its doorplate at the third look, and may end instead."""

    def __init__(self, wishes: Wishes, *, ends: bool = False) -> None:
        self.plate, self.ends = wishes.var / "house.json", ends
        self.looks = 0

    def sleep(self, seconds: float) -> None:
        self.looks += 1
        if self.looks == 3 and not self.ends:
            self.hang_out(at=BEGUN + 600)

    def hang_out(self, *, at: float) -> None:
        self.plate.write_text(PLATE)
        os.utime(self.plate, (at, at))

    def poll(self) -> int | None:
        return 1 if self.ends and self.looks >= 3 else None


@pytest.fixture
def wishes(tmp_path: Path) -> Wishes:
    (tmp_path / "demo-house.log").write_text("Preparing the database ...\nThe disk is full.\n")
    return replace(read_wishes({}), var=tmp_path)


def opened(wishes: Wishes, house: Opening, monkeypatch: pytest.MonkeyPatch, *, ready: bool) -> dict[str, str]:
    monkeypatch.setattr(demonstration, "sleep", house.sleep)
    monkeypatch.setattr(demonstration, "wait_until", lambda *args, **options: ready)
    return demonstration._opened(wishes, cast(Any, house), begun=BEGUN)


def test_demo_waits_for_preparation_as_long_as_it_takes_and_for_no_plate_of_before(
    wishes: Wishes, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = Opening(wishes)
    house.hang_out(at=BEGUN - 600)
    told = opened(wishes, house, monkeypatch, ready=True)
    assert (told, house.looks) == ({"PUBLIC_URL": "http://127.0.0.1:8000"}, 3)


def test_demo_tells_the_last_words_of_a_house_that_ended(
    wishes: Wishes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotStart, match=r"did not open \(The disk is full\.\); all it said is in"):
        opened(wishes, Opening(wishes, ends=True), monkeypatch, ready=False)


def test_demo_says_of_a_house_that_is_open_and_not_ready_that_it_is_so(
    wishes: Wishes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotStart, match=r"^The house opened and is not ready after 120 s; its log is "):
        opened(wishes, Opening(wishes), monkeypatch, ready=False)
