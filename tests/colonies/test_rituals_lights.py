"""The light of a ritual grows with what is kept, dims with what is missed, and is never put out at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies.rituals.lights import Light, Night, light

FIRST = date(2026, 11, 1)


def nights(said: str) -> dict[str, object]:
    """k kept, p partly, s skipped, m missed, r resting (paused); a night each."""
    days = [FIRST + timedelta(days=index) for index in range(len(said))]
    words = {"k": "kept", "p": "partly", "s": "skipped"}
    return {
        "nights": days,
        "kept": {day: words[letter] for day, letter in zip(days, said, strict=True) if letter in words},
        "paused": {day for day, letter in zip(days, said, strict=True) if letter == "r"},
    }


def brightness(said: str) -> float:
    return light(**nights(said)).brightness


def test_nothing_kept_is_no_light():
    assert light(nights=(), kept={}) == Light(0.0, 0, ())
    assert brightness("mmm") == 0.0


def test_every_night_is_told_in_order():
    found = light(**nights("kpsmr"))
    assert [was for _, was in found.nights] == [
        Night.KEPT,
        Night.PARTLY,
        Night.SKIPPED,
        Night.MISSED,
        Night.PAUSED,
    ]
    assert found.kept == 2


@pytest.mark.parametrize(
    ("said", "level"), [("", 0), ("k", 1), ("kk", 2), ("kkkk", 3), ("k" * 9, 4), ("km" * 3, 2)]
)
def test_the_moon_shows_it_in_quarters(said: str, level: int):
    assert light(**nights(said)).level == level


def test_a_night_that_was_kept_though_it_did_not_fall_counts():
    assert light(nights=(), kept={FIRST: "kept"}).kept == 1


HISTORY = st.text("kpsmr", max_size=40)


@given(HISTORY)
def test_a_missed_night_dims_and_never_resets(said: str):
    before, after = brightness(said), brightness(said + "m")
    assert after == pytest.approx(before * 0.88)


@given(HISTORY, st.sampled_from("sr"))
def test_skipping_on_purpose_and_resting_cost_nothing(said: str, letter: str):
    assert brightness(said + letter) == brightness(said)


@given(HISTORY)
def test_a_kept_night_always_brightens_and_never_beyond_full(said: str):
    assert brightness(said) < brightness(said + "p") < brightness(said + "k") <= 1.0
