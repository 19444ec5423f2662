"""A guild's public log and one dreamer's part in a use, in memory, for the scripts that check them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, Route

from governance.ledger import leaves, tree
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.note import Note, Signer, TreeHead
from governance.ledger.tiles import bundles_of, make_bundle, tiles_of

HOUSE = "http://localhost:8000"
GUILD = UUID("00000000-0000-4000-8000-000000000007")
ADDRESS = f"{HOUSE}/g/{GUILD}/log"
NAME = f"localhost:8000/g/{GUILD}/log"
PROOF = f"{HOUSE}/proof.json"
RUN = UUID("00000000-0000-4000-8000-000000000b1e")
AT = datetime(2026, 11, 2, 21, 15, 30, 42, tzinfo=UTC)
NONCE, CONTRIBUTION, TOGETHER, MINE = b"n" * 32, UUID(int=9), 5, 3
SAID = {"purpose": "blend", "on": "blend", "subject": str(RUN), "count": TOGETHER}


def commitments() -> list[bytes]:
    """Five in order; one is what stands for the dreamer's own."""
    own = hmac.new(NONCE, CONTRIBUTION.bytes, hashlib.sha256).digest()
    others = [hashlib.sha256(bytes([number])).digest() for number in range(200)]
    before = [other for other in others if other < own][:MINE]
    after = [other for other in others if other > own][: TOGETHER - MINE - 1]
    return [*sorted(before), own, *sorted(after)]


def made_log(size: int, *, use_at: int, other: str = "other") -> list[bytes]:
    """The entries of a log in which the leaf `use_at` is the use."""
    root = tree.root([tree.leaf_hash(each) for each in commitments()]).hex()
    use = leaves.Entry(LeafKind.USE, AT, SYSTEM, (root,), "", SAID)
    entries = [
        leaves.encode(leaves.Entry(LeafKind.LOUNGE_MADE, AT, SYSTEM, (f"{other}-{number}",), "", {}))
        for number in range(size)
    ]
    entries[use_at] = leaves.encode(use)
    return entries


@dataclass
class PublicLog:
    """What stands at every address; a test changes what it likes. Only what is named here is answered."""

    entries: list[bytes]
    use_at: int
    seed: bytes = b"s" * 32
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    proof: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        signer, size = Signer(NAME, seed=self.seed), len(self.entries)
        whole = tree.MemoryTree([tree.leaf_hash(entry) for entry in self.entries])
        head = TreeHead(NAME, size, whole.root())
        self.files["vkey"] = f"{signer.verifier.vkey}\n".encode()
        self.files["checkpoint"] = Note(head.text, (signer.sign(head.text),)).raw.encode()
        for tile in tiles_of(size):
            self.files[f"tile/{tile.path}"] = b"".join(whole.lookup(node) for node in tile.nodes)
        for bundle in bundles_of(size):
            first = bundle.index * 256
            self.files[f"tile/{bundle.path}"] = make_bundle(self.entries[first : first + bundle.width])
        listed = [tree.leaf_hash(each) for each in commitments()]
        self.proof = {
            "guild": str(GUILD),
            "leaf": self.use_at,
            "said": dict(SAID),
            "at": "2026-11-02T21:15:30.000042Z",
            "contribution": str(CONTRIBUTION),
            "commitment": commitments()[MINE].hex(),
            "nonce": NONCE.hex(),
            "position": MINE,
            "path": [hashed.hex() for hashed in tree.inclusion_proof(listed, MINE)],
            "unsigned": "",
        }

    def flip(self, path: str, *, byte: int) -> None:
        """Change one bit of what stands at an address of the log."""
        content = bytearray(self.files[path])
        content[byte] ^= 1
        self.files[path] = bytes(content)

    def serve(self, page: Page, *, modules: Path) -> None:
        """Answer everything that the page asks for."""
        page.unroute_all()
        page.route("**/*", lambda route: self._answer(route, modules))

    def _answer(self, route: Route, modules: Path) -> None:
        url = route.request.url
        path = url.removeprefix(f"{ADDRESS}/")
        if path in self.statuses:
            route.fulfill(status=self.statuses[path], body="busy")
        elif path in self.files:
            route.fulfill(body=self.files[path], content_type="application/octet-stream")
        elif url == PROOF:
            route.fulfill(body=json.dumps(self.proof), content_type="application/json")
        elif url.startswith(f"{HOUSE}/js/"):
            route.fulfill(path=modules / url.removeprefix(f"{HOUSE}/"), content_type="text/javascript")
        elif url == f"{HOUSE}/":
            route.fulfill(body="<!doctype html><title>a check</title>", content_type="text/html")
        else:
            route.fulfill(status=404, body="nothing")


CHECK = """async (address) => {
  const { check } = await import("/js/ledger/check.js");
  const seen = {};
  for await (const { name, state, words } of check(address)) seen[name] = [state, words];
  return seen;
}"""


def checked(page: Page) -> Mapping[str, list[str]]:
    """How each step ended, with its words."""
    found: Mapping[str, list[str]] = page.evaluate(CHECK, PROOF)
    return found
