"""Verifying a log from outside: what holds, and every way in which a log may be false."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance.ledger.errors import LogRejected
from governance.ledger.following import Trust, Visit, keys
from governance.ledger.log_client import MOST_BYTES, LogClient
from governance.ledger.note import Cosigner, Note, Signer, TreeHead
from governance.ledger.tile_tree import TileTree
from governance.ledger.tiles import Tile, bundles_of, make_bundle, tiles_of
from governance.ledger.tree import MemoryTree, leaf_hash

LOG = Signer("house.example/g/1/log", seed=bytes(range(32)))
OTHER = Signer("house.example/g/1/log", seed=bytes(32))
WITNESS = Cosigner("witness.example/w", seed=bytes(range(1, 33)))
STRANGER = Cosigner("stranger.example/w", seed=bytes(range(2, 34)))
ENTRIES = [f'{{"leaf":{number}}}'.encode() for number in range(700)]
FORK = [*ENTRIES[:299], b"another", *ENTRIES[300:]]
AT = 1_700_000_000


def log_of(
    entries: Sequence[bytes], *, signer: Signer = LOG, witnesses: Sequence[Cosigner] = ()
) -> dict[str, bytes]:
    """Every path of a log with its content."""
    tree, size = MemoryTree([leaf_hash(entry) for entry in entries]), len(entries)
    text = TreeHead(LOG.verifier.name, size, tree.root()).text
    signatures = (signer.sign(text), *(witness.cosign(text, at=AT) for witness in witnesses))
    shown = {"checkpoint": Note(text, signatures).raw.encode(), "vkey": f"{LOG.verifier.vkey}\n".encode()}
    for tile in tiles_of(size):
        shown[f"tile/{tile.path}"] = b"".join(map(tree.lookup, tile.nodes))
    for bundle in bundles_of(size):
        first = bundle.index * 256
        shown[f"tile/{bundle.path}"] = make_bundle(entries[first : first + bundle.width])
    return shown


def fetch_from(shown: dict[str, bytes]) -> Callable[[str], bytes]:
    def fetch(path: str) -> bytes:
        if path not in shown:
            raise LogRejected(f"The log does not show {path}: it answers 404.")
        return shown[path]

    return fetch


def visit(shown: dict[str, bytes], *, before: bytes | None = None, **trust: Any) -> list[str]:
    """What an outsider is told who has the log's key."""
    told: list[str] = []
    Visit(fetch_from(shown), Trust(LOG.verifier, **trust), told.append).verify(before=before)
    return told


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_true_log_of_any_size_holds(size: int) -> None:
    told = visit(log_of(ENTRIES[:size]))
    tiles = len(list(tiles_of(size)))
    assert told == [
        f"Checkpoint: {size} leaves of house.example/g/1/log, signed by its key.",
        f"Entries: {size} hashed; tiles: {tiles} compared with them.",
        "Root: the entries hash to the root that was signed.",
    ]


def test_witnesses_that_are_known_are_told_and_others_are_not() -> None:
    shown = log_of(ENTRIES[:5], witnesses=[STRANGER, WITNESS])
    told = visit(shown, witnesses=[WITNESS.verifier], quorum=1)
    assert [line for line in told if line.startswith("Witness")] == [
        "Witness: witness.example/w cosigned at 2023-11-14 22:13:20 UTC."
    ]


def test_log_that_too_few_witnesses_cosigned_is_rejected() -> None:
    with pytest.raises(LogRejected, match="Only 0 of the witnesses you named"):
        visit(log_of(ENTRIES[:5], witnesses=[STRANGER]), witnesses=[WITNESS.verifier], quorum=1)


def test_log_with_a_false_cosignature_is_rejected() -> None:
    shown = log_of(ENTRIES[:5])
    shown["checkpoint"] += WITNESS.cosign("another text\n", at=AT).line.encode()
    assert visit(shown)
    with pytest.raises(LogRejected, match="cosignature on the checkpoint does not hold"):
        visit(shown, witnesses=[WITNESS.verifier])


def test_log_signed_by_another_key_is_rejected() -> None:
    with pytest.raises(LogRejected, match=r"The checkpoint is not signed by the key house\.example"):
        visit(log_of(ENTRIES[:5], signer=OTHER))


def test_checkpoint_of_another_log_under_the_same_key_is_rejected() -> None:
    shown = log_of(ENTRIES[:5])
    text = shown["checkpoint"].decode().partition("\n\n")[0].replace("/g/1/log", "/g/2/log") + "\n"
    shown["checkpoint"] = Note(text, (LOG.sign(text),)).raw.encode()
    with pytest.raises(LogRejected, match=r"is of house\.example/g/2/log, not of house\.example/g/1/log"):
        visit(shown)


