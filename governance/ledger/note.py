"""Signed notes and checkpoints: c2sp.org/signed-note, tlog-checkpoint and tlog-cosignature. Pure.

A note is text, an empty line, and signature lines. A checkpoint is a note whose text is the origin of a log,
its size and its root. Keys come in and bytes go out; whose keys they are is `signing`'s to say.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from governance.ledger.errors import NoteMalformed, SignatureRejected

MOST_BYTES = 64 * 1024  # of a note; the formats ask for room for sixteen signatures, and this is far more
MOST_SIGNATURES = 100
KEY_BYTES = 32
_DASH = "\u2014"
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z")
_TIME_BYTES = 8


class Algorithm(IntEnum):
    """The type byte of a key: what its signatures are over."""

    ED25519 = 0x01
    COSIGNATURE_V1 = 0x04


@dataclass(frozen=True)
class Signature:
    """One signature line. `value` is what follows the key id; the line ends with a newline."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"{_DASH} {self.name} {encode_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key under its name, as a *vkey* writes it."""

    name: str
    algorithm: Algorithm
    public_key: bytes

    @classmethod
    def from_vkey(cls, vkey: str) -> "Verifier":
        """Read `name+hex(key id)+base64(type | public key)`. Raises NoteMalformed."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = decode_base64(encoded, what="A verification key")
        if not _is_name(name) or len(material) != 1 + KEY_BYTES or material[0] not in set(Algorithm):
            raise NoteMalformed("A verification key reads name+key id+base64, for Ed25519.")
        verifier = cls(name, Algorithm(material[0]), material[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteMalformed("A verification key does not carry its own key id: it was altered.")
        return verifier

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key
        return hashlib.sha256(named).digest()[:4]

    @property
    def vkey(self) -> str:
        material = encode_base64(bytes([self.algorithm]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def verify(self, text: str, signature: Signature) -> None:
        """Raises SignatureRejected unless this key signed exactly this text."""
        message, value = text.encode(), signature.value
        if self.algorithm is Algorithm.COSIGNATURE_V1:
            message = _cosigned(text, at=cosigned_at(signature))
            value = value[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(value, message)
        except InvalidSignature as error:
            raise SignatureRejected(f"The signature of {self.name} does not fit the text.") from error


class Signer:
    """Signs notes as a log does, with an Ed25519 key made from a seed of 32 bytes."""

    algorithm = Algorithm.ED25519

    def __init__(self, name: str, *, seed: bytes) -> None:
        if not _is_name(name):
            raise NoteMalformed("The name of a key has no space and no plus sign.")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self.algorithm, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        return self._signature(self._key.sign(text.encode()))

    def _signature(self, value: bytes) -> Signature:
        return Signature(self.verifier.name, self.verifier.key_id, value)


class Cosigner(Signer):
    """Signs checkpoints as a witness does: with the time, in seconds since the epoch."""

    algorithm = Algorithm.COSIGNATURE_V1

    def cosign(self, text: str, *, at: int) -> Signature:
        return self._signature(at.to_bytes(_TIME_BYTES, "big") + self._key.sign(_cosigned(text, at=at)))


@dataclass(frozen=True)
class Note:
    """A note as it was read. Nothing in it may be believed before `open_note` has verified it."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def raw(self) -> str:
        """The whole note."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)


def parse_note(raw: bytes) -> Note:
    """Take a note apart without verifying anything. Raises NoteMalformed."""
    try:
        whole = raw.decode() if len(raw) <= MOST_BYTES else ""
    except UnicodeDecodeError as error:
        raise NoteMalformed("A signed note is UTF-8, and this is not.") from error
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or any(char < " " and char != "\n" for char in whole):
        raise NoteMalformed("This is no signed note: text, an empty line and signature lines.")
    signatures = tuple(map(parse_signature, lines[:-1].split("\n")))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteMalformed(f"A note with more than {MOST_SIGNATURES} signatures is not read.")
    return Note(text + "\n", signatures)


def parse_signature(line: str) -> Signature:
    """Read one signature line, without its newline. Raises NoteMalformed."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    value = decode_base64(encoded, what="A signature")
    if dash != _DASH or not _is_name(name) or len(value) < 5:
        raise NoteMalformed("A signature line of the note is none.")
    return Signature(name, value[:4], value[4:])


def open_note(raw: bytes, verifiers: Iterable[Verifier]) -> Note:
    """The note with only those signatures that these keys made, one of a key.

    Signatures of unknown keys are left out. Raises NoteMalformed, and SignatureRejected when a known key's
    signature fails or no known key signed.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    note, verified = parse_note(raw), {}
    for signature in note.signatures:
        key = (signature.name, signature.key_id)
        if key in known and key not in verified:
            known[key].verify(note.text, signature)
            verified[key] = signature
    if not verified:
        raise SignatureRejected("The note is signed by none of the keys that are known.")
    return Note(note.text, tuple(verified.values()))


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: the log at `origin` has `size` leaves, and this root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> "TreeHead":
        """Read the three lines; extension lines are refused. Raises NoteMalformed."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NoteMalformed("A checkpoint has three lines: its origin, its size and its root.")
        root = decode_base64(lines[2], what="The root of a checkpoint")
        if len(root) != KEY_BYTES:
            raise NoteMalformed("The root of a checkpoint is not 32 bytes long.")
        return cls(lines[0], parse_number(lines[1]), root)


def cosigned_at(signature: Signature) -> int:
    """When a witness says that it cosigned, in seconds since the epoch. Raises SignatureRejected."""
    if len(signature.value) != _TIME_BYTES + 64:
        raise SignatureRejected(f"The cosignature of {signature.name} is not 72 bytes long.")
    return int.from_bytes(signature.value[:_TIME_BYTES], "big")


def parse_number(text: str) -> int:
    """A decimal number without leading zeros, below 2**63. Raises NoteMalformed."""
    if not _NUMBER.match(text) or int(text) >= 1 << 63:
        raise NoteMalformed("A number is not written in plain decimal, without leading zeros.")
    return int(text)


def encode_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def decode_base64(text: str, *, what: str) -> bytes:
    """Decode standard base64 in its one canonical spelling. Raises NoteMalformed naming `what`."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteMalformed(f"{what} is not base64.") from error
    if encode_base64(value) != text:
        raise NoteMalformed(f"{what} is base64, but not in its canonical spelling.")
    return value


def _cosigned(text: str, *, at: int) -> bytes:
    """The message that a witness signs."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)
