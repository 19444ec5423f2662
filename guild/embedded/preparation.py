"""What a house needs before it opens: migrated tables, the sample guild, collected static files.

Each step is left out when nothing it depends on has changed since it last succeeded here. Whether the
database is where it was left is asked of the database itself, so a restored or exchanged one is migrated.
"""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import psycopg

from guild.embedded import folders
from guild.embedded.environment import ROOT
from guild.embedded.errors import CannotStart, DiskFull, ServerFailed
from guild.embedded.launch import die_with_parent
from guild.tenancy.rolecheck import why_no_answer

WINGS = ("guild", "lounges", "colonies", "governance")
_APPLIED = (
    "SELECT md5(coalesce(string_agg(app || '.' || name, ',' ORDER BY app, name), '')) FROM django_migrations"
)


class Preparation:
    """The steps for one house: `environment` is that of its processes, `owner_url` may change its tables."""

    def __init__(
        self, *, environment: Mapping[str, str], owner_url: str, var: Path, say: Callable[[str], None]
    ) -> None:
        self._environment = environment
        self._owner_url = owner_url
        self._log = var / "prepare.log"
        self._record = var / "prepared.json"
        self._say = say
        self._done: dict[str, str] = _read_record(self._record)

    def migrate(self) -> None:
        """Bring the tables up to date, as the owner role."""
        wanted = fingerprint(_migration_files())
        if self._done.get("migrations") == f"{wanted} {self._applied()}":
            return
        self._say("Preparing the database ...")
        self._manage("migrate", "--noinput", DATABASE_URL=self._owner_url)
        self._remember("migrations", f"{wanted} {self._applied()}")

    def load_sample(self) -> None:
        """Load the sample guild, once per database; one that was removed since stays removed."""
        database = hashlib.sha256(self._owner_url.encode()).hexdigest()  # the URL may hold a password
        if self._done.get("sample") == database:
            return
        self._say("Loading the sample guild ...")
        self._manage("load_sample_guild")
        self._remember("sample", database)

    def collect_static(self) -> None:
        """Gather the static files under their hashed names."""
        target = Path(self._environment.get("STATIC_ROOT") or Path(self._environment["VAR_DIR"]) / "static")
        wanted = fingerprint([*_files_in(ROOT / "static"), *_pinned()], root=str(target))
        if self._done.get("static") == wanted and any(target.glob("*.json")):
            return
        self._say("Collecting static files ...")
        self._manage("collectstatic", "--noinput")
        self._remember("static", wanted)

    def _applied(self) -> str:
        """A digest of the migrations that the database says it has."""
        try:
            with psycopg.connect(self._owner_url) as connection:
                row = connection.execute(_APPLIED).fetchone()
        except psycopg.errors.UndefinedTable:
            return "none"
        except psycopg.OperationalError as error:
            raise ServerFailed(
                f"The database does not answer the owner role: {why_no_answer(error)}"
            ) from error
        return str(row[0]) if row else "none"

    def _manage(self, *arguments: str, **overrides: str) -> None:
        """Run one management command; raises CannotStart with the last line it wrote."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(  # noqa: S603 our own words, no shell
            command,
            env={**self._environment, **overrides},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        folders.write_private(self._log, done.stdout)
        if done.returncode == 0:
            return
        if "No space left on device" in done.stdout:
            raise DiskFull(f"`manage.py {arguments[0]}` stopped because the disk is full: make room first.")
        last = done.stdout.strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotStart(f"`manage.py {arguments[0]}` failed ({last[0]}); all it said is in {self._log}.")

    def _remember(self, step: str, state: str) -> None:
        self._done[step] = state
        folders.write_private(self._record, json.dumps(self._done, indent=1))


def fingerprint(files: Iterable[Path], *, root: str = "") -> str:
    """A digest of names and contents, whatever the order they come in."""
    digest = hashlib.sha256(root.encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _migration_files() -> list[Path]:
    found = [path for wing in WINGS for path in (ROOT / wing).rglob("migrations/*.py")]
    return [*found, *_pinned()]


def _pinned() -> list[Path]:
    """What decides over the migrations and static files of the applications by others."""
    return [ROOT / "requirements.lock", ROOT / "guild" / "settings.py"]


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _read_record(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(state) for name, state in kept.items()} if isinstance(kept, dict) else {}
