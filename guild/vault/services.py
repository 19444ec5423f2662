"""Seal and open, make and destroy keys. The only code that ever holds a data key."""

import os
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from guild.vault import sealing
from guild.vault.errors import KeyDestroyed, KeyMissing
from guild.vault.models import DataKey, KeyKind
from guild.vault.places import Place
from guild.vault.providers import provider


class Opener:
    """One data key, unwrapped once, for as long as a caller has many fields to open or seal."""

    def __init__(self, key: DataKey) -> None:
        if key.wrapped is None:
            raise KeyDestroyed("This was erased: its key was destroyed, and nobody can read it again.")
        self._kek_id = bytes(key.kek_id)
        self._data_key = provider().unwrap(self._kek_id, bytes(key.wrapped))

    def seal(self, text: str | bytes, place: Place) -> bytes:
        """Encrypt for one place."""
        plain = text.encode() if isinstance(text, str) else text
        return sealing.seal(plain, data_key=self._data_key, kek_id=self._kek_id, place=place)

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        """Decrypt. Raises SealBroken."""
        return sealing.unseal(bytes(sealed), data_key=self._data_key, place=place)

    def open_text(self, sealed: bytes, place: Place) -> str:
        """Decrypt UTF-8 text. Raises SealBroken."""
        return self.open_bytes(sealed, place).decode()

    def commitment(self, data: bytes) -> str:
        """Hex HMAC that binds to `data` and says nothing about it once the key is gone."""
        return sealing.commitment(data, data_key=self._data_key)


def create_key(
    *, kind: KeyKind, owner: UUID, dreamer: UUID | None = None, guild: UUID | None = None
) -> DataKey:
    """A fresh data key, wrapped and stored."""
    kek_id, wrapped = provider().wrap(os.urandom(sealing.KEY_BYTES))
    return DataKey.objects.create(
        kind=kind, owner_id=owner, dreamer_id=dreamer, guild_id=guild, kek_id=kek_id, wrapped=wrapped
    )


def dreamer_key(dreamer: UUID) -> UUID:
    """The id of the dreamer's journal key, made at first need; safe when two ask at once."""
    held = DataKey.objects.filter(kind=KeyKind.DREAMER, dreamer_id=dreamer, destroyed_at=None)
    found = held.values_list("id", flat=True).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return create_key(kind=KeyKind.DREAMER, owner=dreamer, dreamer=dreamer).id
    except IntegrityError:
        return held.values_list("id", flat=True).get()


def opener(key_id: UUID) -> Opener:
    """The key, unwrapped. Raises KeyMissing where the wall hides it, KeyDestroyed where it is gone."""
    try:
        key = DataKey.objects.get(pk=key_id)
    except DataKey.DoesNotExist as error:
        raise KeyMissing("The key to this is not visible here.") from error
    return Opener(key)


def openers(key_ids: Collection[UUID]) -> dict[UUID, Opener]:
    """Many keys by their ids, in one query. Raises as `opener` does, for any of them."""
    keys = DataKey.objects.in_bulk(list(key_ids))
    if len(keys) < len(set(key_ids)):
        raise KeyMissing("The key to one of these is not visible here.")
    return {key_id: Opener(key) for key_id, key in keys.items()}


def seal(*, key_id: UUID, text: str | bytes, place: Place) -> bytes:
    """Encrypt one field. Raises KeyMissing, KeyDestroyed."""
    return opener(key_id).seal(text, place)


def open_text(*, key_id: UUID, sealed: bytes, place: Place) -> str:
    """Decrypt one field of text. Raises KeyMissing, KeyDestroyed, SealBroken."""
    return opener(key_id).open_text(sealed, place)


def open_bytes(*, key_id: UUID, sealed: bytes, place: Place) -> bytes:
    """Decrypt one field of bytes. Raises KeyMissing, KeyDestroyed, SealBroken."""
    return opener(key_id).open_bytes(sealed, place)


def commitment(*, key_id: UUID, data: bytes) -> str:
    """What the ledger may hold instead of `data`. Raises KeyMissing, KeyDestroyed."""
    return opener(key_id).commitment(data)


def destroy_key(*, key_id: UUID) -> bool:
    """Erase what the key seals, everywhere and for good; whether there was a key left to destroy."""
    held = DataKey.objects.filter(pk=key_id, destroyed_at=None)
    return bool(held.update(wrapped=None, destroyed_at=timezone.now()))


def is_destroyed(*, key_id: UUID) -> bool:
    """Whether the key is gone (also when it never was visible here)."""
    return not DataKey.objects.filter(pk=key_id, destroyed_at=None).exists()
