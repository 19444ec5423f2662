"""Folders for the embedded servers: who can reach them, how much room they have, how long their names are.

Nothing here ever changes the permissions of a folder that was there before.
"""

import grp
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guild.embedded.account import Account, account_name
from guild.embedded.errors import AlreadyRunning, DiskFull, PrivateFolder

MEGABYTE = 1024 * 1024
SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un.sun_path, without the closing zero
TEMPORARY_ROOT = Path("/tmp")  # noqa: S108 short by nature; our folder in it is private and checked


def closed_ancestor(path: Path, account: Account | None) -> Path | None:
    """The topmost existing folder above `path` that the account cannot pass, or None.

    With account None (not yet added to the machine), what "others" may do decides.
    """
    groups = _groups_of(account)
    for folder in reversed(path.absolute().parents):
        if not folder.exists():
            return None
        found = folder.stat()
        if account is not None and found.st_uid == account.uid:
            allowed = found.st_mode & stat.S_IXUSR
        elif found.st_gid in groups:
            allowed = found.st_mode & stat.S_IXGRP
        else:
            allowed = found.st_mode & stat.S_IXOTH
        if not allowed:
            return folder
    return None


def _groups_of(account: Account | None) -> frozenset[int]:
    if account is None:
        return frozenset()
    named = {group.gr_gid for group in grp.getgrall() if account.name in group.gr_mem}
    return frozenset(named | {account.gid})


def require_passage(path: Path, account: Account | None) -> None:
    """Raise PrivateFolder when root's servers could not reach `path` under their own account."""
    if os.geteuid() != 0:
        return
    closed = closed_ancestor(path, account)
    if closed is not None:
        raise PrivateFolder(
            f"Started by root, the database runs as the system user {account_name()!r}, which cannot reach "
            f"{path} because {closed} is closed to other users; nothing was changed: give a folder it can "
            f"reach, for example `make up VAR_DIR=/var/lib/dreamscape`."
        )


def require_room(path: Path, *, megabytes: int) -> None:
    """Raise DiskFull when the file system that will hold `path` has less than so many megabytes free."""
    existing = next(folder for folder in [path, *path.absolute().parents] if folder.exists())
    free = shutil.disk_usage(existing).free // MEGABYTE
    if free < megabytes:
        raise DiskFull(
            f"The disk that holds {existing} is full: {free} MB are free and {megabytes} MB are needed; "
            f"make room, or give another folder with VAR_DIR=/path."
        )


def make_folder(path: Path, *, mode: int, account: Account | None = None) -> None:
    """Make a folder with exactly this mode and owner; one that exists keeps what it has."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(mode)
    if account is not None:
        account.own(path)


def remove_folder(path: Path) -> None:
    """Remove a folder of ours with its contents, if it is there."""
    if path.exists():
        shutil.rmtree(path)


def write_private(path: Path, text: str, *, account: Account | None = None) -> None:
    """Write a file that only we (and the account) can read, replacing it whole or not at all."""
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(descriptor)
    if account is not None:
        account.own(half)
    half.replace(path)


@contextmanager
def temporary_folder(prefix: str = "dreamscape-") -> Iterator[Path]:
    """A new short-named folder that the servers' account can pass; removed with its contents on leaving."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=TEMPORARY_ROOT))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def socket_folder(preferred: Path, *, socket_name: str, account: Account | None) -> Path:
    """A private folder for a Unix socket: the preferred one, or a short one when its name would not do.

    Too long for the kernel, that is, or with a comma, at which libpq would cut it in two.

    Raises AlreadyRunning when the short folder exists and is not ours alone.
    """
    if len(os.fsencode(preferred / socket_name)) <= SOCKET_PATH_LIMIT and "," not in str(preferred):
        make_folder(preferred, mode=0o700, account=account)
        return preferred
    digest = hashlib.sha256(os.fsencode(preferred.absolute())).hexdigest()[:12]
    short = TEMPORARY_ROOT / f"dreamscape-{digest}"
    make_folder(short, mode=0o700, account=account)
    found = short.lstat()
    owner = account.uid if account is not None else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise AlreadyRunning(
            f"{short} is needed for a socket but belongs to somebody else: "
            f"remove it, or give a shorter VAR_DIR."
        )
    return short
