"""The public log over HTTP: exact bytes, types and cache headers, and nothing beyond what is signed."""

import gzip
from uuid import UUID, uuid4

import pytest
from django.test import Client

from governance.ledger import selectors, signing, witness_views
from governance.ledger.checkpoints import checkpoint_now
from governance.ledger.models import Leaf
from governance.ledger.note import TreeHead, Verifier, open_note
from governance.ledger.tiles import split_bundle
from governance.ledger.tree import leaf_hash, root
from governance.ledger.witnessing import MOST_BODY_BYTES
from guild.tenancy.context import NOBODY, current, tenant
from tests.cast import Cast
from tests.governance.ledger_lines import grow

SIZE = 260


@pytest.fixture
def signed(cast: Cast) -> UUID:
    """The Lantern guild, whose log of 260 leaves is signed, and has grown by one since."""
    guild = cast.lantern.pk
    grow(guild, SIZE)
    with tenant(guild=guild):
        checkpoint_now(guild=guild)
    grow(guild, 1)
    return guild


def get(guild: UUID, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    reply = Client(headers=headers).get(f"/g/{guild}/{path}")
    named = ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "Vary", "Set-Cookie")
    return reply.status_code, reply.content, {name: reply[name] for name in named if name in reply}


def test_checkpoint_is_a_note_that_is_asked_for_anew_each_time(signed: UUID) -> None:
    status, content, headers = get(signed, "log/checkpoint")
    assert (status, headers) == (
        200,
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        },
    )
    head = TreeHead.from_text(open_note(content, [signing.log_signer(signed).verifier]).text)
    assert (head.origin, head.size) == (f"127.0.0.1:8000/g/{signed}/log", SIZE)


def test_keys_are_served_as_text(signed: UUID) -> None:
    for path, signer in (
        ("log/vkey", signing.log_signer(signed)),
        ("witness/vkey", signing.witness_signer(signed)),
    ):
        status, content, headers = get(signed, path)
        assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert Verifier.from_vkey(content.decode()) == signer.verifier


def test_full_tile_is_kept_for_ever(signed: UUID) -> None:
    headers = {
        "Content-Type": "application/octet-stream",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Access-Control-Allow-Origin": "*",
    }
    for path, more in (("tile/0/000", {}), ("tile/entries/000", {"Vary": "Accept-Encoding"})):
        status, _, told = get(signed, f"log/{path}")
        assert (status, told) == (200, headers | more)


def test_partial_tile_is_kept_for_a_day(signed: UUID) -> None:
    for path in ("log/tile/0/001.p/4", "log/tile/1/000.p/1", "log/tile/entries/001.p/4"):
        status, _, headers = get(signed, path)
        assert (status, headers["Cache-Control"]) == (200, "public, max-age=86400, immutable")


def test_tiles_hash_to_the_signed_root(signed: UUID) -> None:
    tiles = [get(signed, f"log/tile/0/{name}")[1] for name in ("000", "001.p/4")]
    bundles = [get(signed, f"log/tile/entries/{name}")[1] for name in ("000", "001.p/4")]
    entries = split_bundle(bundles[0], width=256) + split_bundle(bundles[1], width=4)
    hashes = [leaf_hash(entry) for entry in entries]
    assert b"".join(tiles) == b"".join(hashes)
    assert get(signed, "log/tile/1/000.p/1")[1] == root(hashes[:256])
    with tenant(guild=signed):
        newest = selectors.latest_checkpoint(signed)
        assert newest is not None
        assert root(hashes) == bytes(newest.root)
        assert entries[7] == bytes(Leaf.objects.get(guild_id=signed, index=7).entry)


def test_partial_tiles_of_earlier_sizes_stay(signed: UUID) -> None:
    assert get(signed, "log/tile/0/001.p/4")[1].startswith(get(signed, "log/tile/0/001.p/3")[1])
    assert get(signed, "log/tile/0/000")[1].startswith(get(signed, "log/tile/0/000.p/255")[1])


