"""Seal and open, make and destroy keys. The only code that ever holds a data key."""

import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from guild.vault import sealing
from guild.vault.errors import KeyDestroyed, KeyMissing, SealBroken
from guild.vault.models import DataKey, KeyKind
from guild.vault.places import Place
from guild.vault.providers import provider

if TYPE_CHECKING:
    from django.db.models import QuerySet


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

    def holds(self, sealed: bytes, place: Place) -> bool:
        """Whether something opens in its place, and nothing of what it says: for audits."""
        return self.answers(sealed, place, lambda plain: True)

    def answers(self, sealed: bytes, place: Place, question: Callable[[bytes], bool]) -> bool:
        """The answer to a question about what is sealed, which alone leaves here; no for what does not open.

        For audits: `question` says yes or no, keeps nothing and passes nothing on.
        """
        try:
            return question(self.open_bytes(sealed, place))
        except SealBroken:
            return False

    def commitment(self, data: bytes) -> str:
        """Hex HMAC that binds to `data` and says nothing about it once the key is gone."""
        return sealing.commitment(data, data_key=self._data_key)


def create_key(
    *, kind: KeyKind, owner: UUID, dreamer: UUID | None = None, guild: UUID | None = None
) -> DataKey:
    """A fresh data key, wrapped and stored."""
    key = _fresh(kind=kind, owner=owner, dreamer=dreamer, guild=guild)
    key.save(force_insert=True)
    _keep_with_the_newest([key])
    return key


def create_keys(*, kind: KeyKind, owners: Iterable[UUID], dreamer: UUID) -> dict[UUID, DataKey]:
    """A fresh personal key for each owner, in one statement; by owner."""
    keys = {owner: _fresh(kind=kind, owner=owner, dreamer=dreamer, guild=None) for owner in owners}
    DataKey.objects.bulk_create(keys.values())
    _keep_with_the_newest(keys.values())
    return keys


def _fresh(*, kind: KeyKind, owner: UUID, dreamer: UUID | None, guild: UUID | None) -> DataKey:
    kek_id, wrapped = provider().wrap(os.urandom(sealing.KEY_BYTES))
    return DataKey(
        kind=kind, owner_id=owner, dreamer_id=dreamer, guild_id=guild, kek_id=kek_id, wrapped=wrapped
    )


def _keep_with_the_newest(keys: Iterable[DataKey]) -> None:
    """Wrap anew what a rotation overtook between its wrapping and its row.

    So once every transaction that was open at a rotation has ended, no row comes up under an older
    key-encryption key any more, and the one who destroys it can see all that still need it.
    """
    newest = provider().newest()
    for key in keys:
        if bytes(key.kek_id) != newest:
            rewrap(key)
            key.save(update_fields=["kek_id", "wrapped"])


def rewrap(key: DataKey) -> None:
    """Wrap a data key under the newest key-encryption key, in memory: what it seals stays as it is.

    Raises KeyDestroyed, and KeyMissing where the key it was wrapped by is not at hand.
    """
    if key.wrapped is None:
        raise KeyDestroyed("A destroyed key cannot be wrapped anew.")
    plain = provider().unwrap(bytes(key.kek_id), bytes(key.wrapped))
    key.kek_id, key.wrapped = provider().wrap(plain)


def dreamer_key(dreamer: UUID) -> UUID:
    """The id of the dreamer's own key, made at first need; safe when two ask at once.

    It seals what is theirs and of no one dream: each dream has a key of its own.
    """
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


def openers_at_hand(key_ids: Collection[UUID]) -> dict[UUID, Opener]:
    """Those of these keys that are there and unwrap, in one query; the others are left out: for audits."""
    found = {}
    for key_id, key in DataKey.objects.in_bulk(list(key_ids)).items():
        with suppress(KeyDestroyed, KeyMissing):
            found[key_id] = Opener(key)
    return found


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


def destroy_dream_key(*, dreamer: UUID, dream: UUID) -> list[UUID]:
    """Erase one dream with every revision and every copy in a dump; the ids of the keys destroyed.

    A dream from before each had a key of its own has none: only the removal of its rows takes it away.
    """
    return _destroy(DataKey.objects.filter(kind=KeyKind.DREAM, dreamer_id=dreamer, owner_id=dream))


def destroy_personal_keys(*, dreamer: UUID) -> list[UUID]:
    """Erase all that is sealed for a dreamer alone, the whole journal above all; the ids of the keys."""
    return _destroy(DataKey.objects.filter(dreamer_id=dreamer, guild_id=None))


def _destroy(keys: "QuerySet[DataKey]") -> list[UUID]:
    held = keys.filter(destroyed_at=None)
    found = list(held.select_for_update().order_by("pk").values_list("pk", flat=True))
    DataKey.objects.filter(pk__in=found).update(wrapped=None, destroyed_at=timezone.now())
    return found


def is_destroyed(*, key_id: UUID) -> bool:
    """Whether the key is gone (also when it never was visible here)."""
    return not DataKey.objects.filter(pk=key_id, destroyed_at=None).exists()
