"""Entries that differ in who, when and about what alone, cut where these stand, a length at a time. Pure.

In an entry of some member about one thing these three stand at places that its length alone tells. A cut
compares what stands between them with what must stand there, and reads nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from governance.ledger.instants import INSTANT_SIZE, Octets

ACTOR_SIZE: Final = 36
"""Characters of a member who acted."""
SUBJECT_SIZE: Final = 64
"""Characters of the subject: a digest in hexadecimal."""

_HEAD: Final = b'{"actor":"'
_MIDDLE: Final = b'","at":"'
_TAIL: Final = b'"]}'
_LEAST: Final = len(_HEAD) + ACTOR_SIZE + len(_MIDDLE) + INSTANT_SIZE + SUBJECT_SIZE + len(_TAIL)


class Cut(NamedTuple):
    """Some entries of one length: at which `places` they stand among all, `who` acted in each, when (`at`, a
    row of 27 characters each), what stands `around` these, and the only subject (a row of 64 letters and
    digits each).
    """

    places: NDArray[np.intp]
    who: list[bytes]
    at: Octets
    around: list[bytes]
    subjects: Octets


def cuts(entries: bytes, lengths: NDArray[np.int64]) -> Iterator[Cut]:
    """All entries that can be cut, of those that stand one after the other and are so long."""
    begins = np.cumsum(lengths) - lengths
    for length in np.unique(lengths).tolist():
        if length > _LEAST:
            yield _cut(entries, np.flatnonzero(lengths == length), begins, _fields(length))


def around_of(entry: bytes) -> tuple[bytes, bytes]:
    """Who acted, and what stands around, in an entry that can be cut."""
    after = len(_HEAD) + ACTOR_SIZE
    begin, end = after + len(_MIDDLE) + INSTANT_SIZE, len(entry) - SUBJECT_SIZE - len(_TAIL)
    return entry[len(_HEAD) : after], entry[begin:end]


def _cut(
    entries: bytes, places: NDArray[np.intp], begins: NDArray[np.int64], fields: np.dtype[np.void]
) -> Cut:
    # A row begins at every octet; only those at which an entry begins are copied.
    everywhere = len(entries) - fields.itemsize + 1
    rows = np.ndarray((everywhere,), fields, entries, strides=(1,))[begins[places]]
    fits = (rows["head"] == _HEAD) & (rows["middle"] == _MIDDLE) & (rows["tail"] == _TAIL)
    fits &= _are_plain(rows["subject"])
    if not fits.all():
        rows, places = rows[fits], places[fits]
    at, subjects = _octets(rows["at"]), _octets(rows["subject"])
    return Cut(places, rows["who"].tolist(), at, rows["around"].tolist(), subjects)


@cache
def _fields(length: int) -> np.dtype[np.void]:
    """Where what stands in an entry of that length. What is `S` is only ever compared with as many octets,
    none of them zero; zeros at its end are left out elsewhere.
    """
    return np.dtype(
        [
            ("head", f"S{len(_HEAD)}"),
            ("who", f"V{ACTOR_SIZE}"),
            ("middle", f"S{len(_MIDDLE)}"),
            ("at", f"V{INSTANT_SIZE}"),
            ("around", f"V{length - _LEAST}"),
            ("subject", f"V{SUBJECT_SIZE}"),
            ("tail", f"S{len(_TAIL)}"),
        ]
    )


def _are_plain(subjects: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which of them are letters and digits through and through."""
    if subjects.tobytes().isalnum():
        return np.ones(len(subjects), bool)
    return np.array([subject.isalnum() for subject in subjects.tolist()], bool)


def _octets(texts: NDArray[np.void]) -> Octets:
    """A row for each text, a column for each of its characters."""
    return np.frombuffer(texts.tobytes(), np.uint8).reshape(len(texts), texts.itemsize)
