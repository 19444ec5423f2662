"""The leaves of a few kinds, read out of turn. Inside the guild's tenant, once the log was heard."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from governance.audits.examination import Examination
from governance.audits.replay import COUNTLESS
from governance.ledger.enums import LeafKind

BATCH: Final = 500


def leaves_of(examination: Examination, *kinds: LeafKind) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(index, entry) of each, in order, as far as the audit heard the log; one that could not be read is left
    out. Raises ValueError for a kind of which there are too many to keep their places.
    """
    if countless := COUNTLESS.intersection(kinds):
        raise ValueError(f"The places of these are not kept: {', '.join(sorted(countless))}.")
    places = examination.replay.places
    indexes = sorted(index for kind in kinds for index in places.get(kind.value, ()))
    for start in range(0, len(indexes), BATCH):
        part = examination.leaves(indexes[start : start + BATCH])
        yield from sorted(part.items())
