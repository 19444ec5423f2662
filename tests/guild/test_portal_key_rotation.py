"""Wrapping every key anew: what was sealed opens as before, a walk cut short goes on, an old key can go."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command

from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.journal import selectors as journal
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.portal import key_rotation
from guild.portal.key_rotation import Rotated, RotationRefused
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import providers, rotation
from guild.vault import services as vault
from guild.vault.errors import KeyMissing
from guild.vault.models import DataKey, KeyKind
from guild.vault.places import Place
from guild.vault.providers import FileKeys, provider
from tests.cast import Cast

OLD, NEW = b"\x00\x00\x00\x01", b"\x00\x00\x00\x02"


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A key file of this test alone, with one key-encryption key in it."""
    settings.VAULT_KEYS, settings.VAULT_KEY_FILE = "", tmp_path / "vault-keys.json"
    providers.forget_provider()
    yield settings.VAULT_KEY_FILE
    providers.forget_provider()


def write(member: Membership, words: str) -> UUID:
    with tenant(dreamer=member.dreamer_id):
        return write_dream(by=member.dreamer, draft=Draft(narrative=words, dreamed_on=date(2026, 11, 1)))


def lend(member: Membership, words: str) -> tuple[UUID, bytes, Place]:
    """Something sealed under a key of the guild's."""
    place = Place("lounges_contribution.text", row=uuid4(), owner=member.dreamer_id, guild=member.guild_id)
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        key = vault.create_key(
            kind=KeyKind.CONTRIBUTION, owner=place.row, dreamer=member.dreamer_id, guild=member.guild_id
        )
        return key.pk, vault.seal(key_id=key.pk, text=words, place=place), place


def said_by_the_ledger(member: Membership) -> list[dict[str, Any]]:
    with tenant(guild=member.guild_id):
        leaves = Leaf.objects.filter(kind=LeafKind.KEY_ROTATED).order_by("index")
        return [dict(decode(bytes(leaf.entry)).detail) for leaf in leaves]


def test_every_key_is_wrapped_anew_and_opens_what_it_sealed(live_cast: Cast, key_file: Path) -> None:
    dream = write(live_cast.mira, "The stairs were wet.")
    lent = [lend(live_cast.mira, "A heron."), lend(live_cast.zed, "A quay.")]
    with tenant(guild=live_cast.lantern.pk):
        gone = vault.create_key(kind=KeyKind.SESSION, owner=uuid4(), guild=live_cast.lantern.pk)
        vault.destroy_key(key_id=gone.pk)

    assert key_rotation.make_newest() == NEW
    assert key_rotation.rewrap_all() == Rotated(NEW, guild_keys=2, personal_keys=1)
    key_rotation.destroy_kek(OLD)

    assert FileKeys(key_file).kek_ids() == (NEW,)
    with tenant(dreamer=live_cast.mira.dreamer_id):
        assert journal.dream_for(live_cast.mira.dreamer_id, dream).narrative == "The stairs were wet."
    for member, (key, sealed, place), words in zip(
        (live_cast.mira, live_cast.zed), lent, ("A heron.", "A quay."), strict=True
    ):
        with tenant(guild=member.guild_id):
            assert vault.open_text(key_id=key, sealed=sealed, place=place) == words
        assert said_by_the_ledger(member) == [{"kek": NEW.hex(), "keys": 1}]


def test_an_interrupted_walk_goes_on_where_it_stopped(
    live_cast: Cast, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        lend(live_cast.mira, "A heron.")
    monkeypatch.setattr(rotation, "BATCH", 2)
    key_rotation.make_newest()
    real, calls = rotation.rewrap, iter(range(99))

    def power_cut(key: DataKey) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        real(key)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "rewrap", power_cut)
        with pytest.raises(KeyboardInterrupt):
            key_rotation.rewrap_all()

    assert said_by_the_ledger(live_cast.mira) == [{"kek": NEW.hex(), "keys": 2}]
    assert key_rotation.rewrap_all() == Rotated(NEW, guild_keys=3, personal_keys=0)
    assert key_rotation.rewrap_all() == Rotated(NEW, guild_keys=0, personal_keys=0)
    assert [leaf["keys"] for leaf in said_by_the_ledger(live_cast.mira)] == [2, 2, 1]


