"""Drawings of a dreamscape: everything on the canvas, nothing written over anything."""

import math
import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lounges.dreamscapes.curves import HEIGHT, arousal_curve, valence_curve
from lounges.dreamscapes.drawing import MOST_MARKS, TALL, WIDE, Canvas, sky_of, thinned
from lounges.dreamscapes.easing import eased
from lounges.dreamscapes.lettering import Box, place_labels, width_of
from lounges.dreamscapes.titles import title_of

CANVASES = (WIDE, TALL)


def document(motifs: int, moments: int, *, voices: int = 3, seed: int = 0) -> dict[str, Any]:
    """A constellation of random places; the same seed gives the same places."""
    chance = random.Random(seed)
    return {
        "motifs": [
            {"id": number, "support": ["v0"], "share": 1 / motifs, "terms": [], "term_voices": []}
            for number in range(motifs)
        ],
        "constellation": {
            "motifs": [
                {
                    "id": number,
                    "x": chance.random(),
                    "y": chance.random(),
                    "size": 1 / motifs,
                    "label": f"word {number}",
                }
                for number in range(motifs)
            ],
            "moments": [
                {
                    "voice": f"v{number % voices}",
                    "index": number,
                    "x": chance.random(),
                    "y": chance.random(),
                    "motif": number % motifs,
                    "text": None,
                }
                for number in range(moments)
            ],
            "links": [[number, number + 1] for number in range(motifs - 1)],
        },
    }


@pytest.mark.parametrize("canvas", CANVASES)
@settings(max_examples=25, deadline=None)
@given(motifs=st.integers(1, 24), moments=st.integers(1, 60), seed=st.integers(0, 99))
def test_everything_lies_on_the_canvas(canvas: Canvas, motifs: int, moments: int, seed: int) -> None:
    sky = sky_of(document(motifs, moments, seed=seed), canvas)
    for thing in (*sky.lights, *sky.marks):
        assert 0 < thing.x < canvas.width
        assert 0 < thing.y < canvas.height


@pytest.mark.parametrize("canvas", CANVASES)
def test_names_cover_neither_each_other_nor_a_light(canvas: Canvas) -> None:
    for seed in range(20):
        lights = sky_of(document(14, 60, seed=seed), canvas).lights
        boxes = []
        for light in lights:
            if light.place is not None:
                width = width_of(light.name, canvas.letter)
                left = light.place.x - {"start": 0, "middle": width / 2, "end": width}[light.place.anchor]
                top = light.place.y - canvas.letter * 0.8
                boxes.append(Box(left, top, left + width, light.place.y))
        assert len(boxes) >= 7
        assert [pair for pair in combinations(boxes, 2) if pair[0].overlap(pair[1])] == []
        round_lights = [Box.around(light.x, light.y, light.radius * 0.7) for light in lights]
        assert not any(box.overlap(light) for box in boxes for light in round_lights)


def test_no_mark_hides_under_a_light() -> None:
    sky = sky_of(document(10, 90), WIDE)
    nearest = [
        min(math.dist((mark.x, mark.y), (light.x, light.y)) - light.radius for light in sky.lights)
        for mark in sky.marks
    ]
    assert min(nearest) > 0


def test_the_same_document_is_drawn_the_same() -> None:
    assert sky_of(document(9, 50), WIDE) == sky_of(document(9, 50), WIDE)


@pytest.mark.parametrize("moments", [1, 2])
def test_a_constellation_of_almost_nothing_is_drawn(moments: int) -> None:
    lonely = document(1, moments)
    lonely["constellation"]["moments"] = [
        {**moment, "x": 0.5, "y": 0.5} for moment in lonely["constellation"]["moments"]
    ]
    lonely["constellation"]["motifs"][0] |= {"x": 0.5, "y": 0.5, "label": None}
    sky = sky_of(lonely, WIDE)
    assert (len(sky.lights), len(sky.marks), sky.lights[0].place) == (1, moments, None)
    assert all(math.isfinite(mark.x + mark.y) for mark in sky.marks)


def test_a_long_session_is_thinned_evenly() -> None:
    chosen = thinned(document(6, 3000, voices=10)["constellation"]["moments"])
    assert len(chosen) <= MOST_MARKS
    counts = {voice: sum(moment["voice"] == voice for moment in chosen) for voice in ("v0", "v9")}
    assert counts["v0"] == counts["v9"] >= 30


def test_spots_on_top_of_each_other_are_moved_apart() -> None:
    moved = eased([(5.0, 5.0)] * 3, apart=2.0, times=200, inside=lambda spot: spot)
    assert min(math.dist(one, other) for one, other in combinations(moved, 2)) > 1.9


def test_a_name_without_room_is_left_out() -> None:
    wide = width_of("a very long name indeed", 13)
    within = Box(0, 0, 100, 40)
    assert place_labels([(50, 20, 5, wide)], letter=13, within=within, taken=[], soft=[]) == [None]


def test_wide_letters_are_wide() -> None:
    assert width_of("夢", 10) > width_of("w", 10) > width_of("i", 10) > width_of("\u0301", 10) == 0


def arc_of(*valence: float) -> dict[str, Any]:
    steps = len(valence)
    band = {"valence_low": [v - 0.1 for v in valence], "valence_high": [v + 0.1 for v in valence]}
    strength = {name: [abs(v) for v in valence] for name in ("arousal", "arousal_low", "arousal_high")}
    time = [step / (steps - 1) for step in range(steps)]
    return {"arc": {"time": time, "valence": list(valence), **band, **strength}}


def test_an_arc_keeps_zero_in_the_middle_and_its_scale_round() -> None:
    curve = valence_curve(arc_of(-0.3, 0.0, 0.2, 0.3, 0.1))
    assert (curve.bottom, curve.top, curve.zero) == (-0.5, 0.5, HEIGHT / 2)
    assert curve.mean == "M0.0 120.0L180.0 75.0L360.0 45.0L540.0 30.0L720.0 60.0"
    assert curve.band.startswith("M0.0 105.0L")
    assert curve.band.endswith("Z")
    assert [row.mean for row in curve.rows] == [-0.3, 0.0, 0.2, 0.3, 0.1]


def test_a_calm_arc_is_not_stretched() -> None:
    curve = arousal_curve(arc_of(0.01, 0.0, 0.02, 0.01, 0.0))
    assert (curve.bottom, curve.top, curve.zero) == (0.0, 0.25, HEIGHT)


def motif(number: int, *terms: tuple[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "share": 0.5,
        "terms": [term for term, _ in terms],
        "term_voices": [voices for _, voices in terms],
    }


def test_a_title_is_made_of_words_that_several_dreamt() -> None:
    made = {"motifs": [motif(0, ("stairs", 3), ("wet", 2)), motif(1, ("nearly", 4), ("lamp", 2))]}
    assert title_of(made, otherwise="Thursday circle") == "Stairs, lamp"


def test_without_shared_words_the_title_is_the_sessions() -> None:
    made = {"motifs": [motif(0, ("stairs", 3)), motif(1, ("lamp", 1))]}
    assert title_of(made, otherwise="Thursday circle") == "Thursday circle"
