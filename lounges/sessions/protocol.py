"""The wire of live sessions: a subset of Centrifugo's JSON client protocol.

One websocket message holds one or more JSON objects, one a line. A client's object is a command with an
`id` and exactly one request, or `{}`, which answers the server's `{}`. A reply carries the command's `id`;
a push has none. This module only reads and writes text: it knows nothing of sockets, sessions or people.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

MAX_FRAME_BYTES = 128 * 1024
MAX_COMMANDS_IN_A_FRAME = 32
MAX_ID = 2**32 - 1
MAX_OFFSET = 2**53 - 1  # what a browser's number holds exactly
MAX_NAME_LENGTH = 128
MAX_TOKEN_LENGTH = 4096

REQUESTS = ("connect", "subscribe", "unsubscribe", "rpc", "ping")
# Requests of the full protocol that this server does not offer, answered as such rather than as nonsense.
UNOFFERED = ("publish", "presence", "presence_stats", "history", "send", "refresh", "sub_refresh")

PING = "{}"


class ErrorCode(IntEnum):
    """Codes of an error reply; the connection stays open after each of them."""

    INTERNAL = 100
    UNAUTHORISED = 101
    PERMISSION_DENIED = 103
    METHOD_NOT_FOUND = 104
    ALREADY_SUBSCRIBED = 105
    BAD_REQUEST = 107
    NOT_AVAILABLE = 108
    EXPIRED = 109
    TOO_MANY_REQUESTS = 111
    UNRECOVERABLE_POSITION = 112


class CloseCode(IntEnum):
    """Why the server ends a connection: a client comes back after 3000-3499 and 4000-4499, and stays
    away after 4500.
    """

    SHUTDOWN = 3001
    SERVER_ERROR = 3004
    EXPIRED = 3005
    SLOW = 3008
    INSUFFICIENT_STATE = 3010
    NO_PONG = 3012
    OFFICES_CHANGED = 4000
    SIGNED_OUT = 4500
    MEMBERSHIP_ENDED = 4501
    MALFORMED = 4503


class FrameError(Exception):
    """The frame cannot be read at all, so no reply can name a command: the connection is closed with 4503."""


@dataclass(frozen=True, slots=True)
class Connect:
    id: int
    token: str = ""


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: int
    channel: str
    recover: bool = False
    epoch: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Rpc:
    id: int
    method: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ping:
    id: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The client's `{}`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A readable command with a wrong field: answered with `code` and `message`, in its place in the
    order.
    """

    id: int
    code: ErrorCode
    message: str


Command = Connect | Subscribe | Unsubscribe | Rpc | Ping | Pong | Refused


