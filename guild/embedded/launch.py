"""Starting a server as a child that cannot outlive us, and reading its last words."""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from guild.embedded.account import Account
from guild.embedded.errors import CannotStart, DiskFull, ServerFailed

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10 * 1024 * 1024
LEAVING = (signal.SIGINT, signal.SIGTERM)
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """A function for the child, before exec: the kernel sends it `signum` if we die, even by kill -9."""

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signum))

    return before_exec


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of the block.

    A child that is being started has a process id before anybody holds it: raised in between, the
    interruption would leave a server behind that nobody stops. Signals interrupt the main thread alone, so
    elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = {number: signal.signal(number, lambda heard, _: waiting.append(heard)) for number in LEAVING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for heard in waiting:
            signal.raise_signal(heard)


def start_server(
    command: Sequence[str], *, account: Account | None, log: Path, last_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start a long-running server in its own session (so that Ctrl-C is ours to pass on).

    Call it `undisturbed`, up to where the process is held.
    """
    _turn_log(log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 our own words, no shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=server_environment(),
            start_new_session=True,
            preexec_fn=die_with_parent(last_signal),  # one prctl: no locks, no allocation
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def server_environment() -> Mapping[str, str]:
    """All that a server needs of the environment: no PG* variable or secret of ours reaches it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "TZ": "UTC"}


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old"))


def run_to_end(command: Sequence[str], *, account: Account | None) -> tuple[int, str]:
    """Run a program of the servers' to its end: its exit code, and all it said."""
    done = subprocess.run(  # noqa: S603 our own words, no shell
        list(command),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=server_environment(),
        preexec_fn=die_with_parent(signal.SIGKILL),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def size_of(log: Path) -> int:
    """Where the next line of a log will be written."""
    return log.stat().st_size if log.exists() else 0


def written_since(log: Path, since: int) -> str:
    """What a log has gained after so many bytes."""
    if not log.exists():
        return ""
    with log.open("rb") as handle:
        handle.seek(since)
        return handle.read().decode(errors="replace")


def failure(name: str, *, said: str, log: Path) -> CannotStart:
    """The error that tells why a server did not start, from what it said."""
    if "No space left on device" in said:
        return DiskFull(
            f"{name} could not start because the disk that holds {log.parent} is full: make room first."
        )
    lines = said.strip().splitlines()
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:"))]
    reason = (telling or lines or ["it said nothing"])[-1].strip()
    return ServerFailed(f"{name} did not start ({reason}); its log is {log}.")
