"""Instants read by the thousand: the verdict of the standard library, and nothing spelled otherwise."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from governance.ledger.instants import INSTANT_SIZE, read_instants

SOUND = "2024-02-29T23:59:59.999999Z"
MOMENTS = some.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31))  # noqa: DTZ001 in UTC


def rows(*written: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer("".join(written).encode("latin-1"), np.uint8).reshape(len(written), INSTANT_SIZE)


@given(some.lists(MOMENTS, min_size=1, max_size=5))
def test_what_was_written_is_read(moments: list[datetime]) -> None:
    read = read_instants(rows(*(f"{moment.isoformat(timespec='microseconds')}Z" for moment in moments)))
    assert read is not None
    assert read.tolist() == moments


@pytest.mark.parametrize("place", range(INSTANT_SIZE))
def test_a_character_anywhere_is_held_to_the_standard(place: int) -> None:
    """Whatever is read is the moment that the standard library reads, written as it writes it."""
    for code in range(256):
        altered = SOUND[:place] + chr(code) + SOUND[place + 1 :]
        read = read_instants(rows(SOUND, altered))
        try:
            moment = datetime.fromisoformat(altered).astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or f"{moment.isoformat(timespec='microseconds')}Z" != altered:
            assert read is None, altered
        else:
            assert read is not None
            assert read[1].item() == moment


@pytest.mark.parametrize(
    "written", ["2023-02-29", "1900-02-29", "2024-04-31", "2024-00-10", "2024-01-00", "0000-01-01"]
)
def test_a_day_that_there_is_not_is_no_instant(written: str) -> None:
    assert read_instants(rows(written + SOUND[10:])) is None
