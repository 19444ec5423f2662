"""What is sealed opens in its place, and nowhere else; what is erased stays erased."""

import dataclasses
import uuid

import pytest

from guild.tenancy.context import tenant
from guild.vault import services
from guild.vault.errors import KeyDestroyed, KeyMissing, SealBroken
from guild.vault.models import DataKey, KeyKind
from guild.vault.places import Place
from guild.vault.providers import EnvironmentKeys, FileKeys
from tests.cast import Cast

WORDS = "A heron stood in the kitchen and asked for the time. 🌒"


@pytest.fixture
def place() -> Place:
    return Place(field="journal_dream.narrative", row=uuid.uuid4(), owner=uuid.uuid4(), guild=uuid.uuid4())


def test_associated_data_names_the_place_exactly() -> None:
    row, owner = uuid.UUID(int=1), uuid.UUID(int=2)
    place = Place(field="journal_dream.narrative", row=row, owner=owner, revision=3)
    assert place.associated_data() == f"dreamscape|journal_dream.narrative|1|-|{row}|{owner}|3".encode()


def test_sealed_text_opens_in_its_place(cast: Cast, place: Place) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key_id = services.dreamer_key(cast.mira.dreamer_id)
        sealed = services.seal(key_id=key_id, text=WORDS, place=place)
        assert sealed[:5] == b"\x01\x00\x00\x00\x01"
        assert WORDS.encode() not in sealed
        assert services.open_text(key_id=key_id, sealed=sealed, place=place) == WORDS


@pytest.mark.parametrize(
    "other",
    [
        {"field": "journal_dream.title"},
        {"row": uuid.uuid4()},
        {"owner": uuid.uuid4()},
        {"guild": None},
        {"guild": uuid.uuid4()},
        {"revision": 2},
    ],
)
def test_sealed_text_opens_in_no_other_place(cast: Cast, place: Place, other: dict[str, object]) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key = services.opener(services.dreamer_key(cast.mira.dreamer_id))
        sealed = key.seal(WORDS, place)
        with pytest.raises(SealBroken):
            key.open_text(sealed, dataclasses.replace(place, **other))


@pytest.mark.parametrize("at", [0, 1, 5, 17, -1])
def test_one_flipped_bit_breaks_the_seal_or_changes_nothing_read(cast: Cast, place: Place, at: int) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key = services.opener(services.dreamer_key(cast.mira.dreamer_id))
        sealed = bytearray(key.seal(WORDS, place))
        sealed[at] ^= 1
        if at in (1, 5 - 1):  # the id of the key-encryption key only tells which one was in use
            assert key.open_text(bytes(sealed), place) == WORDS
            return
        with pytest.raises(SealBroken):
            key.open_text(bytes(sealed), place)


def test_destroyed_key_opens_nothing_more(cast: Cast, place: Place) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key_id = services.dreamer_key(cast.mira.dreamer_id)
        sealed = services.seal(key_id=key_id, text=WORDS, place=place)
        assert services.destroy_key(key_id=key_id) is True
        assert services.destroy_key(key_id=key_id) is False
        with pytest.raises(KeyDestroyed):
            services.open_text(key_id=key_id, sealed=sealed, place=place)
        assert DataKey.objects.get(pk=key_id).wrapped is None


def test_key_of_another_dreamer_is_not_visible(cast: Cast) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key_id = services.dreamer_key(cast.mira.dreamer_id)
        assert services.dreamer_key(cast.mira.dreamer_id) == key_id
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id), pytest.raises(KeyMissing):
        services.opener(key_id)


def test_lent_key_is_visible_to_its_guild_and_its_dreamer_alone(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk):
        key = services.create_key(
            kind=KeyKind.CONTRIBUTION, owner=uuid.uuid4(), dreamer=cast.mira.dreamer_id, guild=cast.lantern.pk
        )
        assert services.opener(key.pk)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert services.opener(key.pk)
    with tenant(guild=cast.harbour.pk, dreamer=cast.zed.dreamer_id), pytest.raises(KeyMissing):
        services.opener(key.pk)


def test_commitment_binds_to_data_and_to_its_key(cast: Cast) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        key_id = services.dreamer_key(cast.mira.dreamer_id)
        one = services.commitment(key_id=key_id, data=b"one")
        assert one == services.commitment(key_id=key_id, data=b"one")
        assert one != services.commitment(key_id=key_id, data=b"two")
    with tenant(dreamer=cast.finn.dreamer_id):
        other_key = services.dreamer_key(cast.finn.dreamer_id)
        assert one != services.commitment(key_id=other_key, data=b"one")


def test_key_file_is_private_and_survives_a_restart(tmp_path: object) -> None:
    path = tmp_path / "secrets" / "vault-keys.json"
    keys = FileKeys(path)
    kek_id, wrapped = keys.wrap(bytes(32))
    assert path.stat().st_mode & 0o777 == 0o600
    newer = keys.rotate()
    again = FileKeys(path)
    assert again.unwrap(kek_id, wrapped) == bytes(32)
    assert again.wrap(bytes(32))[0] == newer == b"\x00\x00\x00\x02"
    again.destroy(kek_id)
    with pytest.raises(KeyMissing):
        FileKeys(path).unwrap(kek_id, wrapped)


def test_altered_wrapped_key_is_refused() -> None:
    keys = EnvironmentKeys("00000001:" + "A" * 43 + "=")
    kek_id, wrapped = keys.wrap(bytes(32))
    with pytest.raises(KeyMissing):
        keys.unwrap(kek_id, bytes([wrapped[0] ^ 1]) + wrapped[1:])


def test_an_answer_about_what_is_sealed_leaves_the_vault_and_nothing_else(cast: Cast, place: Place) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        opener = services.opener(services.dreamer_key(cast.mira.dreamer_id))
        sealed = opener.seal(WORDS, place)
        elsewhere = dataclasses.replace(place, row=uuid.uuid4())
        assert (opener.holds(sealed, place), opener.holds(sealed, elsewhere)) == (True, False)
        assert opener.holds(sealed[:-1] + bytes([sealed[-1] ^ 1]), place) is False
        assert opener.answers(sealed, place, lambda plain: plain == WORDS.encode()) is True
        assert opener.answers(sealed, place, lambda plain: plain == b"something else") is False
        assert opener.answers(sealed, elsewhere, lambda plain: True) is False
