"""Reading entries by the million: the same verdict as the reference has, on whatever bytes."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from governance.ledger.entry_reader import MOST_KEPT, EntryReader
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
    assert read == (json.loads(entry), decode(entry).at)
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
    reader, expected = EntryReader(), (json.loads(written), decode(written).at)
    assert [reader.read(written), reader.read(written)] == [expected, expected]


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
        assert reader.read(written)[0] == json.loads(written)


def test_details_are_remembered_no_further_than_is_useful() -> None:
    reader = EntryReader()
    for number in range(2 * MOST_KEPT + 5):
        reader.read(encode(Entry(LeafKind.USE, AT, UUID(int=number), ("ab" * 32,), "", {"number": number})))
    assert max(len(reader._details), len(reader._between), len(reader._actors)) <= MOST_KEPT
