"""The key with which this house signs what it sends to browsers (VAPID, RFC 8292). No database holds it.

The secret is PUSH_KEY, or else the file PUSH_KEY_FILE: base64 of 32 bytes or more, as for the ledgers.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

_LABEL = b"dreamscape-guild/push/v1"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_BYTES = 48  # 128 bits more than the order has, so that the remainder is as good as even
LEAST = 32


def signer() -> Vapid02 | None:
    """What signs, or None where this house was given no secret: then no browser is asked to ring."""
    secret = _secret()
    return None if secret is None else _signer(secret)


def public_key() -> str:
    """What browsers are told, as base64url of the point; "" without a secret."""
    found = signer()
    if found is None:
        return ""
    point: bytes = found.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@lru_cache(maxsize=4)
def _signer(secret: bytes) -> Vapid02:
    wide = HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=_LABEL).derive(secret)
    value = int.from_bytes(wide) % (_ORDER - 1) + 1
    return Vapid02(private_key=ec.derive_private_key(value, ec.SECP256R1()))


def _secret() -> bytes | None:
    given = settings.PUSH_KEY or _kept()
    try:
        secret = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) >= LEAST else None


def _kept() -> str:
    try:
        return str(settings.PUSH_KEY_FILE.read_text())
    except OSError:
        return ""
