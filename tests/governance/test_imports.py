"""Who may import whom, as pyproject.toml states it."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_every_contract_about_imports_is_kept() -> None:
    """In a process of its own: the linter sets up logging for itself and would silence ours."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--config", HOUSE / "pyproject.toml", "--no-cache"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
