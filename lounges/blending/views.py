"""How a voice looks from inside the blend: the displacement interpolation towards its own image."""

from __future__ import annotations

from dataclasses import dataclass

from lounges.blending.barycenter import Barycenter
from lounges.blending.intake import Measure
from lounges.blending.shapes import Floats


@dataclass(frozen=True, eq=False)
class View:
    """A voice on its way to the barycenter: at depth t its passages lie at `home + t * pull`, [p, d]."""

    home: Floats
    pull: Floats
    mass: Floats

    def at(self, depth: float) -> Floats:
        """Depth 0 is the dream untouched, 1 is the barycenter's image of it."""
        return self.home + depth * self.pull


def view_of(measure: Measure, centre: Barycenter, position: int) -> View:
    """The barycentric projection of the voice's plan says where each of its passages is pulled."""
    plan = centre.plans[position]
    image = (plan @ centre.atoms) / plan.sum(axis=1, keepdims=True)
    return View(home=measure.lifted, pull=image - measure.lifted, mass=measure.mass)
