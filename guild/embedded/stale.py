"""Lock files of servers that are gone.

A lock file names a process id. After a power cut or a kill that id may belong to nobody, or by now to a
stranger; a server that finds a stranger's id refuses to start for ever. What decides here is whether a
process of that id runs the program *in that folder*.
"""

import time
from pathlib import Path

from guild.embedded.errors import AlreadyRunning

GRACE_SECONDS = 15.0  # a server whose parent was killed a moment ago is still writing its last page


def clear_lock(lock: Path, *, home: Path, program: str) -> None:
    """Remove a lock that nobody alive stands behind; wait a little for a server on its way out.

    `home` is the working directory of the program's processes. Raises AlreadyRunning when one stays.
    """
    if lock.exists():
        wait_for_leavers(home, program=program)
        lock.unlink(missing_ok=True)


def wait_for_leavers(home: Path, *, program: str) -> None:
    """Return when no process of the program is at home any more; raises AlreadyRunning when one stays."""
    deadline = time.monotonic() + GRACE_SECONDS
    while holders := processes_in(home, program):
        if time.monotonic() > deadline:
            raise AlreadyRunning(
                f"Another {program} (process {holders[0]}) is using {home}: stop it first, "
                f"with Ctrl-C where it was started or with `kill -INT {holders[0]}`."
            )
        time.sleep(0.1)


def processes_in(home: Path, program: str) -> list[int]:
    """Process ids, ascending, of the running program whose working directory is `home`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "comm").read_text().strip() == program and (entry / "cwd").samefile(home):
                found.append(int(entry.name))
        except OSError:
            continue  # it ended meanwhile, or is not ours to look into
    return sorted(found)
