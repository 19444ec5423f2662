"""Where everything in a constellation is drawn: from the unit square of a document to a canvas. Pure.

The document fixes what lies near what. Here lights and marks are eased apart so that they can be told from
each other, and each light is given a place for its name where nothing else is written.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lounges.dreamscapes.easing import Spot, eased
from lounges.dreamscapes.lettering import Box, Place, place_labels, width_of

Moment = Mapping[str, Any]

FEWEST_MARKS, MOST_MARKS = 3, 400
MOST_STRETCH = 1.6
LIGHT_EASINGS, MARK_EASINGS = 80, 6
CLEAR = 9.0
"""Free space between the rim of a light and a mark."""


@dataclass(frozen=True)
class Canvas:
    """The size of a drawing, in its own units, and of what is drawn on it.

    `letter` is the height of a label, `light` the least and the largest radius of a light, `apart` how far
    lights are from each other at least, `mark` the scale of the shape of a moment.
    """

    width: float
    height: float
    margin: float
    letter: float
    light: tuple[float, float]
    apart: float
    mark: float


WIDE = Canvas(width=960, height=560, margin=44, letter=13, light=(8, 17), apart=62, mark=0.78)
TALL = Canvas(width=330, height=480, margin=26, letter=13, light=(9, 14), apart=48, mark=0.72)
"""For a screen as narrow as a phone's: about as many units as it has pixels."""


@dataclass(frozen=True)
class Light:
    """A motif. `place` is where its name is written, None where no room is left for it."""

    id: int
    x: float
    y: float
    radius: float
    voices: tuple[str, ...]
    name: str
    place: Place | None


@dataclass(frozen=True)
class Mark:
    """A moment of one voice, and the curve from it to its motif."""

    voice: str
    motif: int
    x: float
    y: float
    thread: str


@dataclass(frozen=True)
class Sky:
    """A constellation as it is drawn on one canvas."""

    canvas: Canvas
    lights: tuple[Light, ...]
    marks: tuple[Mark, ...]
    links: tuple[str, ...]


def sky_of(document: Mapping[str, Any], canvas: Canvas) -> Sky:
    """The constellation of a shared document on a canvas."""
    drawn = document["constellation"]
    moments = thinned(drawn["moments"])
    frame = Frame.around([*moments, *drawn["motifs"]], canvas)
    support = {motif["id"]: tuple(motif["support"]) for motif in document["motifs"]}
    lights = _lights(drawn["motifs"], support, frame)
    at = {light.id: light for light in lights}
    marks = _marks(moments, at, frame)
    links = tuple(_line(at[first], at[second]) for first, second in drawn["links"])
    return Sky(canvas=canvas, lights=_named(lights, marks, canvas), marks=marks, links=links)


