"""Where a lineage and the months lie on their drawings."""

from dataclasses import dataclass, field
from datetime import date

from colonies.exchange.drawing import COLUMN, MARGIN, PLOT, ROW, Chart, months_drawn, tree_drawn


@dataclass(frozen=True)
class Place:
    title: str
    below: tuple["Place", ...] = field(default=())
    keeper: str = "Salt"
    is_adapted: bool = False
    is_elsewhere: bool = False
    is_this: bool = False


def test_each_generation_has_a_column_and_each_end_of_a_branch_a_row():
    tree = tree_drawn(Place("a", (Place("b", (Place("c"), Place("d", is_adapted=True))), Place("e"))))
    places = {node.title: ((node.x - MARGIN / 2) / COLUMN, (node.y - MARGIN) / ROW) for node in tree.nodes}
    assert places == {"a": (0, 1.25), "b": (1, 0.5), "c": (2, 0), "d": (2, 1), "e": (1, 2)}
    assert sorted(edge.is_adapted for edge in tree.edges) == [False, False, False, True]
    assert tree.width == MARGIN / 2 + 3 * COLUMN


def test_a_long_title_is_cut_and_a_lone_ritual_is_drawn():
    tree = tree_drawn(Place("A title that is longer than any column"))
    assert ([node.title for node in tree.nodes], tree.edges) == (["A title that is longe…"], ())


def months(count: int) -> list[tuple[date, float]]:
    return [(date(2026, month, 1), 1.0 if month < count else 0.5) for month in range(1, count + 1)]


def test_months_go_from_left_to_right_and_the_floor_lies_below_the_highest_of_half_a_year():
    chart = months_drawn(months(3), allowed_fall=0.25)
    left, top, width, height = PLOT
    assert [(dot.x, dot.y) for dot in chart.dots] == [
        (left, top),
        (left + width / 2, top),
        (left + width, top + height / 2),
    ]
    assert chart.floor == round(top + height * 0.25, 1)


def test_many_months_name_every_other_and_always_the_newest():
    named = [dot.is_named for dot in months_drawn(months(12), allowed_fall=0.25).dots]
    assert named == [False, True] * 6


def test_no_month_draws_no_line():
    assert months_drawn([], allowed_fall=0.25) == Chart(
        (), "", months_drawn([], allowed_fall=0.25).ticks, None
    )