@pytest.mark.parametrize("whose", ["guild", "dreamer"])
def test_an_old_key_stays_while_one_data_key_needs_it(live_cast: Cast, key_file: Path, whose: str) -> None:
    if whose == "guild":
        lend(live_cast.zed, "A quay.")
    else:
        write(live_cast.zed, "A quay.")
    key_rotation.make_newest()

    with pytest.raises(RotationRefused, match="still opens keys of 1 guilds or dreamers"):
        key_rotation.destroy_kek(OLD)
    with pytest.raises(RotationRefused, match="wraps every new key"):
        key_rotation.destroy_kek(NEW)
    with pytest.raises(RotationRefused, match="There is no key-encryption key"):
        key_rotation.destroy_kek(b"\x00\x00\x00\x09")
    assert provider().kek_ids() == (OLD, NEW)


def test_a_rotation_in_another_process_is_seen_at_the_next_use(live_cast: Cast, key_file: Path) -> None:
    key, sealed, place = lend(live_cast.mira, "A heron.")
    operator = FileKeys(key_file)
    assert operator.rotate() == NEW

    later, *_ = lend(live_cast.mira, "A stair.")
    with tenant(guild=live_cast.lantern.pk):
        assert bytes(DataKey.objects.get(pk=later).kek_id) == NEW
        assert vault.open_text(key_id=key, sealed=sealed, place=place) == "A heron."
    operator.destroy(OLD)
    with tenant(guild=live_cast.lantern.pk), pytest.raises(KeyMissing):
        vault.opener(key)


def test_a_key_that_a_rotation_overtook_is_kept_with_the_newest(
    live_cast: Cast, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrapped before the rotation, its row written after it: what a destroyer could otherwise not foresee."""
    real = DataKey.save

    def after_a_rotation(self: DataKey, *args: Any, **options: Any) -> None:
        if options.get("force_insert"):
            FileKeys(key_file).rotate()
        real(self, *args, **options)

    monkeypatch.setattr(DataKey, "save", after_a_rotation)
    key, sealed, place = lend(live_cast.mira, "A heron.")

    with tenant(guild=live_cast.lantern.pk):
        assert bytes(DataKey.objects.get(pk=key).kek_id) == NEW
        assert vault.open_text(key_id=key, sealed=sealed, place=place) == "A heron."


def test_the_walk_waits_for_transactions_from_before(
    live_cast: Cast, key_file: Path, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "PATIENCE", 0.0)
    superuser.autocommit = False
    superuser.execute("SELECT pg_current_xact_id()")

    with pytest.raises(RotationRefused, match="has not ended within a minute"):
        key_rotation.rewrap_all()
    superuser.rollback()
    key_rotation.rewrap_all()


def test_the_command_says_what_it_did_and_what_to_do_first(live_cast: Cast, key_file: Path) -> None:
    write(live_cast.mira, "The stairs were wet.")
    out = StringIO()

    call_command("rotate_keys", new_key=True, destroy=OLD.hex(), stdout=out)

    assert out.getvalue().splitlines() == [
        "New key-encryption key 00000002.",
        "Wrapped under 00000002: 0 keys of guilds, 1 of dreamers.",
        "No data key needs 00000001 any more.",
        "Key-encryption key 00000001 is destroyed.",
    ]
    with pytest.raises(CommandError, match="8 hex digits"):
        call_command("rotate_keys", destroy="xyz", stdout=out)


def test_keys_of_the_environment_are_rotated_by_whoever_sets_it(live_cast: Cast) -> None:
    with pytest.raises(CommandError, match="Add a new key at the end of VAULT_KEYS"):
        call_command("rotate_keys", new_key=True, stdout=StringIO())
