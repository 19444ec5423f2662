"""The numbers of a recipe: their bounds, their digest, and how they stand beside the guild's law."""

from decimal import Decimal
from typing import Any

import pytest

from lounges.blending import BlendTerms
from lounges.experiences import recipe
from lounges.experiences.recipe import PLAIN, OutOfBounds, Recipe, compared


def test_plain_recipe_is_what_a_blend_did_before_there_were_any() -> None:
    terms = PLAIN.terms(floor=Decimal("0.60"), largest_depth=Decimal("1.00"))
    assert terms == BlendTerms(floor=0.6)


@pytest.mark.parametrize(
    ("own", "law", "floor"), [(None, "0.60", 0.6), (0.7, "0.60", 0.7), (0.5, "0.60", 0.6), (1.0, "0.30", 1.0)]
)
def test_floor_is_never_below_the_guilds(own: float | None, law: str, floor: float) -> None:
    assert Recipe(floor=own).terms(floor=Decimal(law), largest_depth=Decimal(1)).floor == floor


@pytest.mark.parametrize(
    ("own", "law", "depth"), [(None, "0.40", 0.4), (0.3, "0.40", 0.3), (0.9, "0.40", 0.4)]
)
def test_depth_is_never_beyond_the_guilds(own: float | None, law: str, depth: float) -> None:
    assert (
        Recipe(largest_depth=own).terms(floor=Decimal(0), largest_depth=Decimal(law)).largest_depth == depth
    )


@pytest.mark.parametrize(
    "numbers",
    [
        {"floor": 0.29},
        {"floor": 1.01},
        {"floor": 0.705},
        {"atoms": 6.5},
        {"atoms": 65},
        {"weave_moments": 0},
        {"affect_scale": None},
        {"time_scale": "NaN"},
        {"influence_cap": True},
        {"influence_cap": "much"},
        {"shade": 1},
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(numbers: dict[str, Any]) -> None:
    with pytest.raises(OutOfBounds) as refused:
        recipe.read(numbers)
    assert refused.value.field == next(iter(numbers))


def test_numbers_are_read_as_they_are_meant_and_the_rest_is_plain() -> None:
    read = recipe.read({"floor": "0.70", "atoms": "12", "influence_cap": ""})
    assert read == Recipe(floor=0.7, atoms=12)
    assert (read.digest == PLAIN.digest, read.digest == recipe.digest_of(read.numbers)) == (False, True)


def test_versions_are_compared_number_by_number() -> None:
    rows = {row.title: (row.values, row.differs) for row in compared((PLAIN, Recipe(floor=0.7)))}
    assert rows["Individuality floor"] == (("the guild's", "0.70"), True)
    assert rows["Weight of time"] == (("0.50", "0.50"), False)
