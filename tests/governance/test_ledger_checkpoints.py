"""Checkpoints and proof files of a log in the database."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from governance.ledger import selectors, signing
from governance.ledger.checkpoints import checkpoint_now, keep_cosignatures
from governance.ledger.errors import (
    LeafMissing,
    LogRewritten,
    NoteMalformed,
    ProofRejected,
    SeedMissing,
    SignatureRejected,
)
from governance.ledger.models import Checkpoint, Cosignature, SeenLog
from governance.ledger.note import Cosigner, Signer, TreeHead, open_note
from governance.ledger.proof_files import ProofFile, format_proof, parse_proof, proof_file, verify_proof
from governance.ledger.tree import EMPTY_ROOT
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.ledger_lines import grow

WITNESS = Cosigner("witness.example/w", seed=bytes(range(32)))


def head_of(guild: UUID, note: bytes) -> TreeHead:
    return TreeHead.from_text(open_note(note, [signing.log_signer(guild).verifier]).text)


def test_checkpoint_says_origin_size_and_root(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 5)
    with tenant(guild=guild):
        made = checkpoint_now(guild=guild)
        head = selectors.head(guild)
        assert head_of(guild, selectors.signed_note(made)) == TreeHead(
            f"127.0.0.1:8000/g/{guild}/log", head.size, head.root
        )
        assert (made.size, bytes(made.root)) == (head.size, head.root)
        assert selectors.latest_checkpoint(guild) == made


def test_checkpoint_of_a_log_that_did_not_grow_is_the_same(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 3)
    with tenant(guild=guild):
        first = checkpoint_now(guild=guild)
        assert checkpoint_now(guild=guild) == first
        assert Checkpoint.objects.count() == 1
    grow(guild, 1)
    with tenant(guild=guild):
        assert checkpoint_now(guild=guild).size == first.size + 1


def test_checkpoint_of_an_empty_log_is_signed_too(cast: Cast) -> None:
    guild = cast.harbour.pk
    with tenant(guild=guild):
        assert selectors.latest_checkpoint(guild) is None
        made = checkpoint_now(guild=guild)
    assert (made.size, bytes(made.root)) == (0, EMPTY_ROOT)


def test_checkpoint_is_signed_anew_under_another_address(cast: Cast, settings: Any) -> None:
    guild = cast.lantern.pk
    grow(guild, 3)
    with tenant(guild=guild):
        first = checkpoint_now(guild=guild)
        settings.PUBLIC_URL = "https://dreams.example.org"
        second = checkpoint_now(guild=guild)
        assert selectors.latest_checkpoint(guild) == second
    assert head_of(guild, second.note.encode()).origin == f"dreams.example.org/g/{guild}/log"
    assert (second.size, bytes(second.root)) == (first.size, bytes(first.root))


def test_checkpoint_is_not_signed_when_the_log_was_cut(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 5)
    with tenant(guild=guild):
        checkpoint_now(guild=guild)
        Checkpoint.objects.bulk_create([ahead_of(guild)])
        with pytest.raises(LogRewritten, match=r"does not continue the one of 9 that was signed"):
            checkpoint_now(guild=guild)


def ahead_of(guild: UUID) -> Checkpoint:
    """As if the log had been longer once."""
    vkey = signing.log_signer(guild).verifier.vkey
    return Checkpoint(guild_id=guild, vkey=vkey, size=9, root=bytes(32), note="x\n\n")


def test_checkpoint_is_not_signed_when_the_log_has_another_past(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 5)
    with tenant(guild=guild):
        vkey = signing.log_signer(guild).verifier.vkey
        Checkpoint.objects.create(guild_id=guild, vkey=vkey, size=3, root=bytes(32), note="x\n\n")
        with pytest.raises(LogRewritten):
            checkpoint_now(guild=guild)


def test_checkpoint_of_another_guild_is_not_seen(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk):
        checkpoint_now(guild=cast.lantern.pk)
    with tenant(guild=cast.harbour.pk):
        assert Checkpoint.objects.count() == 0
        assert selectors.latest_checkpoint(cast.lantern.pk) is None


@pytest.mark.parametrize("table", ["ledger_checkpoint", "ledger_cosignature"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET size = 1", "DELETE FROM {}"])
def test_checkpoints_and_cosignatures_only_grow(cast: Cast, table: str, statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with tenant(guild=cast.lantern.pk), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement.format(table))


def test_what_a_witness_saw_only_rises(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk):
        seen = SeenLog.objects.create(guild_id=cast.lantern.pk, origin="o", size=5, root=bytes(32), note="n")
        for change in ({"size": 4}, {"root": b"x" * 32}, {"origin": "p"}):
            with pytest.raises(IntegrityError, match="only rises"), transaction.atomic():
                SeenLog.objects.filter(pk=seen.pk).update(**change)
        assert SeenLog.objects.filter(pk=seen.pk).update(size=6, root=b"x" * 32) == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            seen.delete()


def test_cosignature_of_the_witness_is_kept_and_served(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 2)
    with tenant(guild=guild):
        made = checkpoint_now(guild=guild)
        text = made.note.rpartition("\n\n")[0] + "\n"
        line = WITNESS.cosign(text, at=1_700_000_000)
        stranger = Cosigner("stranger.example/w", seed=bytes(32)).cosign(text, at=1)
        for _ in range(2):  # an answer that comes twice is kept once
            keep_cosignatures(checkpoint=made, witness=WITNESS.verifier, signatures=[stranger, line])
        assert [row.line for row in Cosignature.objects.all()] == [line.line]
        served = selectors.signed_note(made)
    keys = [signing.log_signer(guild).verifier, WITNESS.verifier]
    assert [signature.name for signature in open_note(served, keys).signatures] == [key.name for key in keys]


def test_cosignature_that_does_not_verify_is_not_kept(cast: Cast) -> None:
    guild = cast.lantern.pk
    with tenant(guild=guild):
        made = checkpoint_now(guild=guild)
        other = WITNESS.cosign("another text\n", at=1)
        with pytest.raises(SignatureRejected):
            keep_cosignatures(checkpoint=made, witness=WITNESS.verifier, signatures=[other])
        assert keep_cosignatures(checkpoint=made, witness=WITNESS.verifier, signatures=[]) is None
        assert Cosignature.objects.count() == 0


@pytest.mark.parametrize("extra", [b"", b"which law it was"])
def test_proof_file_shows_a_leaf_of_the_log(cast: Cast, extra: bytes) -> None:
    guild = cast.lantern.pk
    grow(guild, 7)
    keys = [signing.log_signer(guild).verifier]
    with tenant(guild=guild):
        size = selectors.size_of(guild)
        for index in range(size):
            raw = proof_file(guild=guild, index=index, extra=extra)
            entry = bytes(selectors.leaf(guild, index).entry)
            assert verify_proof(raw, entry=entry, verifiers=keys).size == size
            assert (parse_proof(raw).index, parse_proof(raw).extra) == (index, extra)
        assert Checkpoint.objects.count() == 1


def test_proof_file_is_laid_out_as_published() -> None:
    proof = ProofFile(73_894, (bytes(32), b"\xff" * 32), b"o\n1\nr\n\n\xe2\x80\x94 o c2ln\n", b"abc")
    assert format_proof(proof).decode() == (
        "c2sp.org/tlog-proof@v1\nextra YWJj\nindex 73894\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        "//////////////////////////////////////////8=\n\no\n1\nr\n\n— o c2ln\n"
    )
    assert parse_proof(format_proof(proof)) == proof


def test_proof_file_of_a_leaf_that_is_none_is_refused(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 1)
    with tenant(guild=guild):
        for index in (-1, selectors.size_of(guild)):
            with pytest.raises(LeafMissing):
                proof_file(guild=guild, index=index)


def test_proof_file_of_another_leaf_another_index_or_another_log_is_rejected(cast: Cast) -> None:
    guild = cast.lantern.pk
    grow(guild, 5)
    key = signing.log_signer(guild).verifier
    with tenant(guild=guild):
        raw = proof_file(guild=guild, index=2)
        entry = bytes(selectors.leaf(guild, 2).entry)
    with pytest.raises(ProofRejected):
        verify_proof(raw, entry=entry + b" ", verifiers=[key])
    with pytest.raises(ProofRejected):
        verify_proof(format_proof(replace(parse_proof(raw), index=3)), entry=entry, verifiers=[key])
    with pytest.raises(SignatureRejected):
        verify_proof(raw, entry=entry, verifiers=[signing.log_signer(cast.harbour.pk).verifier])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\no\n",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\no\n",
        b"c2sp.org/tlog-proof@v1\nextra YQ==\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nnothash\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n"
        + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64
        + b"\no\n",
        "c2sp.org/tlog-proof@v1\nindex ０\n\no\n".encode(),
    ],
)
def test_what_is_no_proof_file_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteMalformed):
        parse_proof(raw)


def test_keys_differ_by_guild_by_use_and_by_seed(cast: Cast, settings: Any) -> None:
    def keys() -> set[bytes]:
        signers: list[Signer] = []
        for guild in (cast.lantern.pk, cast.harbour.pk):
            signers += [signing.log_signer(guild), signing.witness_signer(guild)]
        return {signer.verifier.public_key for signer in signers}

    first = keys()
    assert keys() == first
    settings.LEDGER_SEED = "A" * 43 + "="
    assert len(first) == 4
    assert first & keys() == set()


def test_seed_of_a_file_is_read(tmp_path: Path, cast: Cast, settings: Any) -> None:
    guild = cast.lantern.pk
    given = signing.log_signer(guild).verifier
    kept = tmp_path / "ledger-seed"
    kept.write_text(settings.LEDGER_SEED + "\n")
    settings.LEDGER_SEED, settings.LEDGER_SEED_FILE = "", kept
    assert signing.log_signer(guild).verifier == given


@pytest.mark.parametrize("seed", ["short", "AAAA", "not base64 !"])
def test_seed_that_is_none_signs_nothing(cast: Cast, settings: Any, seed: str) -> None:
    settings.LEDGER_SEED = seed
    with pytest.raises(SeedMissing, match="openssl rand -base64 32"):
        signing.log_signer(cast.lantern.pk)


def test_seed_that_is_missing_is_not_made_anew(tmp_path: Path, cast: Cast, settings: Any) -> None:
    settings.LEDGER_SEED = ""
    settings.LEDGER_SEED_FILE = tmp_path / "gone"
    with pytest.raises(SeedMissing, match="restore the file"):
        signing.log_signer(cast.lantern.pk)
    assert not settings.LEDGER_SEED_FILE.exists()
