"""Has a log read by a process beside this one (`reader`), where that is worth it."""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from governance.audits.reader import Answer, Order

logger = logging.getLogger(__name__)

WORTH_IT: Final = 50_000
"""Leaves that take longer to read than it takes to start a process."""

_PIPE: Final = 1 << 20
"""Octets that may wait to be taken: two answers or so, as much as Linux grants to everybody."""

_COMMAND: Final = (sys.executable, "-c", "from governance.audits.reader import main; main()")


def is_worth_it(leaves: int) -> bool:
    """Whether so many leaves are read sooner with a process beside."""
    return leaves >= WORTH_IT and (os.cpu_count() or 1) > 1


def conninfo() -> str:
    """How another process connects as this one did. It holds the password: never write it down."""
    info = connection.connection.info
    return make_conninfo(info.dsn, password=info.password or None)


@contextmanager
def process_beside() -> Iterator[Callable[[Order], Iterator[Answer]]]:
    """A process that starts meanwhile, and what gives it its one order: answers, as long as there are any.
    With the end of the block the process is gone.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 our own words
            _COMMAND, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pipesize=_PIPE
        )
    except OSError as error:
        logger.warning("No process could be started to read a log: %s", error)
        yield lambda _: iter(())
        return
    with process:
        try:
            yield partial(_answers, process)
        finally:
            process.kill()


def _answers(process: "subprocess.Popen[bytes]", order: Order) -> Iterator[Answer]:
    if process.stdin is None or process.stdout is None:
        return
    try:
        with process.stdin as to_it:
            pickle.dump(order, to_it)
        while True:
            yield pickle.load(process.stdout)  # noqa: S301 from the process that was started here
    except (EOFError, pickle.UnpicklingError, OSError):
        if process.wait():
            logger.warning("The process that reads a log ended with %s; this one reads on.", process.poll())
