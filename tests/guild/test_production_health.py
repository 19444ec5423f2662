import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as ValkeyGone

from guild.embedded.probe import probe
from guild.portal import health
from guild.portal.tasks import heartbeat

ALL_WELL = {"database": "ok", "valkey": "ok", "migrations": "ok", "worker": "ok"}


def raiser(error: Exception) -> Any:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    return fail


@pytest.fixture
def beating(db: None) -> None:
    heartbeat()


def parts_of(client: Client) -> tuple[int, dict[str, str]]:
    reply = client.get("/readyz")
    body = reply.json()
    assert body["ready"] == (reply.status_code == 200)
    return reply.status_code, body["parts"]


def test_healthz_answers_without_asking_anything(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "cursor", raiser(AssertionError("the database was asked")))
    reply = client.get("/healthz")
    assert (reply.status_code, reply.content) == (200, b"alive\n")


def test_readyz_is_ready_when_every_part_answers(client: Client, beating: None) -> None:
    assert parts_of(client) == (200, ALL_WELL)


def test_readyz_names_a_database_that_does_not_answer(
    client: Client, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", raiser(OperationalError("host db.internal, password secret")))
        found = parts_of(client)
    assert found == (
        503,
        ALL_WELL
        | {"database": "The database does not answer.", "migrations": "The migrations cannot be read."},
    )


def test_readyz_names_a_valkey_that_does_not_answer(
    client: Client, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "get", raiser(ValkeyGone("redis://:secret@valkey")))
    assert parts_of(client) == (
        503,
        ALL_WELL
        | {
            "valkey": "Valkey does not answer.",
            "worker": "No worker can be heard of while Valkey does not answer.",
        },
    )


def test_readyz_names_missing_migrations(
    client: Client, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *arguments: ["one"])
    status, parts = parts_of(client)
    assert (status, parts["migrations"]) == (
        503,
        "Migrations are missing: run `python -m guild.embedded migrate`.",
    )


def test_readyz_notices_migrations_applied_meanwhile(
    client: Client, beating: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    assert parts_of(client) == (200, ALL_WELL)
    assert health._migrated is True


def test_readyz_names_a_worker_that_gives_no_sign(client: Client, db: None) -> None:
    assert parts_of(client) == (503, ALL_WELL | {"worker": "No worker gave a sign of life in the last 45 s."})


class _Door(BaseHTTPRequestHandler):
    hosts: list[str] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def door() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_probe_asks_in_the_public_name(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://dreams.example.org")
    _Door.hosts.clear()
    assert probe(f"{door}/healthz") == 0
    assert _Door.hosts == ["dreams.example.org"]


@pytest.mark.parametrize("path", ["/readyz", ":1/healthz"])
def test_probe_tells_what_is_not_well(door: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    url = door.rsplit(":", 1)[0] + path if path.startswith(":") else door + path
    assert probe(url) == 1
    assert capsys.readouterr().err.startswith(f"{url} is not well: ")
