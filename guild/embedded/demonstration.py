"""`make demo`: a session played in the running house, or in one opened for it and closed again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from guild.embedded.environment import HOST, ROOT, Wishes
from guild.embedded.errors import CannotStart
from guild.embedded.house import answers, read_doorplate, say, wait_until


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
    with log.open("w") as output:
        house = subprocess.Popen(
            [sys.executable, "-m", "guild.embedded", "up"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=os.environ,
        )
    try:
        yield _opened(wishes, house)
    finally:
        house.send_signal(signal.SIGTERM)
        house.wait()


def _opened(wishes: Wishes, house: "subprocess.Popen[bytes]") -> dict[str, str]:
    """The doorplate of a house that is ready; raises CannotStart when it ended or is not ready in time."""
    ready = wait_until(wishes.address, "/readyz", lambda: house.poll() is not None)
    told = read_doorplate(wishes.var)
    if not ready or told is None:
        log = wishes.var / "demo-house.log"
        last = log.read_text().strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotStart(f"The house did not open ({last[0]}); all it said is in {log}.")
    return told
