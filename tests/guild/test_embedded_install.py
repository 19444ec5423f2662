import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from guild.embedded import folders, install
from guild.embedded.errors import PrivateFolder

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose environment is finished, but for the stamps."""
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "ENVIRONMENT", tmp_path / ".venv")
    for lock in install.LOCKS.values():
        (tmp_path / lock).write_text(f"{lock} as pinned\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")
    return tmp_path


class Pip:
    """Stands where pip would be run: remembers the commands, answers with one exit code."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **options: object) -> SimpleNamespace:
        self.commands.append(command[1:])
        return SimpleNamespace(returncode=0 if "--version" in command else self.code)


def installing(monkeypatch: pytest.MonkeyPatch, *, code: int = 0) -> Pip:
    pip = Pip(code)
    monkeypatch.setattr(install.subprocess, "run", pip)
    return pip


def pip_installs(pip: Pip) -> list[str]:
    return [command[-1] for command in pip.commands if "install" in command]


def test_install_asks_for_hashes_and_happens_once(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = installing(monkeypatch)
    install.install("run")
    install.install("run")
    assert pip_installs(pip) == [str(checkout / "requirements.lock")]
    assert "--require-hashes" in pip.commands[-1]


def test_install_happens_again_when_the_lock_changed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = installing(monkeypatch)
    install.install("run")
    (checkout / "requirements.lock").write_text("another pin\n")
    install.install("run")
    assert len(pip_installs(pip)) == 2


def test_install_for_development_serves_running_too(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = installing(monkeypatch)
    install.install("dev")
    install.install("run")
    assert pip_installs(pip) == [str(checkout / "requirements-dev.lock")]


def test_install_for_benchmarks_adds_to_development(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = installing(monkeypatch)
    install.install("dev")
    install.install("bench")
    install.install("dev")
    locks = [str(checkout / name) for name in ("requirements-dev.lock", "requirements-bench.lock")]
    assert pip_installs(pip) == locks


def test_development_lock_holds_all_that_running_needs() -> None:
    def pins(name: str) -> set[str]:
        return {
            line.split(" ")[0]
            for line in (ROOT / name).read_text().splitlines()
            if "==" in line.split(" ")[0]
        }

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


def test_install_that_failed_is_not_taken_for_done(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installing(monkeypatch, code=1)
    with pytest.raises(install.CannotInstall, match="run the same command again"):
        install.install("run")
    assert not install.is_installed("run")


def test_environment_of_another_python_is_made_anew(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = installing(monkeypatch)
    install.install("run")
    (checkout / ".venv" / "pyvenv.cfg").write_text("version = 3.12.1\n")
    install.install("run")
    assert ["-m", "venv", "--clear", str(checkout / ".venv")] in pip.commands


def test_other_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sys, "version_info", (3, 12, 1))
    with pytest.raises(install.CannotInstall, match=r"Python 3\.11 is needed and .* is Python 3\.12"):
        install.refuse_unfit_python()


def test_python_without_ensurepip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        install.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    with pytest.raises(
        install.CannotInstall, match=r"ensurepip is missing.*apt-get install python3\.11-venv"
    ):
        install.refuse_unfit_python()


def test_full_disk_is_refused_before_the_environment_is_made(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installing(monkeypatch)
    (checkout / ".venv" / "pyvenv.cfg").unlink()
    monkeypatch.setattr(install.shutil, "disk_usage", lambda path: SimpleNamespace(free=7 * 1024 * 1024))
    with pytest.raises(install.CannotInstall, match="7 MB are free, 900 MB are needed"):
        install.install("run")


def test_place_where_the_data_could_not_be_is_refused_before_the_minutes_of_installing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, account: object) -> None:
        raise PrivateFolder(f"{path} is closed")

    monkeypatch.setattr(folders, "require_passage", refuse)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("VAR_DIR", "/srv/dreams")
    with pytest.raises(install.CannotInstall, match=r"^/srv/dreams/postgres is closed$"):
        install.refuse_unfit_place()


def test_installer_needs_nothing_that_is_not_in_the_standard_library() -> None:
    program = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='read')['refuse_unfit_place']()"
    path = str(ROOT / "guild" / "embedded" / "install.py")
    command = [sys.executable, "-I", "-S", "-c", program, path]
    var = f"/tmp/{uuid4().hex}"  # a name that nobody has: only an existing folder could be refused
    done = subprocess.run(command, env={"VAR_DIR": var}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_make_lets_python_keep_what_it_compiles_whatever_the_shell_says() -> None:
    """Nothing was compiled at installing: a start that may not keep it compiles for seconds, every time."""
    asking = [
        "make",
        "--silent",
        "--eval",
        "told: ; @printenv PYTHONDONTWRITEBYTECODE || echo nothing",
        "told",
    ]
    said = subprocess.run(
        asking,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "nothing\n"
