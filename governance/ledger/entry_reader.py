"""Entries read by the million: what `leaves.decode` accepts and nothing else, at a tenth of its cost. Pure.

The canonical form of an entry has six keys in one order and no choice of spelling, so one pattern tells it.
Only `detail` is JSON of its own. And most entries differ from one that was read before in three places alone:
who, when, and the one subject that it is about. What stands between these is then taken as it was read then.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from sys import intern
from typing import Any, Final

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused

MOST_KEPT: Final = 4096
_KINDS: Final = frozenset(LeafKind.values)
_PIECE: Final = r"[A-Za-z0-9_.:+/=,#-]{0,256}"
_INSTANT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_ENTRY: Final = re.compile(
    r'\{"actor":"(system|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",'
    r'"at":"(' + _INSTANT + r')",'
    r'"detail":(\{.*\}),"kind":"([a-z_.]{1,40})","policy_set":"(' + _PIECE + ")"
    r'","subjects":\[((?:"' + _PIECE + '"(?:,"' + _PIECE + r'")*+)?)\]\}'
)
# Where who, when and a subject of 64 characters stand in an entry that some member made.
_HEAD, _TIME_OF_ZEROS, _TAIL = b'{"actor":"', b'","at":"0000-00-00T00:00:00.000000Z', b'"]}'
_ACTOR, _TIME, _AT = slice(10, 46), slice(46, 81), slice(54, 81)
_BETWEEN, _SUBJECT = slice(81, -67), slice(-67, -3)
_TO_ZEROS = bytes.maketrans(b"123456789", b"000000000")

Leaf = Mapping[str, Any]
Read = tuple[Leaf, datetime]
"""An entry as the JSON that it is, and when it happened. What is read is shared: never change it.

Actors and subjects are interned: whoever keeps some keeps each once, however many leaves name it.
"""


class EntryReader:
    """Reads entries one after the other, and remembers what it met last."""

    def __init__(self) -> None:
        self._details: dict[str, Mapping[str, Any]] = {}
        self._between: dict[str, tuple[Mapping[str, Any], str, str]] = {}
        self._actors: dict[str, str] = {}

    def read(self, entry: bytes) -> Read:
        """Raises EntryRefused unless the bytes are exactly what `leaves.encode` would write."""
        try:
            text = entry.decode("ascii")
            between = self._between.get(text[_BETWEEN])
            if between is not None and _is_framed(entry):
                actor, at, subject = self._actors.get(text[_ACTOR]), text[_AT], text[_SUBJECT]
                if actor is not None and entry[_SUBJECT].isalnum():
                    detail, kind, policy_set = between
                    leaf = {
                        "actor": actor,
                        "at": at,
                        "detail": detail,
                        "kind": kind,
                        "policy_set": policy_set,
                        "subjects": [intern(subject)],
                    }
                    return leaf, datetime.fromisoformat(at)
            return self._read(text)
        except ValueError as error:
            raise EntryRefused("These bytes are not an entry of a ledger.") from error

    def _read(self, text: str) -> Read:
        """By the pattern."""
        found = _ENTRY.fullmatch(text)
        if found is None or len(text) > leaves.MAX_ENTRY_BYTES:
            raise EntryRefused("These bytes are not an entry of a ledger in its canonical form.")
        actor, at, detail, kind, policy_set, subjects = found.groups()
        if kind not in _KINDS:
            raise EntryRefused(f"There is no kind of leaf {kind}.")
        happened = datetime.fromisoformat(at)
        read = self._details.get(detail)
        leaf = {
            "actor": intern(actor),
            "at": at,
            "detail": self._detail(detail) if read is None else read,
            "kind": kind,
            "policy_set": policy_set,
            "subjects": [intern(subject) for subject in subjects[1:-1].split('","')] if subjects else [],
        }
        self._remember(text, leaf)
        return leaf, happened

    def _detail(self, text: str) -> Mapping[str, Any]:
        read = leaves.decode_detail(text)
        if len(self._details) >= MOST_KEPT:
            self._details.clear()
        self._details[text] = read
        return read

    def _remember(self, text: str, leaf: Leaf) -> None:
        """Keep what stands between who, when and about what, if those stand where `read` looks for them."""
        actor, subjects = leaf["actor"], leaf["subjects"]
        if text[_ACTOR] != actor or [text[_SUBJECT]] != subjects:
            return
        if len(self._between) >= MOST_KEPT or len(self._actors) >= MOST_KEPT:
            self._between.clear()
            self._actors.clear()
        self._between[text[_BETWEEN]] = (leaf["detail"], leaf["kind"], leaf["policy_set"])
        self._actors[actor] = actor


def _is_framed(entry: bytes) -> bool:
    """Whether an entry begins, goes on from its actor over its time, and ends as all of its shape do."""
    return (
        entry[: len(_HEAD)] == _HEAD
        and entry[_TIME].translate(_TO_ZEROS) == _TIME_OF_ZEROS
        and entry[-len(_TAIL) :] == _TAIL
    )
