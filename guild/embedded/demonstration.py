"""`make demo`: a session played in the running house, or in one opened for it and closed again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep, time

from guild.embedded.environment import HOST, ROOT, Wishes
from guild.embedded.errors import CannotStart
from guild.embedded.house import OPEN_SECONDS, answers, read_doorplate, say, wait_until

WATCH_SECONDS = 0.5


def play(wishes: Wishes) -> int:
    """Run `manage.py demo` against the house of these wishes; its exit code."""
    with running_house(wishes) as told:
        say(f"Playing a session at {told['PUBLIC_URL']} ...")
        command = [sys.executable, str(ROOT / "manage.py"), "demo"]
        return subprocess.run(command, env={**os.environ, **told}, cwd=ROOT, check=False).returncode  # noqa: S603


@contextmanager
def running_house(wishes: Wishes) -> Iterator[dict[str, str]]:
    """What the doorplate of the running house says; a house is opened, and closed in the end, if none is."""
    told = read_doorplate(wishes.var)
    if told is not None and answers(f"http://{HOST}:{told['PORT']}"):
        yield told
        return
    wishes.var.mkdir(parents=True, exist_ok=True)
    log = wishes.var / "demo-house.log"
    say(f"No house is running: opening one (what it says goes to {log}) ...")
    begun = time()
    with log.open("w") as output:
        house = subprocess.Popen(
            [sys.executable, "-m", "guild.embedded", "up"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=os.environ,
        )
    try:
        yield _opened(wishes, house, begun=begun)
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait()


def _opened(wishes: Wishes, house: "subprocess.Popen[bytes]", *, begun: float) -> dict[str, str]:
    """The doorplate of a house that is ready; raises CannotStart when it ended or is not ready in time.

    The time it prepares itself does not count: at the first start of a slow machine that takes minutes.
    """
    while house.poll() is None and not _is_prepared(wishes, begun=begun):
        sleep(WATCH_SECONDS)
    ready = wait_until(wishes.address, "/readyz", lambda: house.poll() is not None, every=WATCH_SECONDS)
    told = read_doorplate(wishes.var)
    log = wishes.var / "demo-house.log"
    if house.poll() is not None:
        last = log.read_text().strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotStart(f"The house did not open ({last[0]}); all it said is in {log}.")
    if not ready or told is None:
        raise CannotStart(f"The house opened and is not ready after {OPEN_SECONDS:.0f} s; its log is {log}.")
    return told


def _is_prepared(wishes: Wishes, *, begun: float) -> bool:
    """Whether the house has hung out its doorplate; one that an earlier house left behind is older."""
    try:
        return (wishes.var / "house.json").stat().st_mtime >= begun
    except FileNotFoundError:
        return False