def test_note_that_is_no_checkpoint_is_rejected() -> None:
    shown = log_of(ENTRIES[:5]) | {"checkpoint": Note("hello\n", (LOG.sign("hello\n"),)).raw.encode()}
    with pytest.raises(LogRejected, match="The checkpoint is none: A checkpoint has three lines"):
        visit(shown)


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    """In every byte of a small log: all its entries, its tile and its checkpoint."""
    shown = log_of(ENTRIES[:3])
    accepted = []
    for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"):
        for position in range(len(shown[path])):
            flipped = bytearray(shown[path])
            flipped[position] ^= 1 << position % 8
            try:
                visit(shown | {path: bytes(flipped)})
            except LogRejected:
                continue
            accepted.append((path, position))
    assert accepted == []


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("tile/entries/001", "The tile tile/0/001 says otherwise than the entries from leaf 356 on"),
        ("tile/0/001", "The tile tile/0/001 says otherwise than the entries from leaf 356 on"),
        ("tile/1/000.p/2", "The tile tile/1/000.p/2 says otherwise than the entries from leaf 0 on"),
    ],
)
def test_altered_entry_or_tile_is_named(path: str, sentence: str) -> None:
    shown = log_of(ENTRIES)
    altered = bytearray(shown[path])
    position = altered.index(b'"leaf":356') + 9 if "entries" in path else min(100 * 32, len(altered) - 64)
    altered[position] ^= 1
    with pytest.raises(LogRejected, match=sentence):
        visit(shown | {path: bytes(altered)})


@pytest.mark.parametrize(
    "path", ["tile/0/002.p/188", "tile/entries/002.p/188", "tile/1/000.p/2", "checkpoint"]
)
def test_log_that_does_not_show_all_it_signed_is_rejected(path: str) -> None:
    shown = log_of(ENTRIES)
    del shown[path]
    with pytest.raises(LogRejected, match=f"does not show {path}"):
        visit(shown)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/entries/001"])
def test_tile_that_is_cut_short_is_rejected(path: str) -> None:
    shown = log_of(ENTRIES)
    with pytest.raises(LogRejected, match=f"{path} is damaged"):
        visit(shown | {path: shown[path][:-1]})


def test_log_whose_tiles_and_entries_agree_but_not_with_its_root_is_rejected() -> None:
    """As when all tables were rewritten by somebody who does not have the key."""
    shown = log_of(FORK) | {"checkpoint": log_of(ENTRIES)["checkpoint"]}
    with pytest.raises(LogRejected, match="do not hash to the root that was signed"):
        visit(shown)


@pytest.mark.parametrize("size", [1, 255, 256, 300, 700])
def test_log_that_grew_continues_what_was_seen(size: int) -> None:
    before = log_of(ENTRIES[:size])["checkpoint"]
    assert f"Earlier visit: the {size} leaves of then are the first ones of now." in visit(
        log_of(ENTRIES), before=before
    )


def test_log_that_was_empty_at_the_earlier_visit_continues() -> None:
    assert "Earlier visit: the log was empty then." in visit(
        log_of(ENTRIES[:3]), before=log_of([])["checkpoint"]
    )


def test_log_that_was_cut_is_rejected() -> None:
    """Signed with its own key: nothing but memory shows it."""
    with pytest.raises(LogRejected, match="The log was cut: you have seen 700 leaves, and now it has 699"):
        visit(log_of(ENTRIES[:699]), before=log_of(ENTRIES)["checkpoint"])


@pytest.mark.parametrize("size", [300, 512, 700])
def test_log_that_was_rewritten_with_its_own_key_is_rejected(size: int) -> None:
    with pytest.raises(LogRejected, match=f"rewritten: its first {size} leaves are not those"):
        visit(log_of(FORK), before=log_of(ENTRIES[:size])["checkpoint"])


def test_rewriting_after_what_was_seen_cannot_be_known() -> None:
    """The limit of memory: what nobody had seen may be another thing tomorrow."""
    assert visit(log_of(FORK), before=log_of(ENTRIES[:299])["checkpoint"])


def test_checkpoint_that_was_kept_must_be_the_logs_own() -> None:
    with pytest.raises(LogRejected, match="The checkpoint that you kept is not signed by the key"):
        visit(log_of(ENTRIES), before=log_of(ENTRIES[:3], signer=OTHER)["checkpoint"])


def test_keys_that_are_none_are_named() -> None:
    with pytest.raises(LogRejected, match="nonsense is no verification key"):
        keys([LOG.verifier.vkey, "nonsense"])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 513, 700])
def test_tile_tree_has_the_root_and_the_tiles_of_the_whole_tree(size: int) -> None:
    leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
    whole, grown, tiles = MemoryTree(leaves), TileTree(), dict[Tile, list[bytes]]()
    for leaf in leaves:
        tiles |= dict(grown.append(leaf))
    tiles |= dict(grown.partial())
    assert tiles == {tile: list(map(whole.lookup, tile.nodes)) for tile in tiles_of(size)}
    assert grown.root() == whole.root()


