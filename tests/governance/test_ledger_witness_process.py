"""The witness as a process of its own, without any database: it answers, and it remembers."""

import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance.ledger.errors import NoteMalformed
from governance.ledger.note import Algorithm, Cosigner, Note, Signer, TreeHead, Verifier, open_note
from governance.ledger.tree import consistency_proof, leaf_hash, root
from governance.ledger.witness_server import WitnessApplication
from governance.ledger.witnessing import MOST_BODY_BYTES, Reply, Submission, Witness, format_submission
from guild.management.commands.witness import read_seed
from tests.governance.test_ledger_witnessing import MemoryStore
from tests.stack import ROOT, free_port

LOG = Signer("house.example/g/1/log", seed=bytes(range(32)))
LEAVES = [leaf_hash(bytes([number])) for number in range(9)]


def note_of(size: int) -> bytes:
    text = TreeHead(LOG.verifier.name, size, root(LEAVES[:size])).text
    return Note(text, (LOG.sign(text),)).raw.encode()


def body(old: int, size: int) -> bytes:
    proof = consistency_proof(LEAVES[:size], old) if old else ()
    return format_submission(Submission(old, tuple(proof), note_of(size)))


class Process:
    """The command as an operator runs it, with a DATABASE_URL that leads nowhere."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        arguments = ("--name", "witness.example/w", "--port", str(self.port), "--log", LOG.verifier.vkey)
        files = ("--store", str(folder / "store"), "--key-file", str(folder / "key"))
        environment = {
            name: value for name, value in os.environ.items() if name not in {"LEDGER_SEED", "VAULT_KEYS"}
        }
        environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/nothing"
        environment["REDIS_URL"] = "redis://127.0.0.1:9/0"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "witness", *arguments, *files],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.key = Verifier.from_vkey(self.process.stdout.readline())

    def ask(self, path: str, data: bytes | None = None) -> tuple[int, str, str]:
        """Status, type and body; tried again until it listens."""
        address = f"http://127.0.0.1:{self.port}{path}"
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(address, data=data, timeout=5) as reply:
                    return reply.status, reply.headers["Content-Type"], reply.read().decode()
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.code, refusal.headers["Content-Type"], refusal.read().decode()
            except urllib.error.URLError:
                continue
        raise AssertionError("The witness ended.")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    started = Process(tmp_path)
    yield started
    started.stop()


def test_process_cosigns_and_remembers_when_it_is_killed(process: Process, tmp_path: Path) -> None:
    status, kind, line = process.ask("/add-checkpoint", body(0, 4))
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert len(open_note(note_of(4) + line.encode(), [LOG.verifier, process.key]).signatures) == 2
    assert process.ask("/add-checkpoint", body(0, 5)) == (409, "text/x.tlog.size", "4\n")
    assert process.ask("/vkey")[2] == f"{process.key.vkey}\n"
    assert process.ask("/elsewhere")[0] == 404
    assert process.key.algorithm is Algorithm.COSIGNATURE_V1
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    process.process.kill()
    process.process.wait()
    again = Process(tmp_path)
    assert again.key == process.key
    assert again.ask("/add-checkpoint", body(0, 9)) == (409, "text/x.tlog.size", "4\n")
    assert again.ask("/add-checkpoint", body(4, 9))[0] == 200
    again.stop()


def application() -> WitnessApplication:
    cosigner = Cosigner("witness.example/w", seed=bytes(range(1, 33)))
    keys = {LOG.verifier.name: LOG.verifier}
    witness = Witness(cosigner=cosigner, key_of=keys.get, store=MemoryStore(), clock=lambda: 1.0)
    return WitnessApplication(witness, vkey=cosigner.verifier.vkey)


async def reply_to(method: str, path: str, *parts: bytes) -> Reply:
    """What it answers to a request whose body comes in these parts."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await application()({"type": "http", "method": method, "path": path}, receive, send)
    headers = dict(sent[0]["headers"])
    return Reply(sent[0]["status"], sent[1]["body"].decode(), headers[b"content-type"].decode())


async def test_application_reads_a_body_in_parts() -> None:
    whole = body(0, 4)
    assert (await reply_to("POST", "/add-checkpoint", whole[:30], whole[30:])).status == 200


async def test_application_reads_no_more_than_any_request_has() -> None:
    assert (
        await reply_to("POST", "/add-checkpoint", b"x" * MOST_BODY_BYTES, b"x", b"never read")
    ).status == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("POST", "/vkey", 405),
        ("GET", "/", 404),
        ("POST", "/add-checkpoint/", 404),
        ("POST", "/add-checkpoint", 400),
    ],
)
async def test_application_answers_nothing_else(method: str, path: str, status: int) -> None:
    assert (await reply_to(method, path)).status == status


def witness(folder: Path, *arguments: str) -> None:
    files = ("--store", str(folder), "--key-file", str(folder / "key"))
    call_command("witness", "--name", "witness.example/w", *files, *arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say at least one log to witness"),
        (("--log", "nonsense"), "is not base64|reads name"),
        (("--log", Cosigner("w", seed=bytes(32)).verifier.vkey), "is a witness's, not a log's"),
    ],
)
def test_command_that_is_told_amiss_says_why(tmp_path: Path, arguments: Any, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        witness(tmp_path, *arguments)


def test_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "key"
    made = read_seed(path)
    assert read_seed(path) == made
    path.chmod(0o640)
    with pytest.raises(NoteMalformed, match="chmod 600"):
        read_seed(path)


@pytest.mark.parametrize("content", ["", "short", "AAAA"])
def test_key_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(NoteMalformed, match="holds no key"):
        read_seed(path)
