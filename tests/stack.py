"""The product as in production, on the test run's own Postgres and Valkey: uvicorn and a Celery worker.

For browser tests and fault tests. Only what a stack started is ever stopped, by its process id.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from guild.celery import app
from guild.embedded import processes
from guild.embedded.environment import HOST
from tests import harness

ROOT = Path(__file__).resolve().parent.parent
QUEUES_OF_RUNS = ("blend", "audit")
EXTRA = {"web": (), "worker": ("--concurrency", "1"), "beat": ()}


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Processes by name; `url` is the web server's address and stays the same when it is restarted."""

    def __init__(self, folder: Path = harness.FOLDER) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = os.environ | harness.ENVIRONMENT
        self.environment |= {
            "PUBLIC_URL": self.url,
            "STATIC_ROOT": str(folder / "static"),
            "STATICFILES_STORAGE": "guild.portal.static_files.HashedStaticFiles",
            "EMAIL_URL": "filemail:///" + str(folder / "mail").lstrip("/"),
        }
        self.environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)

    def collect_static(self) -> None:
        """Gather and hash the static files once a run."""
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self, *names: str) -> None:
        """Start any of web, worker and beat, and wait until the web server answers."""
        for name in names:
            process = {process.name: process for process in processes.table(host=HOST, port=self.port)}[name]
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, *process.arguments, *EXTRA[name]],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        if "web" in names:
            self._wait_for_web()

    def stop(self, *names: str) -> None:
        """Ask processes to end, and wait until they have."""
        for name in names or tuple(self.processes):
            process = self.processes.pop(name)
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self._kill_group(process)

    def take_up_runs(self) -> None:
        """Let the worker take blends and audits from their queues; it does so anyway until told otherwise."""
        for queue in QUEUES_OF_RUNS:
            self._tell_worker("add_consumer", queue)

    def leave_runs_alone(self) -> None:
        """Let the worker finish what it has in hand and take up no other blend or audit."""
        for queue in QUEUES_OF_RUNS:
            self._tell_worker("cancel_consumer", queue)

    def _tell_worker(self, order: str, queue: str) -> None:
        """Until it says that it heard: one that was started a moment ago does not listen yet.

        Over a connection of its own: a test may have restarted Valkey under those that are kept.
        """
        told = {"arguments": {"queue": queue}, "reply": True, "limit": 1, "timeout": 2}
        for _ in range(15):
            if "worker" not in self.processes:
                return
            with app.connection_for_write() as connection:
                if app.control.broadcast(order, connection=connection, **told):
                    return

    def kill(self, name: str) -> None:
        """kill -9 a process and its children, as a power cut would."""
        self._kill_group(self.processes.pop(name))

    def log(self, name: str) -> str:
        """All that a process has printed."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.processes["web"].poll() is not None:
                raise RuntimeError("The web server ended at once:\n" + self.log("web")[-3000:])
            try:
                with urllib.request.urlopen(self.url + "/healthz", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise RuntimeError("The web server did not answer within a minute:\n" + self.log("web")[-3000:])
