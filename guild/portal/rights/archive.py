"""The archive itself: a zip in memory, with a manifest that names every file and its digest. Pure.

A file is written piece by piece, so that no more than the packed bytes and one piece are held at once; the
archive is never on a disk in clear. Reading bounds what it unpacks, and believes nothing that the manifest
does not name.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORMAT, VERSION = "dreamscape-guild-archive", 1
MANIFEST = "manifest.json"
MOST_FILES = 50_000
MOST_UNPACKED = 96 * 1024 * 1024
MOST_IN_ONE_LINE = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OPENING = b"PK\x03\x04"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, RuntimeError)
"""What the readers of zip and of JSON raise at bytes that are neither."""

Json = dict[str, Any]


class ArchiveRefused(Exception):
    """This is no archive that can be read whole; the message says what to do."""


@dataclass(frozen=True)
class Part:
    """One file of an archive, in pieces; `what` says in words what is in it."""

    name: str
    what: str
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Listed:
    """One file as the manifest names it."""

    name: str
    what: str
    size: int
    sha256: str


def lines(values: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """JSON lines, one mapping a line."""
    for value in values:
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def document(value: Any) -> list[bytes]:
    """One JSON document, to be read by people too."""
    return [json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"]


def pack(parts: Iterable[Part], *, made_at: datetime, about: Mapping[str, Any]) -> tuple[bytes, list[Listed]]:
    """The archive of these parts, with what its manifest lists. Parts are taken one after the other."""
    packed = io.BytesIO()
    stamp = made_at.timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        listed = [_write(archive, part, stamp=stamp) for part in parts]
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": made_at.isoformat(),
            **about,
            "files": [
                {"name": one.name, "what": one.what, "bytes": one.size, "sha256": one.sha256}
                for one in listed
            ],
        }
        archive.writestr(_entry(MANIFEST, stamp), document(manifest)[0])
    return packed.getvalue(), listed


def _write(archive: zipfile.ZipFile, part: Part, *, stamp: Any) -> Listed:
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(part.name, stamp), "w", force_zip64=True) as file:
        for piece in part.pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    return Listed(part.name, part.what, size, digest.hexdigest())


def _entry(name: str, stamp: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


class Unpacked:
    """An archive that was checked whole: every file is the one its manifest names."""

    def __init__(self, data: bytes) -> None:
        """Raises ArchiveRefused for anything that is not an archive of this house, unaltered."""
        if not data.startswith(_OPENING):
            raise ArchiveRefused(
                "This is not an archive: choose the .zip file that “Everything about me” gave you."
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            _require_bounded(self._archive)
            self.manifest: Json = json.loads(self._archive.read(MANIFEST))
            self.files = _listed_in(self.manifest)
            self._require_unaltered()
        except _UNREADABLE as error:
            raise ArchiveRefused(_DAMAGED) from error

    def _require_unaltered(self) -> None:
        names = [entry.filename for entry in self._archive.infolist()]
        if sorted(names) != sorted([*self.files, MANIFEST]):
            raise ArchiveRefused(_DAMAGED)
        for name, listed in self.files.items():
            digest = hashlib.sha256()
            with self._archive.open(name) as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != listed.sha256:
                raise ArchiveRefused(_DAMAGED)

    def json(self, name: str) -> Any:
        """One document; None where the archive has none of that name. Raises ArchiveRefused."""
        if name not in self.files:
            return None
        try:
            return json.loads(self._archive.read(name))
        except (ValueError, RecursionError) as error:
            raise ArchiveRefused(_DAMAGED) from error

    def text(self, name: str) -> str:
        """One file as text. Raises KeyError where the archive has none of that name."""
        return self._archive.read(name).decode()

    def lines(self, name: str) -> Iterator[tuple[int, Any]]:
        """(number, value) of each JSON line, None for a line that is none; nothing where there is no file."""
        if name not in self.files:
            return
        with self._archive.open(name) as file:
            number = 0
            while line := file.readline(MOST_IN_ONE_LINE):
                number += 1
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError):
                    yield number, None


def _listed_in(manifest: Json) -> dict[str, Listed]:
    if manifest["format"] != FORMAT:
        raise ArchiveRefused(_DAMAGED)
    if manifest["version"] != VERSION:
        raise ArchiveRefused(
            f"This archive is of version {manifest['version']}; this house reads version {VERSION}: make it "
            "anew where it comes from, or ask there for an older version."
        )
    listed = [Listed(one["name"], one["what"], one["bytes"], one["sha256"]) for one in manifest["files"]]
    return {one.name: one for one in listed}


def _require_bounded(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.compress_type not in _PACKED for entry in entries):
        raise ArchiveRefused(_DAMAGED)
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ArchiveRefused(
            f"This archive unpacks to more than {MOST_UNPACKED >> 20} MB: import the journal alone, as a "
            "file of its own."
        )


_DAMAGED = (
    "This archive is damaged, or was changed after it was made: a file in it is not the one its manifest "
    "names. Take the original, or make it anew."
)
