"""The canonical bytes of a leaf (RFC 8785 JSON), and the wall that keeps words out of them. Pure.

A leaf holds codes, identifiers, numbers and digests, and is kept for ever. So every string in it must be a
*token*: printable ASCII without a space and without an at sign. A name, a sentence or an e-mail address is
none.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.errors import EntryRefused

MAX_ENTRY_BYTES = 65_535
_TOKEN = re.compile(r"[A-Za-z0-9_.:+/=,#-]{0,256}\Z")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_LARGEST = 2**53 - 1  # beyond it a JSON reader may see another number
_DEEPEST = 4
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_EXPONENT = re.compile(rb"[0-9]e-[0-9]")  # also found within some identifiers, which does no harm


@dataclass(frozen=True)
class Entry:
    """What one leaf says.

    `actor` is the guild pseudonym of who did it, or "system". `subjects` are commitments or identifiers of
    what it was done to. `policy_set` is the digest of the law it was decided under, "" where none was
    asked. `detail` holds what the kind needs: tokens, integers, finite floats, booleans, None, and lists or
    mappings of these.
    """

    kind: LeafKind
    at: datetime
    actor: UUID | str
    subjects: tuple[str, ...]
    policy_set: str
    detail: Mapping[str, Any]


def encode(entry: Entry) -> bytes:
    """The bytes that are hashed, at most `MAX_ENTRY_BYTES`. Raises `EntryRefused` with the offending path."""
    document = {
        "kind": LeafKind(entry.kind).value,
        "at": instant(entry.at),
        "actor": _actor(entry.actor),
        "subjects": [_token(each, path=f"subjects[{i}]") for i, each in enumerate(entry.subjects)],
        "policy_set": _token(entry.policy_set, path="policy_set"),
        "detail": _detail(entry.detail),
    }
    encoded = _canonical(document)
    if len(encoded) > MAX_ENTRY_BYTES:
        raise EntryRefused(
            f"A leaf of {len(encoded):,} bytes is too long: keep the list beside the log and put "
            f"its Merkle root in (at most {MAX_ENTRY_BYTES:,} bytes)."
        )
    return encoded


def decode(entry: bytes) -> Entry:
    """Read an entry back. Raises `EntryRefused` unless the bytes are exactly what `encode` would write."""
    try:
        document = json.loads(entry)
        parsed = Entry(
            kind=LeafKind(document["kind"]),
            at=datetime.fromisoformat(document["at"]),
            actor=SYSTEM if document["actor"] == SYSTEM else UUID(document["actor"]),
            subjects=tuple(document["subjects"]),
            policy_set=document["policy_set"],
            detail=document["detail"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EntryRefused("These bytes are not an entry of a ledger.") from error
    if encode(parsed) != entry:
        raise EntryRefused("These bytes are an entry, but not in its canonical form.")
    return parsed


def decode_detail(text: str) -> Mapping[str, Any]:
    """The detail of an entry, from its own part of the bytes. Raises EntryRefused unless it is written as
    `encode` would.
    """
    try:
        detail: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EntryRefused("The detail of this entry is no JSON.") from error
    if _canonical(_detail(detail)) != text.encode():
        raise EntryRefused("The detail of this entry is not in its canonical form.")
    return detail


def _canonical(document: Any) -> bytes:
    """RFC 8785 of what `_plain` let through: tokens, plain keys, and numbers below 2**53.

    For these it asks for sorted keys and no spaces, which the standard library writes ten times as fast; only
    a small fraction may need another notation (1e-7, not 1e-07).
    """
    encoded = _JSON.encode(document).encode("ascii")
    if _EXPONENT.search(encoded):
        by_the_book: bytes = rfc8785.dumps(document)
        return by_the_book
    return encoded


def instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise EntryRefused("A leaf needs an instant with its time zone: pass an aware datetime.")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _actor(actor: UUID | str) -> str:
    if isinstance(actor, UUID):
        return str(actor)
    if actor == SYSTEM:
        return SYSTEM
    raise EntryRefused('The actor of a leaf is a guild pseudonym (a UUID) or "system", never a name.')


def _token(value: Any, *, path: str) -> str:
    if isinstance(value, str) and _TOKEN.match(value):
        return str(value)
    raise EntryRefused(f"{path} may not go into the ledger: it is no code, digest or identifier.")


def _detail(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise EntryRefused("The detail of a leaf is a mapping of names to values.")
    return _plain(value, path="detail", depth=1)


def _plain(value: Any, *, path: str, depth: int) -> Any:
    """The value as plain JSON types, or `EntryRefused` naming the path of what may not be recorded."""
    if depth > _DEEPEST:
        raise EntryRefused(f"{path} is nested too deeply for a leaf (at most {_DEEPEST} levels).")
    if isinstance(value, Mapping):
        return {
            _key(key, path=path): _plain(item, path=f"{path}.{key}", depth=depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item, path=f"{path}[{i}]", depth=depth + 1) for i, item in enumerate(value)]
    return _scalar(value, path=path)


def _scalar(value: Any, *, path: str) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) <= _LARGEST:
        return int(value) if value == int(value) else value
    if isinstance(value, str) and _TOKEN.match(value):
        return str(value)
    raise EntryRefused(
        f"{path} may not go into the ledger: only codes, digests, identifiers and numbers below 2**53 may, "
        "never words."
    )


def _key(key: Any, *, path: str) -> str:
    if isinstance(key, str) and _KEY.match(key):
        return key
    raise EntryRefused(f"A key under {path} is not a plain lower-case name.")