def test_bundle_is_compressed_for_those_who_accept_it(signed: UUID) -> None:
    plain = get(signed, "log/tile/entries/000")[1]
    packed = get(signed, "log/tile/entries/000", accept_encoding="gzip")[1]
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 2


NOT_SHOWN = (
    "log/tile/0/001.p/5",  # written, and not signed yet
    "log/tile/0/001",
    "log/tile/0/002.p/1",
    "log/tile/1/000.p/2",
    "log/tile/2/000.p/1",
    "log/tile/entries/001.p/5",
    "log/tile/00/000",
    "log/tile/0/0",
    "log/tile/0/000.p/0",
    "log/tile/0/000.p/256",
    "log/tile/data/000",
    "log/tile/0/x999/x999/x999/x999/x999/x999/999",
)


def test_what_no_checkpoint_covers_is_not_shown(signed: UUID) -> None:
    refused = (
        404,
        b"There is nothing at this address of a log.\n",
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        },
    )
    assert {path: get(signed, path) for path in NOT_SHOWN} == dict.fromkeys(NOT_SHOWN, refused)


def test_log_that_was_never_signed_shows_nothing_but_its_key(cast: Cast) -> None:
    grow(cast.harbour.pk, 1)
    paths = ("log/checkpoint", "log/tile/0/000.p/1", "log/tile/entries/000.p/1", "log/vkey")
    assert [get(cast.harbour.pk, path)[0] for path in paths] == [404, 404, 404, 200]


def test_log_is_read_and_never_written(signed: UUID) -> None:
    for path in ("log/checkpoint", "log/vkey", "log/tile/0/000", "log/tile/entries/000", "witness/vkey"):
        address = f"/g/{signed}/{path}"
        answers = [getattr(Client(), method)(address) for method in ("post", "put", "delete", "head")]
        assert [answer.status_code for answer in answers] == [405, 405, 405, 200]
        assert answers[-1].content == b""


def test_log_never_asks_who_reads_it(signed: UUID, cast: Cast) -> None:
    """So that one answer may be cached for all."""
    client = Client()
    client.force_login(cast.zed.dreamer)
    reply = client.get(f"/g/{signed}/log/checkpoint")
    assert reply.status_code == 200
    assert "Vary" not in reply
    assert current() == NOBODY


def test_address_of_a_log_is_no_members_page(cast: Cast) -> None:
    """The members' pages stand below the guild's slug; below an id there is the log alone."""
    client = Client()
    client.force_login(cast.ayla.dreamer)
    assert client.get(f"/g/{cast.lantern.pk}/log/").status_code == 404
    assert client.get(f"/g/{cast.lantern.pk}/").status_code == 404


def test_members_page_of_the_ledger_leads_outsiders_to_it(signed: UUID, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mira.dreamer)
    page = client.get("/g/lantern/ledger/").content.decode()
    assert f"http://testserver/g/{signed}/log</code>" in page
    for path in ("log/checkpoint", "log/vkey"):
        assert f'href="/g/{signed}/{path}"' in page
        assert get(signed, path)[0] == 200


def post(guild: UUID, body: bytes) -> tuple[int, str]:
    address = f"/g/{guild}/witness/add-checkpoint"
    reply = Client(enforce_csrf_checks=True).post(address, data=body, content_type="text/plain")
    return reply.status_code, reply.content.decode()


def test_witness_refuses_a_body_past_its_bound(cast: Cast) -> None:
    assert post(cast.lantern.pk, b"old 0\n\n" + b"x" * MOST_BODY_BYTES)[0] == 413


def test_witness_that_is_no_guild_is_not_found(cast: Cast) -> None:
    assert post(uuid4(), b"old 0\n\n") == (404, "There is no such witness.\n")


def test_witness_is_only_posted_to(cast: Cast) -> None:
    assert Client().get(f"/g/{cast.lantern.pk}/witness/add-checkpoint").status_code == 405


def test_witness_hears_one_address_so_many_times_a_minute(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_views, "MOST_A_MINUTE", 3)
    assert [post(cast.lantern.pk, b"nothing")[0] for _ in range(4)] == [400, 400, 400, 429]
