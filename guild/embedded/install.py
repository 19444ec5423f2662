"""Makes the environment in .venv from hash-locked requirements: `install.py [dev | bench]`, by its path.

Run by the machine's own Python before anything is installed, and so by path and with nothing but the
standard library. A copy of the lock that was installed is kept in .venv: while it is the same, all is done.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".venv"
VERSION = (3, 11)
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock", "bench": "requirements-bench.lock"}
MEGABYTES = {"run": 900, "dev": 1300, "bench": 1300}


class CannotInstall(Exception):
    """The environment cannot be made; the message says what to do."""


def install(kind: str) -> None:
    """Bring .venv to the lock of this kind; at once when it is there already.

    "dev" holds everything that running needs; "bench" is what the benchmarks need beside "dev".
    """
    if is_installed(kind):
        return
    refuse_unfit_python()
    if kind == "run":
        refuse_unfit_place()
    make_environment(MEGABYTES[kind])
    lock = ROOT / LOCKS[kind]
    say(f"Installing {LOCKS[kind]} into .venv; the first time this takes some minutes ...")
    command = [str(python()), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    command += ["--no-compile"]  # Python compiles what it imports; pip would compile eight thousand files
    done = subprocess.run([*command, "--no-input", "-r", str(lock)], check=False)  # noqa: S603 our own words
    if done.returncode != 0:
        raise CannotInstall(
            f"The requirements could not be installed; pip's own words are above. {room_left()} "
            "Once that is settled, run the same command again: it goes on where it stopped."
        )
    shutil.copyfile(lock, stamp(kind))
    if kind == "dev":
        shutil.copyfile(ROOT / LOCKS["run"], stamp("run"))


def is_installed(kind: str) -> bool:
    """Whether exactly this lock was installed, into an environment of the right Python."""
    kept = stamp(kind)
    if not kept.exists() or not python().exists():
        return False
    return kept.read_bytes() == (ROOT / LOCKS[kind]).read_bytes() and environment_version() == VERSION


def stamp(kind: str) -> Path:
    """The copy of the lock that was installed last."""
    return ENVIRONMENT / f"installed-{LOCKS[kind]}"


def python() -> Path:
    """The environment's interpreter."""
    return ENVIRONMENT / "bin" / "python"


def environment_version() -> "tuple[int, int] | None":
    """The Python that .venv was made for, from its own note; None when there is none that can be read."""
    try:
        lines = (ENVIRONMENT / "pyvenv.cfg").read_text().splitlines()
        noted = dict(line.split(" = ", 1) for line in lines if " = " in line)
        major, minor = noted["version"].split(".")[:2]
        return int(major), int(minor)
    except (OSError, KeyError, ValueError):
        return None


def refuse_unfit_python() -> None:
    """Raise CannotInstall unless this Python is 3.11 and can make environments."""
    if sys.version_info[:2] != VERSION:
        found = ".".join(map(str, sys.version_info[:2]))
        raise CannotInstall(
            f"Python 3.11 is needed and {sys.executable} is Python {found}: "
            "install it, or say where it is with PYTHON=/path/to/python3.11."
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise CannotInstall(
            f"{sys.executable} cannot make environments because ensurepip is missing: install it "
            "(on Debian and Ubuntu: apt-get install python3.11-venv) and run the same command again."
        )


def refuse_unfit_place() -> None:
    """Raise CannotInstall where the house would refuse to put its data: before the minutes, not after."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    sys.path.insert(0, str(ROOT))
    from guild.embedded import account, errors, folders  # need nothing that is not here yet

    var = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    try:
        folders.require_passage(var / "postgres", account.known_account())
    except errors.CannotStart as error:
        raise CannotInstall(str(error)) from None


def make_environment(megabytes: int) -> None:
    """Make .venv, or make it anew when it is unfinished or of another Python."""
    free = shutil.disk_usage(ROOT).free // (1024 * 1024)
    works = environment_version() == VERSION and python().exists() and has_pip()
    if works:
        return
    if free < megabytes:
        raise CannotInstall(
            f"The disk that holds {ROOT} is full: {free} MB are free, {megabytes} MB are needed."
        )
    if ENVIRONMENT.exists():
        say("Making .venv anew: what is there is unfinished or of another Python ...")
    else:
        say("Making .venv ...")
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 our own words
        raise CannotInstall(f"The environment .venv could not be made; the reason is above. {room_left()}")


def has_pip() -> bool:
    """Whether the environment's pip runs."""
    command = [str(python()), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 our own words


def room_left() -> str:
    """How much disk there is, for somebody who wonders why it failed."""
    return f"{shutil.disk_usage(ROOT).free // (1024 * 1024)} MB of disk are free."


def say(sentence: str) -> None:
    """Print one sentence at once."""
    print(sentence, flush=True)  # noqa: T201 the person at the terminal is who this is for


def main() -> int:
    """Install what the command line names; the exit code."""
    os.environ.pop("PIP_REQUIRE_VIRTUALENV", None)
    try:
        install(sys.argv[1] if sys.argv[1:2] in (["dev"], ["bench"]) else "run")
    except CannotInstall as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("Interrupted; run the same command again to go on.", file=sys.stderr)  # noqa: T201
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
