"""The supervisor keeps small stand-ins for web and worker: real processes, in a house of their own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guild.embedded_scratch import is_alive, until

PROGRAM = """
import os, sys, time
from pathlib import Path
from guild.embedded.processes import Process
from guild.embedded.supervisor import House

class Server:
    pid = None
    def start(self):
        self.pid = 1

def opened():
    house.say("open")
    time.sleep({open_after})

house = House(servers=[Server()] if {server} else [], opened=opened)
for number, (name, code) in enumerate({processes!r}):
    process = Process(name, ("-u", "-c", code))
    house.add(process, environment=dict(os.environ), cwd=Path("/"), when_open=number > 0)
try:
    house.loop()
finally:
    house.close()
print("closed")
sys.exit(house.returncode)
"""
STAYS = "import os, time; print('pid', os.getpid()); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
)
WITH_CHILD = (
    "import os, subprocess, time; c = subprocess.Popen(['sleep', '600']); "
    "print('pid', os.getpid()); print('child', c.pid); time.sleep(600)"
)


class Running:
    """A house in a process of its own, and what it has printed so far."""

    def __init__(
        self, log: Path, *processes: tuple[str, str], open_after: float = 0, server: bool = False
    ) -> None:
        program = PROGRAM.format(processes=list(processes), open_after=open_after, server=server)
        self._log = log
        with log.open("w") as output:
            self.process = subprocess.Popen([sys.executable, "-c", program], stdout=output, stderr=output)

    @property
    def said(self) -> str:
        return self._log.read_text()

    def says(self, pattern: str, *, times: int = 1) -> list[str]:
        """The matches of a pattern, once there are so many."""
        assert until(lambda: len(re.findall(pattern, self.said)) >= times), self.said
        return re.findall(pattern, self.said)

    def end(self) -> int:
        """Ask it to close; its exit code."""
        self.process.terminate()
        return self.process.wait(40)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "house.log"


@pytest.fixture
def house(log: Path) -> Iterator[Running]:
    running = Running(log, ("web", STAYS), ("worker", STAYS))
    yield running
    running.process.kill()
    running.process.wait()


def test_house_asked_to_close_leaves_no_process(house: Running) -> None:
    pids = [int(pid) for pid in house.says(r"pid (\d+)", times=2)]
    assert house.end() == 143
    assert [pid for pid in pids if is_alive(pid)] == []
    assert house.said.endswith("closed\n")


def test_process_that_is_killed_is_started_again(house: Running) -> None:
    first = int(house.says(r"web +\| pid (\d+)")[0])
    os.kill(first, signal.SIGKILL)
    assert house.says(r"web +\| pid (\d+)", times=2)[1] != str(first)
    house.says(r"web ended \(code -9\): starting it again")
    assert house.end() == 143


def test_house_that_is_killed_takes_its_processes_with_it(house: Running) -> None:
    pids = [int(pid) for pid in house.says(r"pid (\d+)", times=2)]
    house.process.kill()
    house.process.wait()
    assert until(lambda: not any(map(is_alive, pids)))


def test_keeper_that_is_killed_closes_the_house(house: Running) -> None:
    web = int(house.says(r"web +\| pid (\d+)")[0])
    keeper = int(Path(f"/proc/{web}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    assert house.process.wait(40) != 0
    assert not is_alive(web)


def test_others_wait_until_the_house_is_open(log: Path) -> None:
    running = Running(log, ("web", STAYS), ("worker", STAYS), open_after=1.5)
    running.says(r"web +\| pid")
    running.says(r"guild +\| open")
    assert not re.search(r"worker +\| pid", running.said)
    running.says(r"worker +\| pid")
    assert running.end() == 143


def test_house_closed_before_it_was_open_ends_as_well(log: Path) -> None:
    running = Running(log, ("web", STAYS), ("worker", STAYS), open_after=30)
    running.says(r"web +\| pid")
    assert running.end() == 143
    assert not re.search(r"worker +\| pid", running.said)


@pytest.mark.parametrize("open_after", [0, 600])
def test_process_that_keeps_falling_closes_the_house(log: Path, open_after: float) -> None:
    running = Running(log, ("web", "raise SystemExit('no luck')"), ("worker", STAYS), open_after=open_after)
    assert running.process.wait(40) == 1
    assert len(running.says("no luck")) == 5
    assert "web fell 5 times in a minute: closing the house." in running.said


def test_process_deaf_to_the_closing_is_killed(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(log, ("web", STAYS), ("worker", STUBBORN))
    running.says("deaf")
    begun = time.monotonic()
    assert running.end() == 143
    assert time.monotonic() - begun < 20
    assert "worker stopped (rc=-9)" in running.said


def test_children_of_a_killed_process_end_with_it(log: Path) -> None:
    running = Running(log, ("web", WITH_CHILD))
    child, web = (int(running.says(rf"{what} (\d+)")[0]) for what in ("child", "pid"))
    os.kill(web, signal.SIGKILL)
    running.says(r"child (\d+)", times=2)
    assert not is_alive(child)
    assert running.end() == 143


def test_fallen_server_is_started_again(log: Path) -> None:
    running = Running(log, ("web", STAYS), server=True)
    running.says("Server ended: starting it again")
    time.sleep(1.2)
    assert running.said.count("Server ended") == 1
    assert running.end() == 143


def test_reader_that_goes_away_closes_the_house(tmp_path: Path) -> None:
    program = PROGRAM.format(
        processes=[("web", "while True: print('words ' * 50)")], open_after=0, server=False
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) != 0
