"""Reading entries by the million: the same verdict as the reference has, on whatever bytes."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from governance.audits.account import Account
from governance.ledger.entry_reader import MOST_KEPT, Columns, EntryReader
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.leaves import MAX_ENTRY_BYTES, Entry, decode, encode

AT = datetime(2026, 5, 3, 22, 15, 30, 120, tzinfo=UTC)
ACTOR = UUID("00000000-0000-4000-8000-00000000000a")
VALUES = some.one_of(
    some.integers(-(2**53) + 1, 2**53 - 1),
    some.floats(-1e6, 1e6),
    some.booleans(),
    some.none(),
    some.from_regex(r"[A-Za-z0-9_.:+/=,#-]{0,20}", fullmatch=True),
)
ENTRIES = some.builds(
    Entry,
    kind=some.sampled_from(LeafKind),
    at=some.datetimes(min_value=datetime(2000, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001 given a zone
    actor=some.one_of(some.just(SYSTEM), some.uuids()),
    subjects=some.lists(some.from_regex(r"[a-f0-9,-]{0,40}", fullmatch=True), max_size=3).map(tuple),
    policy_set=some.sampled_from(["", "cd" * 32]),
    detail=some.dictionaries(
        some.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
        some.one_of(VALUES, some.lists(VALUES, max_size=3)),
        max_size=4,
    ),
)
EXAMPLE = encode(
    Entry(LeafKind.USE, AT, ACTOR, ("ab" * 32, "c"), "cd" * 32, {"count": 3, "purpose": "blend"})
)
PIECES = [b"", b" ", b'"', b",", b"0", b"-", b"1.0", b"e", b"}", b"[]", b"\n", b"\xc3"]
DEEP = b'{"a":' * 100_000


def is_read(entry: bytes, *, after: bytes | None = None) -> bool:
    """Whether an entry is read, first of all or after another."""
    reader = EntryReader()
    if after is not None:
        reader.read(after)
    try:
        read = reader.read(entry)
    except EntryRefused:
        return False
    assert read.document == json.loads(entry)
    return True


def is_decoded(entry: bytes) -> bool:
    try:
        decode(entry)
    except EntryRefused:
        return False
    return True


@given(ENTRIES)
def test_what_was_encoded_is_read_as_it_is(entry: Entry) -> None:
    written = encode(entry)
    reader, expected = EntryReader(), json.loads(written)
    assert [reader.read(written).document, reader.read(written).document] == [expected, expected]


@given(ENTRIES, some.data())
def test_altered_bytes_are_read_only_where_they_decode(entry: Entry, data: some.DataObject) -> None:
    written = encode(entry)
    begin = data.draw(some.integers(0, len(written)))
    end = data.draw(some.integers(begin, min(len(written), begin + 4)))
    piece = data.draw(
        some.sampled_from([b"", b" ", b'"', b",", b"0", b"-", b"1.0", b"e", b"}", b"[]", b"\n", b"\xc3"])
    )
    altered = written[:begin] + piece + written[end:]
    assert is_read(altered) == is_read(altered, after=written) == is_decoded(altered)


@given(some.data())
def test_an_entry_like_one_that_was_read_is_held_to_the_same(data: some.DataObject) -> None:
    """Every place of the shape that is read fastest, with whatever byte."""
    written = encode(
        Entry(LeafKind.CONSENT_GIVEN, AT, ACTOR, ("ab" * 32,), "", {"depth": 0.5, "purpose": "blend"})
    )
    place = data.draw(some.integers(0, len(written) - 1))
    byte = data.draw(some.integers(0, 255))
    altered = written[:place] + bytes([byte]) + written[place + 1 :]
    assert is_read(altered, after=written) == is_decoded(altered)


ALIKE = some.builds(
    Entry,
    kind=some.sampled_from([LeafKind.CONSENT_GIVEN, LeafKind.USE]),
    at=some.just(AT),
    actor=some.sampled_from([SYSTEM, ACTOR, UUID(int=7)]),
    subjects=some.sampled_from(
        [("ab" * 32,), ("0d" * 32,), ("ab" * 32, "cd" * 32), ("x-" * 32,), ("ab" * 48,), (str(ACTOR),), ()]
    ),
    policy_set=some.sampled_from(["", "cd" * 32]),
    detail=some.sampled_from([{}, {"depth": 1}, {"depth": 2}, {"at": "2026-05-03T22:15:30.000120Z"}]),
)
"""Many of one length, of which some can be cut and some only look so."""


def all_read(entries: list[bytes], *, at: list[str]) -> list[Any] | None:
    """Entries read together, twice over; None if they are refused."""
    reader, lengths = EntryReader(), np.array([len(entry) for entry in entries])
    instants = np.array([one.removesuffix("Z") for one in at], "M8[us]")
    try:
        first, again = [
            reader.read_all(b"".join(entries), lengths=lengths, instants=instants) for _ in range(2)
        ]
    except EntryRefused:
        return None
    assert told(first) == told(again)
    return told(first)


def told(columns: Columns) -> list[Any]:
    """The documents that columns hold."""
    last = len(columns.shapes) - 1
    return [Account(0, last, *columns).told(index).document for index in range(last + 1)]


@given(some.lists(some.one_of(ALIKE, ENTRIES), min_size=1, max_size=12))
def test_many_are_read_as_each_of_them_is(entries: list[Entry]) -> None:
    written = [encode(entry) for entry in entries]
    documents = [json.loads(entry) for entry in written]
    assert all_read(written, at=[one["at"] for one in documents]) == documents


@pytest.mark.parametrize("taken", [0, 1], ids=["inserted", "replaced"])
@pytest.mark.parametrize("byte", [b"", b"\0", b'"', b"0", b"a", b"Z", b"-", b",", b"\xff"])
def test_a_byte_anywhere_among_many_is_held_to_the_same(byte: bytes, taken: int) -> None:
    """At every place of an entry that can be cut, read together with the one that it was."""
    said = {"depth": 0.5, "purpose": "blend"}
    sound = encode(Entry(LeafKind.CONSENT_GIVEN, AT, ACTOR, ("ab" * 32,), "", said))
    at = json.loads(sound)["at"]
    for place in range(len(sound)):
        altered = sound[:place] + byte + sound[place + taken :]
        is_sound = is_decoded(altered) and json.loads(altered)["at"] == at
        expected = [json.loads(sound), json.loads(altered)] if is_sound else None
        assert all_read([sound, altered], at=[at, at]) == expected, altered


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"count":3', b'"count":3.0'),
        (b'"count":3', b'"count":03'),
        (b'"count":3', b'"count":1e1'),
        (b'"count":3', b'"count":NaN'),
        (b'"count":3', b'"count":9007199254740993'),
        (b'"count":3', b'"count":3,"count":3'),
        (b'"count":3,"purpose":"blend"', b'"purpose":"blend","count":3'),
        (b'"blend"', b'"ble\\u006ed"'),
        (b'"blend"', b'"two words"'),
        (b'"blend"', b'"mira@example.org"'),
        (b'"blend"', b'{"a":{"b":{"c":{}}}}'),
        (b'{"count"', b'{"Count":1,"count"'),
        (b'"detail":{"count":3,"purpose":"blend"}', b'"detail":[]'),
        (b'"detail":{"count":3,"purpose":"blend"}', b'"detail":' + DEEP),
        (b"2026-05-03", b"2026-13-03"),
        (b"2026-05-03", b"0000-05-03"),
        (b".000120Z", b".000120+00:00"),
        (b'"kind":"use"', b'"kind":"dream"'),
        (b"00000000-0000-4000-8000-00000000000a", b"00000000-0000-4000-8000-00000000000A"),
        (b"00000000-0000-4000-8000-00000000000a", b"Mira"),
        (b'"c"]}', b'"c",]}'),
        (b'"c"]}', b"7]}"),
        (b'"subjects":["' + b"ab" * 32 + b'","c"]', b'"subjects":{}'),
        (b'"policy_set":"' + b"cd" * 32 + b'"', b'"policy_set":7'),
        (b'"policy_set":"' + b"cd" * 32 + b'"', b'"policy_set":null'),
        (b'"c"]}', b'"c"]} '),
        (b'"c"]}', b'"' + b"c" * 257 + b'"]}'),
        (b'"c"]}', b'"c"' + b',"c"' * MAX_ENTRY_BYTES + b"]}"),
    ],
)
def test_another_spelling_or_another_thing_is_refused_by_both(old: bytes, new: bytes) -> None:
    altered = EXAMPLE.replace(old, new)
    assert (altered != EXAMPLE, is_read(altered), is_decoded(altered)) == (True, False, False)
    assert not is_read(altered, after=EXAMPLE)


@pytest.mark.parametrize("entry", [b"", b"[]", b"{}", b"\xff", b'{"kind":"use"}', b'"' * 400])
def test_what_is_no_entry_is_refused_by_both(entry: bytes) -> None:
    assert (is_read(entry), is_decoded(entry)) == (False, False)


def test_what_is_alike_is_read_alike_and_yet_its_own() -> None:
    reader = EntryReader()
    for number in range(50):
        said = {"depth": 0.5, "purpose": ("blend", "quote")[number % 2]}
        entry = Entry(LeafKind.CONSENT_GIVEN, AT, UUID(int=number % 3), (f"{number:064x}",), "", said)
        written = encode(entry)
        assert reader.read(written).document == json.loads(written)


def test_details_are_remembered_no_further_than_is_useful() -> None:
    reader = EntryReader()
    for number in range(2 * MOST_KEPT + 5):
        reader.read(encode(Entry(LeafKind.USE, AT, UUID(int=number), ("ab" * 32,), "", {"number": number})))
    assert max(len(reader._outlines), len(reader._shapes), len(reader._actors)) <= MOST_KEPT
