"""ical.js under Node: the oracle of recurrence. It is not among the requirements; a test installs nothing."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("occurrences.mjs")


def folder() -> Path:
    """Where npm put ical.js (ICALJS_DIR). Skips without it, unless REQUIRE_ICALJS says it must be there."""
    given = os.environ.get("ICALJS_DIR", "")
    found = Path(given) if given else None
    if shutil.which("node") and found is not None and (found / "node_modules" / "ical.js").is_dir():
        return found
    assert not os.environ.get("REQUIRE_ICALJS"), (
        "ical.js is required: with Node, `npm install ical.js@2.2.1` in a folder, and set ICALJS_DIR to it."
    )
    pytest.skip("needs Node and ical.js: `npm install ical.js@2.2.1` in a folder, and ICALJS_DIR set to it")


class Expander:
    """One Node process: lines go in while the caller computes its own answers."""

    def __init__(self, questions: Sequence[dict[str, Any]]) -> None:
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), str(folder())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._questions = "\n".join(map(json.dumps, questions)) + "\n"

    def answers(self) -> list[Any]:
        """One answer a question, in order."""
        said, _ = self._process.communicate(self._questions, timeout=300)
        return [json.loads(line) for line in said.splitlines()]
