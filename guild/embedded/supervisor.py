"""Web, worker and beat under one roof: started together, started again when one falls, stopped together.

Honcho starts the processes and prints what they say. It would end the house as soon as one process ends;
here a keeper starts that process again, and gives up only when it keeps falling.
"""

import os
import shlex
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import Any, Protocol

import honcho.manager
from honcho.printer import Message
from honcho.process import Popen
from honcho.process import Process as HonchoProcess

from guild.embedded.bell import Bell
from guild.embedded.errors import CannotStart
from guild.embedded.launch import die_with_parent
from guild.embedded.processes import Process

FALLS = 5  # a process that ended so often ...
WITHIN_SECONDS = 60.0  # ... within this time ends the house
REST_SECONDS = 0.5  # before it is started again
STOP_SECONDS = 12  # uvicorn drains its sockets for 10
WATCH_SECONDS = 0.5


def _let_pass(number: int, frame: FrameType | None) -> None:
    """A keeper ends when its command has ended, and not before."""


class Server(Protocol):
    """An embedded server, as far as watching it goes."""

    @property
    def pid(self) -> int | None: ...

    def start(self) -> None: ...


class Keeper(HonchoProcess):
    """Runs one command in a process of its own, and again whenever it ends before the house is closed."""

    closing: Bell
    wait_for: Bell | None = None
    bells: Sequence[Bell] = ()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Stay until the house closes, or until the command fell too often."""
        die_with_parent(signal.SIGKILL)()  # and our child dies with us: see _spawn
        for number in (signal.SIGINT, signal.SIGTERM):  # a handler, since SIG_IGN would pass to the command
            signal.signal(number, _let_pass)
        for bell in self.bells:
            bell.hand_over()
        self._events = events
        self._turn = threading.Lock()
        threading.Thread(target=self._pass_on_closing, daemon=True).start()
        self._await_turn()
        falls: deque[float] = deque(maxlen=FALLS)
        code = 0
        while self._spawn():
            code = self._follow()
            if self.closing.has_rung():
                break
            falls.append(monotonic())
            if len(falls) == FALLS and falls[-1] - falls[0] < WITHIN_SECONDS:
                self._send_message(f"{self.name} fell {FALLS} times in a minute: closing the house.\n")
                code = code or 1
                break
            self._send_message(f"{self.name} ended (code {code}): starting it again.\n")
            self.closing.wait(REST_SECONDS)
        if self._child is None:  # honcho ends when all have begun and ended: this one never began
            self._send_message({"pid": os.getpid()}, type="start")
        self._send_message({"returncode": code}, type="stop")

    def _await_turn(self) -> None:
        """Hold the command back until what it waits for has come, or the house closes."""
        while self.wait_for is not None and not self.wait_for.wait(0.1):
            if self.closing.has_rung():
                return

    def _spawn(self) -> bool:
        """Start the command unless the house is closing; the lock keeps a closing from missing it."""
        with self._turn:
            if self.closing.has_rung():
                return False
            # Killed, not asked: its servers die at the same moment, and it might wait for them for ever.
            self._child = Popen(
                self.cmd, env=self.env, cwd=self.cwd, preexec_fn=die_with_parent(signal.SIGKILL)
            )
            self._send_message({"pid": self._child.pid}, type="start")
            return True

    def _follow(self) -> int:
        """Pass on what the command says until it ends; then end what it left behind in its session.

        In this order: its orphans hold the same pipe, which would never end by itself.
        """
        speaker = threading.Thread(target=self._pass_on_words, daemon=True)
        speaker.start()
        os.waitid(
            os.P_PID, self._child.pid, os.WEXITED | os.WNOWAIT
        )  # its id stays its own for one more line
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        code = int(self._child.wait())
        speaker.join(WATCH_SECONDS)
        return code

    def _pass_on_words(self) -> None:
        for line in iter(self._child.stdout.readline, b""):
            self._send_message(line)
        self._child.stdout.close()

    def _pass_on_closing(self) -> None:
        """Once the house closes, ask the command itself (and not its own children) to end."""
        self.closing.wait()
        with self._turn:
            if self._child is not None and self._child.poll() is None:
                self._child.send_signal(signal.SIGTERM)


class House(honcho.manager.Manager):
    """Keeps the processes of the table running, and the embedded servers under them.

    `opened` is called in a thread of its own; it returns once the house is open (or never will be).
    """

    def __init__(self, *, servers: Sequence[Server] = (), opened: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        honcho.manager.KILL_WAIT = STOP_SECONDS
        self._process_ctor = Keeper
        self._servers = servers
        self._opened = opened
        self.closing = Bell()
        self.is_open = Bell()

    def add(
        self, process: Process, *, environment: Mapping[str, str], cwd: Path, when_open: bool = False
    ) -> None:
        """Add a process of the table; it starts with `loop()`, or once the house is open."""
        command = "exec " + shlex.join([sys.executable, *process.arguments])
        keeper = self.add_process(process.name, command, env=dict(environment), cwd=str(cwd))
        keeper.closing = self.closing
        keeper.wait_for = self.is_open if when_open else None
        keeper.bells = (self.closing, self.is_open)

    def say(self, sentence: str) -> None:
        """Print a sentence between the lines of the processes; safe from any thread."""
        self._speak("guild", f"{sentence}\n", kind="line")

    def terminate(self) -> None:
        """Begin closing: every keeper asks its command to end and starts nothing more."""
        self._terminating = True
        self.closing.ring()

    def close(self) -> None:
        """Leave no process behind, whatever ended `loop()`: also an exception, such as a reader gone away."""
        self.terminate()
        for running in self._processes.values():
            keeper = running.get("process")
            if keeper is None:
                continue
            keeper.join(STOP_SECONDS)
            if keeper.is_alive():
                keeper.kill()
                keeper.join()
        self.events.cancel_join_thread()

    def _start(self) -> None:
        super()._start()
        # Threads only now: the keepers are forks, and a fork would copy a thread's locks but not the thread.
        threading.Thread(target=self._watch_servers, daemon=True).start()
        threading.Thread(target=self._watch_keepers, daemon=True).start()
        threading.Thread(target=self._announce, daemon=True).start()

    def _watch_keepers(self) -> None:
        """Close the house when a keeper has given up, or is gone without a word (killed, say)."""
        missed: set[str] = set()
        while True:
            gone = {
                name
                for name, running in self._processes.items()
                if not running["process"].is_alive() and "returncode" not in running
            }
            for name in gone & missed:  # twice: its last word may have been on its way
                self._speak(name, {"pid": self._processes[name]["process"].pid}, kind="start")
                self._speak(name, {"returncode": 1}, kind="stop")
            missed = gone
            if any("returncode" in running for running in self._processes.values()):
                self.terminate()
            sleep(WATCH_SECONDS)

    def _speak(self, name: str, data: Any, *, kind: str) -> None:
        now = datetime.now()  # noqa: DTZ005 the printer shows the clock on the wall
        self.events.put(Message(type=kind, data=data, time=now, name=name, colour=None))

    def _announce(self) -> None:
        try:
            self._opened()
        finally:
            self.is_open.ring()

    def _watch_servers(self) -> None:
        """Start an embedded server again when it falls; close the house when that fails."""
        while not self.closing.wait(WATCH_SECONDS):
            for server in self._servers:
                if server.pid is not None or self.closing.has_rung():
                    continue
                self.say(f"{type(server).__name__} ended: starting it again.")
                try:
                    server.start()
                except CannotStart as error:
                    self.say(str(error))
                    self.returncode = 1
                    self.terminate()
                    return
