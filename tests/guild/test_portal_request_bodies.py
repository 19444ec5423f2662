"""No body is read past the bound, by what it declares or by what arrives, and none ever turns to a file."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from guild.journal.importing import IMPORT_LIMIT
from guild.portal.request_bodies import MARGIN, BoundedBodies

MOST = 10
DISCONNECT = {"type": "http.disconnect"}


class Listener:
    """An inner application that reads the body, then answers with it; quiet when the client is gone."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            self.seen.append(await receive())
            if self.seen[-1] == DISCONNECT:
                return
            if not self.seen[-1].get("more_body"):
                break
        body = b"".join(message["body"] for message in self.seen)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        self.seen.append(await receive())


class Client:
    """One request's other end: what it sends in turn, then its leaving; what it is answered."""

    def __init__(self, *chunks: bytes, declared: bytes | None = None, path: str = "/journal/import") -> None:
        self.scope = {
            "type": "http",
            "path": path,
            "headers": [] if declared is None else [(b"content-length", declared)],
        }
        last = len(chunks) - 1
        self.messages = [
            {"type": "http.request", "body": chunk, "more_body": number < last}
            for number, chunk in enumerate(chunks)
        ]
        self.unread = list(self.messages)
        self.answers: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self.unread.pop(0) if self.unread else DISCONNECT

    async def send(self, message: dict[str, Any]) -> None:
        self.answers.append(message)

    async def ask(self, inner: Any) -> None:
        await BoundedBodies(inner, most=MOST)(self.scope, self.receive, self.send)

    @property
    def status(self) -> int:
        assert [message["type"] for message in self.answers] == ["http.response.start", "http.response.body"]
        return int(self.answers[0]["status"])


async def test_declared_length_past_the_bound_is_refused_unread() -> None:
    inner, client = Listener(), Client(b"x" * 11, declared=b"11")
    await client.ask(inner)
    assert client.status == 413
    assert inner.seen == []
    assert client.unread == client.messages


@pytest.mark.parametrize("declared", [None, b"5", b"many"])
async def test_chunks_past_the_bound_are_refused_and_read_no_further(declared: bytes | None) -> None:
    inner, client = Listener(), Client(b"x" * 6, b"x" * 5, b"x" * 6, declared=declared)
    await client.ask(inner)
    assert client.status == 413
    assert inner.seen == [client.messages[0], DISCONNECT]
    assert client.unread == client.messages[2:]


@pytest.mark.parametrize("declared", [None, b"10"])
async def test_body_at_the_bound_passes_untouched_and_the_leaving_after_it(declared: bytes | None) -> None:
    inner, client = Listener(), Client(b"x" * 6, b"y" * 4, declared=declared)
    await client.ask(inner)
    assert client.status == 200
    assert client.answers[1]["body"] == b"xxxxxxyyyy"
    assert inner.seen == [*client.messages, DISCONNECT]


async def test_client_that_leaves_within_the_bound_is_answered_nothing() -> None:
    inner, client = Listener(), Client(b"x" * 6, b"y" * 4)
    client.unread = client.messages[:1]
    await client.ask(inner)
    assert inner.seen == [client.messages[0], DISCONNECT]
    assert client.answers == []


async def test_response_begun_before_the_body_was_too_large_is_not_cut_off() -> None:
    async def hasty(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        assert await receive() == DISCONNECT
        assert await receive() == DISCONNECT
        await send({"type": "http.response.body", "body": b"done"})

    client = Client(b"x" * 11)
    await client.ask(hasty)
    assert client.status == 200
    assert client.answers[1]["body"] == b"done"


async def test_what_the_application_answers_to_being_cut_off_is_not_sent() -> None:
    async def talkative(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"gone?"})

    client = Client(b"x" * 11)
    await client.ask(talkative)
    assert client.status == 413


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/journal/import", b"text/html; charset=utf-8"), ("/api/v1/dreams", b"application/json")],
)
async def test_refusal_is_one_clear_sentence_in_the_shape_of_where_it_was_asked(
    path: str, kind: bytes
) -> None:
    client = Client(b"x", declared=str(11).encode(), path=path)
    await client.ask(Listener())
    headers, body = dict(client.answers[0]["headers"]), client.answers[1]["body"]
    said = json.loads(body)["detail"] if path.startswith("/api/") else body.decode()
    assert headers[b"content-type"] == kind
    assert headers[b"content-length"] == str(len(body)).encode()
    sentence = "At most 0 MB are taken at once. Nothing of it was kept; send it in parts."
    shown = {
        "/api/v1/dreams": f"What you sent is too large. {sentence}",
        "/journal/import": f"<p>{sentence} ",
    }
    assert shown[path] in said


def test_web_bounds_bodies_below_where_django_turns_to_a_file(db: None) -> None:
    from guild import asgi  # it asks the database whose role it has

    bounded = asgi.application.application_mapping["http"]
    assert isinstance(bounded, BoundedBodies)
    assert isinstance(bounded.inner, ASGIHandler)
    assert bounded.most <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def test_import_page_can_say_its_own_sentence_below_the_bound() -> None:
    bound = settings.FILE_UPLOAD_MAX_MEMORY_SIZE - MARGIN
    assert bound > max(IMPORT_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + 500_000
    assert bound >> 20 == IMPORT_LIMIT >> 20


async def test_django_keeps_a_body_at_the_bound_in_memory() -> None:
    client = Client(b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE - MARGIN))
    with await ASGIHandler().read_body(client.receive) as body:
        assert len(body.read()) == settings.FILE_UPLOAD_MAX_MEMORY_SIZE - MARGIN
        assert body._rolled is False


async def test_django_answers_nothing_of_its_own_to_a_body_too_large() -> None:
    client = Client(b"x" * 6, b"x" * 6)
    await client.ask(ASGIHandler())
    assert client.status == 413