def test_tile_tree_goes_up_to_the_third_level() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(65_537)]
    whole, grown, tiles = MemoryTree(leaves), TileTree(), list[Tile]()
    for leaf in leaves:
        tiles += [tile for tile, _ in grown.append(leaf)]
    tiles += [tile for tile, _ in grown.partial()]
    assert sorted(tiles, key=str) == sorted(tiles_of(65_537), key=str)
    assert grown.root() == whole.root()


# --- over HTTP --------------------------------------------------------------------------------


@contextmanager
def serving(shown: dict[str, bytes]) -> Iterator[str]:
    """The address of a server of these paths; entries go out compressed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = shown.get(self.path.removeprefix("/g/1/log/"))
            self.send_response(404 if content is None else 200)
            body = content or b""
            if "entries" in self.path:
                body = gzip.compress(body, 1)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/g/1/log"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(url: str, *arguments: str) -> list[str]:
    said = StringIO()
    call_command("verify_log", url, *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_command_verifies_and_remembers(tmp_path: Path) -> None:
    kept = tmp_path / "seen"
    arguments = ("--vkey", LOG.verifier.vkey, "--witness", WITNESS.verifier.vkey, "--old", str(kept))
    with serving(log_of(ENTRIES[:300], witnesses=[WITNESS])) as url:
        assert run(f"{url}/", *arguments)[0].startswith("Earlier visit: none; what is seen now will be kept")
    assert kept.read_bytes() == log_of(ENTRIES[:300], witnesses=[WITNESS])["checkpoint"]
    with serving(log_of(ENTRIES, witnesses=[WITNESS])) as url:
        assert run(url, *arguments) == [
            "Checkpoint: 700 leaves of house.example/g/1/log, signed by its key.",
            "Witness: witness.example/w cosigned at 2023-11-14 22:13:20 UTC.",
            "Earlier visit: the 300 leaves of then are the first ones of now.",
            "Entries: 700 hashed; tiles: 4 compared with them.",
            "Root: the entries hash to the root that was signed.",
            "Everything holds.",
        ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seen"]


def test_command_keeps_what_it_saw_when_a_log_is_rejected(tmp_path: Path) -> None:
    kept = tmp_path / "seen"
    kept.write_bytes(log_of(ENTRIES)["checkpoint"])
    with serving(log_of(ENTRIES[:5])) as url, pytest.raises(CommandError, match="The log was cut"):
        run(url, "--vkey", LOG.verifier.vkey, "--old", str(kept))
    assert kept.read_bytes() == log_of(ENTRIES)["checkpoint"]


def test_command_without_a_key_says_what_that_shows() -> None:
    with serving(log_of(ENTRIES[:5])) as url:
        first, *_, last = run(f"{url}/checkpoint")
    assert first.startswith(f"Key: {LOG.verifier.vkey}, taken from the server itself.")
    assert last == "Everything holds."


def test_command_wants_every_witness_that_was_named_unless_told_otherwise() -> None:
    with serving(log_of(ENTRIES[:5], witnesses=[WITNESS])) as url:
        named = ("--witness", WITNESS.verifier.vkey, "--witness", STRANGER.verifier.vkey)
        with pytest.raises(CommandError, match="Only 1 of the witnesses you named"):
            run(url, *named)
        assert run(url, *named, "--quorum", "1")[-1] == "Everything holds."


@pytest.mark.parametrize(
    "url", ["", "house.example/g/1/log", "ftp://house.example/", "http://", "http://x:y/"]
)
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CommandError, match="is no address of a log"):
        run(url)


def test_log_that_does_not_answer_is_said_so() -> None:
    with pytest.raises(CommandError, match=r"does not answer for vkey \(ConnectionRefusedError\)"):
        run("http://127.0.0.1:9/g/1/log")


def test_answer_longer_than_any_logs_is_not_read() -> None:
    bombs = log_of(ENTRIES[:300]) | {
        "tile/entries/000": bytes(MOST_BYTES + 1),  # small on the way, being compressed
        "tile/0/000": bytes(MOST_BYTES + 1),
    }
    with serving(bombs) as url, LogClient(url) as client:
        for path in ("tile/entries/000", "tile/0/000"):
            with pytest.raises(LogRejected, match=r"longer than any log's"):
                client.fetch(path)
        assert client.fetch("tile/0/001.p/44") == bombs["tile/0/001.p/44"]


def test_connection_that_the_server_gave_up_is_opened_again() -> None:
    with serving(log_of(ENTRIES[:3])) as url, LogClient(url) as client:
        client.fetch("checkpoint")
        client._connection.sock.shutdown(socket.SHUT_RDWR)
        assert client.fetch("checkpoint") == log_of(ENTRIES[:3])["checkpoint"]