def read_commands(frame: str) -> list[Command]:
    """The commands of one websocket message, in order. Raises FrameError when it cannot be read as
    commands.
    """
    if len(frame) > MAX_FRAME_BYTES or len(frame.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise FrameError(f"A message may hold at most {MAX_FRAME_BYTES} bytes; send less at once.")
    lines = [line for line in frame.split("\n") if line.strip()]
    if not lines:
        raise FrameError("An empty message was received; send one JSON object a line.")
    if len(lines) > MAX_COMMANDS_IN_A_FRAME:
        raise FrameError(
            f"A message may hold at most {MAX_COMMANDS_IN_A_FRAME} commands; send fewer at once."
        )
    return [_read_command(_read_object(line)) for line in lines]


def _read_object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FrameError(
            f"A line could not be read as JSON ({error}); send one JSON object a line."
        ) from error
    if not isinstance(value, dict):
        raise FrameError("A line was not a JSON object; send one JSON object a line.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _read_command(value: dict[str, Any]) -> Command:
    if not value:
        return Pong()
    identity = _whole(value.get("id"), low=1, high=MAX_ID)
    if identity is None:
        raise FrameError("A command needs a whole number from 1 to 4294967295 as its id.")
    named = [name for name in (*REQUESTS, *UNOFFERED) if name in value]
    if len(named) != 1:
        return Refused(identity, ErrorCode.BAD_REQUEST, "A command holds exactly one request beside its id.")
    name, body = named[0], value[named[0]]
    if name in UNOFFERED:
        return Refused(identity, ErrorCode.NOT_AVAILABLE, f"This server does not offer the request '{name}'.")
    if not isinstance(body, dict):
        return Refused(identity, ErrorCode.BAD_REQUEST, f"The request '{name}' must be a JSON object.")
    try:
        return _READERS[name](identity, body)
    except _FieldError as error:
        return Refused(identity, ErrorCode.BAD_REQUEST, str(error))


class _FieldError(Exception):
    """One field of a request has the wrong type or size."""


def _connect(identity: int, body: dict[str, Any]) -> Connect:
    return Connect(identity, token=_text(body, "token", longest=MAX_TOKEN_LENGTH, default=""))


def _subscribe(identity: int, body: dict[str, Any]) -> Subscribe:
    offset = _whole(body.get("offset", 0), low=0, high=MAX_OFFSET)
    if offset is None:
        raise _FieldError("The field 'offset' must be a whole number from 0.")
    recover = body.get("recover", False)
    if not isinstance(recover, bool):
        raise _FieldError("The field 'recover' must be true or false.")
    return Subscribe(
        identity,
        channel=_text(body, "channel", longest=MAX_NAME_LENGTH),
        recover=recover,
        epoch=_text(body, "epoch", longest=MAX_NAME_LENGTH, default=""),
        offset=offset,
    )


def _unsubscribe(identity: int, body: dict[str, Any]) -> Unsubscribe:
    return Unsubscribe(identity, channel=_text(body, "channel", longest=MAX_NAME_LENGTH))


def _rpc(identity: int, body: dict[str, Any]) -> Rpc:
    data = body.get("data", {})
    if not isinstance(data, dict):
        raise _FieldError("The field 'data' must be a JSON object.")
    return Rpc(identity, method=_text(body, "method", longest=MAX_NAME_LENGTH), data=data)


def _ping(identity: int, body: dict[str, Any]) -> Ping:
    return Ping(identity)


_READERS: Mapping[str, Callable[[int, dict[str, Any]], Command]] = {
    "connect": _connect,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "rpc": _rpc,
    "ping": _ping,
}


def _text(body: Mapping[str, Any], name: str, *, longest: int, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or (default is None and not value):
        raise _FieldError(f"The field '{name}' must be a text.")
    if len(value) > longest:
        raise _FieldError(f"The field '{name}' may hold at most {longest} characters.")
    return value


def _whole(value: object, *, low: int, high: int) -> int | None:
    """The number, or None for anything that is no whole number in the range."""
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    return None


def _encode(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def connected(identity: int, *, client: str, ping: int) -> str:
    """The reply to connect. The cookie session is checked all along, so the connection has no lifetime
    of its own.
    """
    return _encode({"id": identity, "connect": {"client": client, "ping": ping, "pong": True}})


def subscribed(
    identity: int,
    *,
    epoch: str,
    offset: int,
    was_recovering: bool = False,
    recovered: bool = False,
    publications: Sequence[tuple[int, Mapping[str, Any]]] = (),
) -> str:
    """The reply to subscribe: either all `publications` after the asked offset, or none and `recovered`
    false.
    """
    result: dict[str, Any] = {"recoverable": True, "positioned": True, "epoch": epoch, "offset": offset}
    if was_recovering:
        result["was_recovering"] = True
        result["recovered"] = recovered
    if publications:
        result["publications"] = [{"offset": number, "data": data} for number, data in publications]
    return _encode({"id": identity, "subscribe": result})


def unsubscribed(identity: int) -> str:
    return _encode({"id": identity, "unsubscribe": {}})


def unsubscribed_by_server(channel: str, *, code: int, reason: str) -> str:
    """Tells a client that it no longer hears a channel; it does not come back by itself after 2000-2499."""
    return _encode({"push": {"channel": channel, "unsubscribe": {"code": code, "reason": reason}}})


def result(identity: int, data: Mapping[str, Any]) -> str:
    """The reply to rpc."""
    return _encode({"id": identity, "rpc": {"data": data}})


def pinged(identity: int) -> str:
    return _encode({"id": identity, "ping": {}})


def error(identity: int, code: ErrorCode, message: str, *, temporary: bool = False) -> str:
    body: dict[str, Any] = {"code": int(code), "message": message}
    if temporary:
        body["temporary"] = True
    return _encode({"id": identity, "error": body})


def publication(channel: str, *, offset: int, data: Mapping[str, Any]) -> str:
    """A recorded event, at its place in the session's one order."""
    return _encode({"push": {"channel": channel, "pub": {"offset": offset, "data": data}}})


def ephemeral(channel: str, data: Mapping[str, Any]) -> str:
    """A push without an offset: progress, presence, the stated position. The latest wins, and none is
    replayed.
    """
    return _encode({"push": {"channel": channel, "pub": {"data": data}}})
