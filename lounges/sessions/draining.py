"""Lets open sockets go before the server stops.

The server closes whatever is open as soon as it is told to stop, all at once and with a code that says
nothing. So the first signal to stop starts a drain, and the server's own handler hears of the signal when
the drain is done; a second signal is passed on at once.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
LONGEST_DRAIN_SECONDS = 5.0

Drain = Callable[[], Coroutine[Any, Any, None]]


def drain_before_exit(drain: Drain) -> None:
    """Runs `drain` in this event loop when the process is told to stop, before its server hears of it.

    Does nothing where there is no server's handler to put off: outside the main thread, or in a process
    that keeps Python's own handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            signal.signal(number, _Postponed(loop, drain, handler))


class _Postponed:
    """A signal handler that drains first and then does what the handler before it did."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, drain: Drain, handler: Callable[[int, FrameType | None], Any]
    ) -> None:
        self._loop = loop
        self._drain = drain
        self._handler = handler
        self._is_draining = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._is_draining or not self._loop.is_running():
            self._handler(number, frame)
            return
        self._is_draining = True
        self._loop.call_soon_threadsafe(self._begin, number)

    def _begin(self, number: int) -> None:
        self._task = self._loop.create_task(self._finish(number))

    async def _finish(self, number: int) -> None:
        try:
            await asyncio.wait_for(self._drain(), LONGEST_DRAIN_SECONDS)
        except TimeoutError:
            logger.warning("Some sockets were still open after %s s; stopping now.", LONGEST_DRAIN_SECONDS)
        finally:
            self._handler(number, None)
