"""A house as `make up` opens it, in a folder of its own, for the tests that start, kill and stop it."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.guild.embedded_scratch import until
from tests.stack import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH", "EMBEDDED_USER", "DREAMSCAPE_SHARED_DATA")
PATIENCE = 150
"""Seconds that a first start may take on a busy machine."""


class House:
    """`python -m guild.embedded up` in `var`; nothing of the test run's own environment reaches it."""

    def __init__(self, var: Path, *, log: Path | None = None, **given: str) -> None:
        self.var = var
        self.port = int(given.pop("PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log or var.parent / f"{var.name}.log"
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._environment = kept | {"VAR_DIR": str(var), "PORT": str(self.port)} | given
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        """All that it printed since it was started last."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        """Start it, without waiting."""
        with self._log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guild.embedded", "up"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def open(self) -> None:
        """Start it, and wait for its sign-in page."""
        self.start()
        assert self.process is not None
        ended = self.process.poll
        assert until(lambda: self.status("/accounts/login/") == 200 or ended() is not None, seconds=PATIENCE)
        assert ended() is None, self.said

    def refused(self) -> tuple[int, str]:
        """Start it where it must not start: its exit code, and all it printed."""
        self.start()
        assert self.process is not None
        return self.process.wait(PATIENCE), self.said

    def play(self) -> tuple[int, str]:
        """`make demo`, wherever the house answers: its exit code, and all it printed."""
        command = [sys.executable, "-m", "guild.embedded", "demo"]
        told = {name: value for name, value in self._environment.items() if name != "PORT"}
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def close(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to close; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill(self) -> None:
        """kill -9 of the supervisor alone."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def status(self, path: str) -> int:
        """The status that a page answers with; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def is_ready(self) -> bool:
        """Whether every part answers."""
        return self.status("/readyz") == 200

    def pid_of(self, name: str) -> int:
        """The process id of web, worker or beat, as printed last."""
        return int(re.findall(rf"{name} started \(pid=(\d+)\)", self.said)[-1])

    def told(self) -> dict[str, str]:
        """What it tells `make demo` about itself."""
        plate: dict[str, str] = json.loads((self.var / "house.json").read_text())
        return plate