def thinned(moments: Sequence[Moment]) -> list[Moment]:
    """All moments of a session that fit a drawing; of a larger one, an even choice of each voice's."""
    by_voice: dict[str, list[Moment]] = {}
    for moment in moments:
        by_voice.setdefault(moment["voice"], []).append(moment)
    most = max(FEWEST_MARKS, MOST_MARKS // max(len(by_voice), 1))
    return [moment for own in by_voice.values() for moment in own[:: -(-len(own) // most)]]


@dataclass(frozen=True)
class Frame:
    """Maps the unit square to a canvas so that what is drawn fills it, neither side stretched much more."""

    canvas: Canvas
    middle: tuple[float, float]
    scale: tuple[float, float]

    @classmethod
    def around(cls, points: Sequence[Moment], canvas: Canvas) -> "Frame":
        across, along = [point["x"] for point in points], [point["y"] for point in points]
        inner = canvas.width - 2 * canvas.margin, canvas.height - 2 * canvas.margin - canvas.letter
        fit = [
            size / max(max(values) - min(values), 0.05)
            for size, values in zip(inner, (across, along), strict=True)
        ]
        scale = min(fit[0], fit[1] * MOST_STRETCH), min(fit[1], fit[0] * MOST_STRETCH)
        return cls(canvas, ((max(across) + min(across)) / 2, (max(along) + min(along)) / 2), scale)

    def place(self, point: Moment) -> Spot:
        """The square's y goes up, the canvas's goes down."""
        x = self.canvas.width / 2 + (point["x"] - self.middle[0]) * self.scale[0]
        y = (self.canvas.height - self.canvas.letter) / 2 - (point["y"] - self.middle[1]) * self.scale[1]
        return x, y

    def inside(self, spot: Spot) -> Spot:
        """The spot, or the nearest one that is not in the margin."""
        edge, canvas = self.canvas.margin, self.canvas
        low, high = canvas.width - edge, canvas.height - edge - canvas.letter
        return min(max(spot[0], edge), low), min(max(spot[1], edge), high)


def _lights(placed: Sequence[Moment], support: Mapping[int, tuple[str, ...]], frame: Frame) -> list[Light]:
    largest = max((motif["size"] for motif in placed), default=1.0) or 1.0
    least, most = frame.canvas.light
    spots = [frame.place(motif) for motif in placed]
    spots = eased(spots, apart=frame.canvas.apart, times=LIGHT_EASINGS, inside=frame.inside)
    return [
        Light(
            id=motif["id"],
            x=round(x, 1),
            y=round(y, 1),
            radius=round(least + (most - least) * math.sqrt(motif["size"] / largest), 1),
            voices=support[motif["id"]],
            name=motif["label"] or "",
            place=None,
        )
        for motif, (x, y) in zip(placed, spots, strict=True)
    ]


def _marks(moments: Sequence[Moment], lights: Mapping[int, Light], frame: Frame) -> tuple[Mark, ...]:
    spots = [frame.place(moment) for moment in moments]
    spots = eased(spots, apart=16.0 * frame.canvas.mark, times=MARK_EASINGS, inside=frame.inside)
    return tuple(_mark(moment, spot, lights) for moment, spot in zip(moments, spots, strict=True))


def _mark(moment: Moment, spot: Spot, lights: Mapping[int, Light]) -> Mark:
    light = lights[moment["motif"]]
    for other in lights.values():
        spot = _outside(spot, other, turn=moment["index"])
    return Mark(
        voice=moment["voice"],
        motif=light.id,
        x=round(spot[0], 1),
        y=round(spot[1], 1),
        thread=_thread(spot, (light.x, light.y)),
    )


def _outside(spot: Spot, light: Light, *, turn: int) -> Spot:
    """The spot, or, where a light would cover it, the nearest one beside the light."""
    dx, dy = spot[0] - light.x, spot[1] - light.y
    distance, clear = math.hypot(dx, dy), light.radius + CLEAR
    if distance >= clear:
        return spot
    if distance < 1e-6:
        dx, dy, distance = math.cos(turn), math.sin(turn), 1.0
    return light.x + dx / distance * clear, light.y + dy / distance * clear


BEND = 0.12


def _thread(start: Spot, end: Spot) -> str:
    """A slight curve, always bent to the same side, so that threads that lie close can be told apart."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    bent = (start[0] + dx / 2 - dy * BEND, start[1] + dy / 2 + dx * BEND)
    return f"M{start[0]:.1f} {start[1]:.1f}Q{bent[0]:.1f} {bent[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def _line(one: Light, other: Light) -> str:
    return f"M{one.x:.1f} {one.y:.1f}L{other.x:.1f} {other.y:.1f}"


def _named(lights: Sequence[Light], marks: Sequence[Mark], canvas: Canvas) -> tuple[Light, ...]:
    """The lights with their names placed, the largest first choosing."""
    taken = [Box.around(light.x, light.y, light.radius + 2) for light in lights]
    soft = [Box.around(mark.x, mark.y, 5) for mark in marks]
    order = sorted(range(len(lights)), key=lambda place: (-lights[place].radius, place))
    places = place_labels(
        [
            (
                lights[place].x,
                lights[place].y,
                lights[place].radius,
                width_of(lights[place].name, canvas.letter),
            )
            for place in order
        ],
        letter=canvas.letter,
        within=Box(4, 4, canvas.width - 4, canvas.height - 4),
        taken=taken,
        soft=soft,
    )
    found = dict(zip(order, places, strict=True))
    return tuple(replace(light, place=found[number]) for number, light in enumerate(lights))
