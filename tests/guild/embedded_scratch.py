"""What the tests of the embedded servers share: folders, processes of the servers' account, ways to look."""

import os
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guild.embedded.account import known_account

IS_ROOT = os.geteuid() == 0


def modes(*paths: Path) -> list[int]:
    """The permission bits of some paths."""
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


def listing(folder: Path) -> dict[str, tuple[int, int, float]]:
    """Every path under a folder with its mode, size and time of change: equal when nothing was touched."""
    return {
        str(path.relative_to(folder)): (found.st_mode, found.st_size, found.st_mtime)
        for path in sorted(folder.rglob("*"))
        for found in [path.lstat()]
    }


def until(condition: Callable[[], object], *, seconds: float = 30) -> bool:
    """Whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that is dead and not yet waited for does not)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def stranger() -> Iterator[int]:
    """The id of a process that is no server, of the account that the servers run as."""
    account = known_account() if IS_ROOT else None
    process = subprocess.Popen(
        ["sleep", "600"],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
