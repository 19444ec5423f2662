"""AES-256-GCM over bytes that know their place. Pure: keys come in, nothing is stored.

Format: version(1) | kek_id(4) | nonce(12) | ciphertext and tag.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guild.vault.errors import SealBroken
from guild.vault.places import VERSION, Place

KEY_BYTES, KEK_ID_BYTES, NONCE_BYTES, TAG_BYTES = 32, 4, 12, 16
HEADER_BYTES = 1 + KEK_ID_BYTES + NONCE_BYTES


def seal(plain: bytes, *, data_key: bytes, kek_id: bytes, place: Place) -> bytes:
    """Encrypt `plain` for one place under a fresh random nonce."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(data_key).encrypt(nonce, plain, place.associated_data())
    return bytes([VERSION]) + kek_id + nonce + sealed


def unseal(sealed: bytes, *, data_key: bytes, place: Place) -> bytes:
    """The plain bytes. Raises SealBroken for altered bytes, another key or another place."""
    if len(sealed) < HEADER_BYTES + TAG_BYTES or sealed[0] != VERSION:
        raise SealBroken(f"What stands in {place.field} was not sealed by this vault.")
    nonce = sealed[1 + KEK_ID_BYTES : HEADER_BYTES]
    try:
        return AESGCM(data_key).decrypt(nonce, sealed[HEADER_BYTES:], place.associated_data())
    except InvalidTag as error:
        raise SealBroken(
            f"What stands in {place.field} of row {place.row} was altered or does not belong there."
        ) from error


def commitment(data: bytes, *, data_key: bytes) -> str:
    """HMAC-SHA256 of `data` in hex under a nonce derived from the data key, with which it dies."""
    nonce = hmac.new(data_key, b"commitment nonce", hashlib.sha256).digest()
    return hmac.new(nonce, data, hashlib.sha256).hexdigest()
