import logging

import numpy as np
import pytest

from guild.journal.embedding import DIMENSION, embed
from guild.journal.errors import BrokenReading, EmptyText
from guild.journal.reading import Reading, read_narrative, terms_of
from guild.journal.records import Ratings

NARRATIVE = "I was in my grandmother's kitchen. The stairs were wet, and I was afraid. 海の夢を見た。"


def test_embed_gives_rows_of_unit_norm() -> None:
    points = embed(["the sea", "夢を見た", "😂", " ", "x" * 20_000])

    assert points.shape == (5, DIMENSION)
    assert points.dtype == np.float32
    assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(5), abs=1e-6)


def test_embed_gives_a_text_the_same_bits_in_any_company() -> None:
    alone = embed(["water came down the stairs"])[0]
    in_company = embed(["a", "water came down the stairs", "a very long sentence about nothing " * 50])[1]

    assert np.array_equal(alone, in_company)


def test_embed_puts_near_meanings_nearer() -> None:
    stairs, staircase, invoice = embed(["water on the stairs", "a wet staircase", "an invoice from the bank"])

    assert stairs @ staircase > stairs @ invoice


def test_embed_of_nothing_is_empty_and_of_an_empty_text_is_refused() -> None:
    assert embed([]).shape == (0, DIMENSION)
    with pytest.raises(EmptyText, match="no text"):
        embed(["the sea", ""])


def test_embed_leaves_the_logging_of_the_process_alone() -> None:
    handlers = list(logging.getLogger().handlers)

    embed(["the sea"])

    assert logging.getLogger().handlers == handlers


def test_read_narrative_lines_up_moments_points_affect_and_terms() -> None:
    reading = read_narrative(NARRATIVE, Ratings())

    assert reading.texts == (
        "I was in my grandmother's kitchen.",
        "The stairs were wet, and I was afraid.",
        "海の夢を見た。",
    )
    assert reading.terms == (
        ("grandmother", "kitchen"),
        ("stairs", "wet", "afraid"),
        ("海の", "の夢", "夢を", "を見", "見た"),
    )
    assert (reading.points.shape, reading.affect.shape) == ((3, DIMENSION), (3, 2))
    assert np.isfinite(reading.points).all()


def test_reading_survives_being_stored() -> None:
    reading = read_narrative(NARRATIVE, Ratings(apprehension=3))

    again = Reading.from_bytes(reading.to_bytes())

    assert (again.moments, again.terms) == (reading.moments, reading.terms)
    assert np.array_equal(again.points, reading.points)
    assert np.array_equal(again.affect, reading.affect)


@pytest.mark.parametrize("damage", [b"", b"RDG1", b"RDG1\x00\x00\x00\x09{}", b"nonsense" * 20])
def test_reading_that_is_damaged_is_refused(damage: bytes) -> None:
    with pytest.raises(BrokenReading, match="damaged"):
        Reading.from_bytes(damage)


def test_reading_that_was_cut_short_is_refused() -> None:
    stored = read_narrative(NARRATIVE, Ratings()).to_bytes()

    with pytest.raises(BrokenReading):
        Reading.from_bytes(stored[:-40])


def test_read_narrative_of_white_space_is_refused() -> None:
    with pytest.raises(EmptyText):
        read_narrative(" \n ", Ratings())


def test_read_narrative_of_ten_thousand_sentences_is_finite_and_whole() -> None:
    reading = read_narrative("The dog walked in and looked at me. " * 10_000, Ratings(happiness=2))

    assert reading.points.shape == (10_000, DIMENSION)
    assert np.isfinite(reading.affect).all()


def test_terms_of_keeps_content_words_once() -> None:
    assert terms_of("The blue door, the BLUE door's handle and I") == ("blue", "door", "handle")
