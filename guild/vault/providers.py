"""Where key-encryption keys live: a file on one machine, the environment in containers.

A provider wraps and unwraps data keys (AES Key Wrap, RFC 3394); a key-management service may stand behind
the same methods.
"""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from guild.vault.errors import KeyMissing
from guild.vault.sealing import KEK_ID_BYTES, KEY_BYTES


class KeyProvider(Protocol):
    """Wraps data keys with a key-encryption key that never leaves it."""

    def wrap(self, data_key: bytes) -> tuple[bytes, bytes]:
        """(kek_id of 4 bytes, wrapped key) under the newest key-encryption key."""
        ...

    def unwrap(self, kek_id: bytes, wrapped: bytes) -> bytes:
        """The data key. Raises KeyMissing for an unknown kek_id or a wrapped key that was altered."""
        ...

    def newest(self) -> bytes:
        """The id of the key-encryption key that wraps now."""
        ...

    def kek_ids(self) -> tuple[bytes, ...]:
        """The ids of all key-encryption keys at hand, oldest first."""
        ...

    def rotate(self) -> bytes:
        """Make a new key-encryption key, used for wrapping from now on; its id."""
        ...

    def destroy(self, kek_id: bytes) -> None:
        """Forget a key-encryption key: every data key still wrapped by it is gone."""
        ...


class HeldKeys:
    """Wrapping and unwrapping with keys held in memory; the last one is the newest."""

    def __init__(self, keys: Mapping[bytes, bytes]) -> None:
        self._keys = dict(keys)

    def wrap(self, data_key: bytes) -> tuple[bytes, bytes]:
        keys = self._current()
        kek_id = next(reversed(keys))
        return kek_id, aes_key_wrap(keys[kek_id], data_key)

    def unwrap(self, kek_id: bytes, wrapped: bytes) -> bytes:
        keys = self._current()
        if kek_id not in keys:
            raise KeyMissing(f"Key-encryption key {kek_id.hex()} is not at hand: restore it or its backup.")
        try:
            return aes_key_unwrap(keys[kek_id], wrapped)
        except InvalidUnwrap as error:
            raise KeyMissing("A wrapped data key was altered or wrapped by another key.") from error

    def newest(self) -> bytes:
        return next(reversed(self._current()))

    def kek_ids(self) -> tuple[bytes, ...]:
        return tuple(self._current())

    def _current(self) -> dict[bytes, bytes]:
        return self._keys


class FileKeys(HeldKeys):
    """Keys in a JSON file of mode 0600, made on first use: {"keys": {"<id>": "<base64>"}}, oldest first.

    Another process may rotate or destroy while this one serves: before each use the file's mark is compared,
    and a file that was replaced is read again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark = _mark(path)
        super().__init__(_read(path) if path.exists() else {})
        if not self._keys:
            self.rotate()

    def rotate(self) -> bytes:
        keys = dict(self._current())
        number = int.from_bytes(max(keys, default=bytes(KEK_ID_BYTES)), "big") + 1
        kek_id = number.to_bytes(KEK_ID_BYTES, "big")
        self._write({**keys, kek_id: os.urandom(KEY_BYTES)})
        return kek_id

    def destroy(self, kek_id: bytes) -> None:
        self._write({held: key for held, key in self._current().items() if held != kek_id})

    def _current(self) -> dict[bytes, bytes]:
        mark = _mark(self._path)
        if mark not in (self._mark, None):  # a file that is gone takes no key from a process that has it
            self._keys, self._mark = _read(self._path), mark
        return self._keys

    def _write(self, keys: dict[bytes, bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_suffix(f".{os.getpid()}.new")
        body = {"keys": {kek_id.hex(): base64.b64encode(key).decode() for kek_id, key in keys.items()}}
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        self._keys, self._mark = keys, _mark(self._path)


class EnvironmentKeys(HeldKeys):
    """Keys in VAULT_KEYS, oldest first: `<8 hex digits>:<base64 of 32 bytes>,...`."""

    def __init__(self, text: str) -> None:
        keys = {}
        for item in filter(None, text.replace(" ", "").split(",")):
            kek_id, _, key = item.partition(":")
            keys[bytes.fromhex(kek_id)] = base64.b64decode(key)
        bad = any(len(k) != KEK_ID_BYTES or len(v) != KEY_BYTES for k, v in keys.items())
        if bad or not keys:
            raise ImproperlyConfigured("VAULT_KEYS must read <8 hex digits>:<base64 of 32 bytes>, by commas.")
        super().__init__(keys)

    def rotate(self) -> bytes:
        raise ImproperlyConfigured("Add a new key at the end of VAULT_KEYS and restart: that rotates.")

    def destroy(self, kek_id: bytes) -> None:
        raise ImproperlyConfigured("Remove the key from VAULT_KEYS and restart: that destroys it here.")


_provider: KeyProvider | None = None


def provider() -> KeyProvider:
    """The provider that the settings name, read once a process."""
    global _provider
    if _provider is None:
        _provider = (
            EnvironmentKeys(settings.VAULT_KEYS) if settings.VAULT_KEYS else FileKeys(settings.VAULT_KEY_FILE)
        )
    return _provider


def forget_provider() -> None:
    """Read the settings again at the next use."""
    global _provider
    _provider = None


def _mark(path: Path) -> tuple[int, int] | None:
    """What tells one content of a file that is only ever replaced from the next; None without a file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> dict[bytes, bytes]:
    body = json.loads(path.read_text())
    return {bytes.fromhex(kek_id): base64.b64decode(key) for kek_id, key in body["keys"].items()}
