"""The Go team's sumdb packages read our log over HTTP: they accept it at every size, and no flipped bit."""

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from governance.ledger import selectors, signing
from governance.ledger.leaves import decode
from governance.ledger.proof_files import proof_file
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.bulk_log import BulkLog
from tests.stack import ROOT, Stack

GOPATH = Path("/usr/share/gocode")
SMALL, LARGE = (1, 2, 255, 256, 257, 1_000), (65_536, 70_000)
LEVEL_8 = 7 * 256  # where the hash of 256 leaves begins, in bits, among the subtrees that a leaf completed

# What is turned: the column, the leaf, the bit; and what Go says of it.
FLIPS = {
    "an entry": ("entry", 700, 300),
    "the length of nothing, the first bit of an entry": ("entry", 0, 0),
    "a tile of level 0": ("leaf_hash", 300, 77),
    "the last hash of a tile of level 0": ("leaf_hash", 999, 255),
    "a tile of level 1": ("subtrees", 511, LEVEL_8 + 9),
    "the size in the checkpoint": ("note", 0, 8 * 56),
    "the root in the checkpoint": ("note", 0, 8 * 70),
    "the signature in the checkpoint": ("note", 0, 8 * 200),
}


class Verifier:
    """The compiled program, which answers a line to a line."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled once. Skips where Go or its packages are absent, unless REQUIRE_GO says that they must be."""
    if shutil.which("go") is None or not (GOPATH / "src" / "golang.org" / "x" / "mod" / "sumdb").is_dir():
        missing = "Debian's golang-go and golang-golang-x-mod-dev are not installed"
        assert not os.environ.get("REQUIRE_GO"), f"The Go verifier is required, and {missing}."
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("go")
    told = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    command = ["go", "build", "-o", str(folder / "verifier"), "./tests/ledger_go"]
    subprocess.run(command, cwd=ROOT, env=os.environ | told, check=True)
    return folder / "verifier"


@pytest.fixture
def go(program: Path) -> Iterator[Verifier]:
    started = Verifier(program)
    yield started
    started.stop()


@pytest.fixture
def log(live_cast: Cast, superuser: psycopg.Connection, stack: Stack, settings: Any) -> BulkLog:
    """A log that the running web server shows; here it is signed under the same address."""
    settings.PUBLIC_URL = stack.url
    return BulkLog(live_cast.lantern.pk, superuser)


def test_go_accepts_every_size_and_no_flipped_bit(
    go: Verifier, log: BulkLog, stack: Stack, tmp_path: Path
) -> None:
    prefix, vkey = f"{stack.url}/g/{log.guild}/log", signing.log_signer(log.guild).verifier.vkey
    answers = {}

    def verify_at(size: int) -> None:
        log.grow_to(size)
        log.sign()
        answers[size] = go.ask("verify", prefix, vkey)

    for size in SMALL:
        verify_at(size)
    for what, (column, leaf, bit) in FLIPS.items():
        answers[what] = flipped(go, log, (column, leaf, bit), prefix, vkey)
    for size in LARGE:
        verify_at(size)
    accepted = {size: f"ok {size}" for size in (*SMALL, *LARGE)}
    assert answers == accepted | dict.fromkeys(FLIPS, "rejected, then ok 1000")
    assert_proof_is_accepted(go, log, vkey, tmp_path / "leaf.tlog-proof")
    assert_verified_by_command(prefix, vkey)


def flipped(go: Verifier, log: BulkLog, what: tuple[str, int, int], prefix: str, vkey: str) -> str:
    """What Go says with the bit turned and, after its first word, with the bit turned back."""
    column, leaf, bit = what
    told = []
    for _ in range(2):
        log.flip(column, leaf=leaf, bit=bit)
        go.ask("forget")
        told.append(go.ask("verify", prefix, vkey))
    return f"{told[0].split()[0]}, then {told[1]}"


def assert_proof_is_accepted(go: Verifier, log: BulkLog, vkey: str, path: Path) -> None:
    """Of a leaf somewhere in it; and not for the leaf beside it."""
    with tenant(guild=log.guild):
        path.write_bytes(proof_file(guild=log.guild, index=54_321, extra=b"anything"))
        rows = [selectors.leaf(log.guild, index) for index in (54_321, 54_322)]
    decode(bytes(rows[0].entry))
    hashes = [base64.b64encode(bytes(row.leaf_hash)).decode() for row in rows]
    assert go.ask("proof", str(path), hashes[0], vkey) == "ok 54321"
    assert go.ask("proof", str(path), hashes[1], vkey).startswith("rejected")


def assert_verified_by_command(prefix: str, vkey: str) -> None:
    said = StringIO()
    call_command("verify_log", prefix, "--vkey", vkey, stdout=said)
    assert said.getvalue().splitlines()[-3:] == [
        "Entries: 70,000 hashed; tiles: 277 compared with them.",
        "Root: the entries hash to the root that was signed.",
        "Everything holds.",
    ]
