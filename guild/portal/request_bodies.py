"""A bound on what one HTTP request may carry, before anything reads it.

Django reads the whole body before its first middleware, and past FILE_UPLOAD_MAX_MEMORY_SIZE it goes on in a
file: dreams would touch a disk in clear, of any length. No setting of Django's bounds that.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from django.template.loader import render_to_string

from guild.portal.errors import API

MARGIN = 1024  # bytes below the size at which Django turns to a file

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class BoundedBodies:
    """An ASGI application for HTTP around another: 413 for a body of more than `most` bytes.

    A declared length past it is refused unread. Otherwise chunks are counted on their way; at the one that is
    too much, the inner application sees the client disconnect, and what it answers to that is not sent. A
    body within the bound, a real disconnect and every response pass through untouched.
    """

    def __init__(self, inner: Application, *, most: int) -> None:
        self.inner, self.most = inner, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _declared_length(scope) > self.most:
            await self._refuse(scope, send)
            return
        body = _CountedBody(receive, send, most=self.most)
        await self.inner(scope, body.receive, body.send)
        if body.is_too_large and not body.is_answered:
            await self._refuse(scope, send)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        content, kind = self._refusal(scope["path"])
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(content)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", b"default-src 'self'"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _refusal(self, path: str) -> tuple[bytes, bytes]:
        """What is said, and its type: a page, or the API's own shape. No middleware has a part in it."""
        most = f"{self.most >> 20} MB"
        sentence = f"At most {most} are taken at once. Nothing of it was kept; send it in parts."
        if path.startswith(API):
            detail = json.dumps({"detail": f"What you sent is too large. {sentence}"})
            return detail.encode(), b"application/json"
        return render_to_string("413.html", {"sentence": sentence}).encode(), b"text/html; charset=utf-8"


class _CountedBody:
    """The channels of one request, with its bytes counted."""

    def __init__(self, receive: Receive, send: Send, *, most: int) -> None:
        self._receive, self._send = receive, send
        self._left = most
        self.is_too_large = False
        self.is_answered = False  # a response has begun, so that no other can

    async def receive(self) -> Message:
        if self.is_too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.is_too_large = self._left < 0
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.is_answered:
            return
        self.is_answered = True
        await self._send(message)


def _declared_length(scope: Scope) -> int:
    """What Content-Length says, in bytes; 0 without one or with no number, for chunks are counted anyway."""
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            try:
                return int(value)
            except ValueError:
                return 0
    return 0
