"""Hashing in a process of its own, beside whoever judges what the same rows say.

`python -m governance.oversight.beside FD` is that process: it takes jobs from the socket with that number
and answers each, until the other end closes.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from governance.oversight.stretch import Edges, Job, edges_after

ROOT: Final = Path(__file__).resolve().parents[2]


class Hashing:
    """One job at a time: `ask`, do something else, `answer`. `worker` is the other process; without one, or
    once it is gone, the answer is computed here.
    """

    def __init__(self, worker: Connection | None = None) -> None:
        self._worker = worker
        self._job: Job | None = None

    def ask(self, job: Job | None) -> None:
        """None asks for nothing."""
        self._job = job
        if job is not None and self._worker is not None:
            try:
                self._worker.send(job)
            except OSError:
                self._worker = None

    def answer(self) -> Edges | None:
        """What the job came to; None if a row does not hold what it must, or nothing was asked."""
        if self._job is None:
            return None
        if self._worker is not None:
            try:
                edges: Edges | None = self._worker.recv()
            except (OSError, EOFError):
                self._worker = None
            else:
                return edges
        return edges_after(self._job)


@contextmanager
def hashing(*, apart: bool) -> Iterator[Hashing]:
    """Hashing here, or `apart` in a process that ends with the block."""
    if not apart:
        yield Hashing()
        return
    ours, theirs = Pipe()
    with ours:
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-m", __name__, str(number)]
            worker = subprocess.Popen(command, pass_fds=[number], cwd=ROOT)  # noqa: S603 our own module
        try:
            yield Hashing(ours)
        finally:
            ours.close()
            worker.wait()


def serve(number: int) -> None:
    """Answer jobs until nobody asks any more."""
    with Connection(number) as asker:
        try:
            while True:
                asker.send(edges_after(asker.recv()))
        except (EOFError, OSError):
            return


if __name__ == "__main__":
    serve(int(sys.argv[1]))
