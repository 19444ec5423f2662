"""The bytes of a leaf are canonical, bounded, and hold no words."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.leaves import MAX_ENTRY_BYTES, Entry, decode, encode

ACTOR = UUID("00000000-0000-4000-8000-00000000000a")
AT = datetime(2026, 5, 3, 22, 15, 30, 120, tzinfo=UTC)


def entry(**changes: object) -> Entry:
    fields: dict = {
        "kind": LeafKind.USE,
        "at": AT,
        "actor": ACTOR,
        "subjects": ("ab" * 32,),
        "policy_set": "cd" * 32,
        "detail": {"purpose": "blend", "count": 3},
    }
    return Entry(**{**fields, **changes})


def test_encode_writes_the_canonical_form() -> None:
    assert encode(entry()) == (
        b'{"actor":"00000000-0000-4000-8000-00000000000a","at":"2026-05-03T22:15:30.000120Z",'
        b'"detail":{"count":3,"purpose":"blend"},"kind":"use","policy_set":"'
        + b"cd"
        * 32
        + b'","subjects":["'
        b"" + b"ab" * 32 + b'"]}'
    )


def test_encode_states_every_instant_in_utc() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=9)))
    assert encode(entry(at=elsewhere)) == encode(entry())


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
        st.one_of(
            st.integers(-(2**53) + 1, 2**53 - 1),
            st.floats(-(2.0**53) + 1, 2.0**53 - 1),
            st.booleans(),
            st.none(),
            st.from_regex(r"[A-Za-z0-9_.:+/=-]{0,40}", fullmatch=True),
        ),
    )
)
def test_decode_reads_what_encode_wrote(detail: dict) -> None:
    written = encode(entry(detail=detail))
    assert encode(decode(written)) == written


def test_every_year_is_written_with_four_digits() -> None:
    written = encode(Entry(LeafKind.GUILD_FOUNDED, datetime(1, 2, 3, tzinfo=UTC), ACTOR, (), "", {}))
    assert json.loads(written)["at"] == "0001-02-03T00:00:00.000000Z"
    assert decode(written).at == datetime(1, 2, 3, tzinfo=UTC)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
        st.one_of(
            st.integers(-(2**53) + 1, 2**53 - 1),
            st.floats(-(2.0**53) + 1, 2.0**53 - 1),
            st.floats(-1e-3, 1e-3),
            st.lists(st.one_of(st.booleans(), st.none(), st.uuids().map(str)), max_size=3),
        ),
    )
)
def test_encode_writes_what_the_standards_own_writer_would(detail: dict) -> None:
    written = encode(entry(detail=detail))
    assert written == rfc8785.dumps(json.loads(written))


def test_decode_refuses_the_same_entry_in_another_form() -> None:
    with pytest.raises(EntryRefused):
        decode(encode(entry()).replace(b'"detail":', b'"detail": '))


@pytest.mark.parametrize("bytes_", [b"", b"[]", b"{}", b"\xff", b'{"kind":"dream"}'])
def test_decode_refuses_what_is_no_entry(bytes_: bytes) -> None:
    with pytest.raises(EntryRefused):
        decode(bytes_)


@pytest.mark.parametrize(
    "detail",
    [
        {"score": math.nan},
        {"score": math.inf},
        {"score": -math.inf},
        {"count": 2**53},
        {"score": 1e300},
        {"note": "a staircase under the lake"},
        {"note": "ayla@example.org"},
        {"note": "naïve"},
        {"note": "line\n"},
        {"note": "x" * 257},
        {"A Key": 1},
        {"bytes": b"\x00"},
        {"deep": {"a": {"b": {"c": {"d": 1}}}}},
        {1: "one"},
    ],
)
def test_encode_refuses_words_and_numbers_that_are_not_finite(detail: dict) -> None:
    with pytest.raises(EntryRefused):
        encode(entry(detail=detail))


@pytest.mark.parametrize("actor", ["Ayla", "", "SYSTEM", None])
def test_encode_refuses_an_actor_with_a_name(actor: object) -> None:
    with pytest.raises(EntryRefused):
        encode(entry(actor=actor))


def test_encode_refuses_a_naive_instant() -> None:
    with pytest.raises(EntryRefused):
        encode(entry(at=datetime(2026, 5, 3)))  # noqa: DTZ001


def test_encode_accepts_the_longest_entry_and_refuses_one_byte_more() -> None:
    fixed = len(encode(entry(subjects=())))
    room = MAX_ENTRY_BYTES - fixed
    full, rest = divmod(room, 259)
    subjects = ["s" * 256] * full
    longest = [*subjects, "s" * (rest - 2)] if rest > 2 else subjects
    spare = MAX_ENTRY_BYTES - len(encode(entry(subjects=tuple(longest))))
    longest[-1] += "s" * spare
    assert len(encode(entry(subjects=tuple(longest)))) == MAX_ENTRY_BYTES
    longest[-1] += "s"
    with pytest.raises(EntryRefused):
        encode(entry(subjects=tuple(longest)))
