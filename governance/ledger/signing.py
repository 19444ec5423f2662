"""The keys of the logs: two of every guild, derived from one secret that no database ever holds.

The secret is LEDGER_SEED, or else the file LEDGER_SEED_FILE (base64 of 32 bytes or more). From it HKDF-SHA256
makes the key with which a guild signs its own log, and the key with which it cosigns as a witness of others.
"""

import base64
import binascii
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from governance.ledger.errors import SeedMissing
from governance.ledger.note import KEY_BYTES, Cosigner, Signer

_LABEL = b"dreamscape-guild/ledger/v1/"
_ADVICE = "give the output of `openssl rand -base64 32`"


def house() -> str:
    """Where the logs of this house are found: the public host, with its port if it has one of its own."""
    return urlsplit(settings.PUBLIC_URL).netloc.rpartition("@")[2].lower()


def origin_of(guild: UUID) -> str:
    """The origin of a guild's log, which is also the name of its key and, after https://, its address."""
    return f"{house()}/g/{guild}/log"


def witness_name(guild: UUID) -> str:
    """The name of a guild's key as a witness and, after https://, the address at which it is asked."""
    return f"{house()}/g/{guild}/witness"


def log_signer(guild: UUID) -> Signer:
    """The key that signs the checkpoints of a guild's log. Raises SeedMissing."""
    return Signer(origin_of(guild), seed=_derived(_seed(), b"log", guild))


def witness_signer(guild: UUID) -> Cosigner:
    """The key with which a guild cosigns the checkpoints of other logs. Raises SeedMissing."""
    return Cosigner(witness_name(guild), seed=_derived(_seed(), b"witness", guild))


def refuse_without_seed() -> None:
    """End this process with one sentence unless it can sign. Called where web and worker begin."""
    try:
        _seed()
    except SeedMissing as error:
        raise SystemExit(str(error)) from None


@lru_cache(maxsize=512)
def _derived(secret: bytes, use: bytes, guild: UUID) -> bytes:
    info = _LABEL + use + b"/" + str(guild).encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _seed() -> bytes:
    given = settings.LEDGER_SEED or _kept()
    try:
        seed = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SeedMissing(f"LEDGER_SEED is not base64: {_ADVICE}.") from error
    if len(seed) < KEY_BYTES:
        raise SeedMissing(f"LEDGER_SEED is too short: {_ADVICE}.")
    return seed


def _kept() -> str:
    try:
        return str(settings.LEDGER_SEED_FILE.read_text())
    except OSError as error:
        raise SeedMissing(
            f"The secret of the ledgers is not at hand: for a new house, {_ADVICE} as LEDGER_SEED; else "
            "restore the file that LEDGER_SEED_FILE names, since a new one would sign under other keys."
        ) from error
