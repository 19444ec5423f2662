"""The separate witness as an ASGI application: `/add-checkpoint`. No Django, no database of ours."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from governance.ledger.witnessing import MOST_BODY_BYTES, Reply, Witness

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class WitnessApplication:
    """Answers over HTTP what `witness` answers; `vkey` is shown at /vkey."""

    def __init__(self, witness: Witness, *, vkey: str) -> None:
        self._witness = witness
        self._vkey = vkey

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _send(send, await self._reply(scope, receive))

    async def _reply(self, scope: Message, receive: Receive) -> Reply:
        match scope["method"], scope["path"]:
            case "GET" | "HEAD", "/vkey":
                return Reply(200, f"{self._vkey}\n")
            case "POST", "/add-checkpoint":
                body = await _body(receive)
                if body is None:
                    return Reply(413, f"A request has at most {MOST_BODY_BYTES} bytes.\n")
                return await asyncio.to_thread(self._witness.add_checkpoint, body)
            case _, "/add-checkpoint" | "/vkey":
                return Reply(405, "POST a checkpoint to /add-checkpoint; GET the key from /vkey.\n")
        return Reply(404, "A witness answers at /add-checkpoint and /vkey.\n")


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is longer than any request may be."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BODY_BYTES:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


async def _send(send: Send, reply: Reply) -> None:
    headers = [(b"content-type", reply.content_type.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body.encode()})
