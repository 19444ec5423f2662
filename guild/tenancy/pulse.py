"""A heartbeat beside long work: says that a worker is still at it, on a connection of its own."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class Pulse:
    """`with Pulse(...):` calls `note` every so many seconds until the block ends, on a thread of its own.

    A beat that cannot be written is logged, and the next is tried.
    """

    def __init__(self, note: Callable[[], object], *, every: float, name: str) -> None:
        self._note, self._every = note, every
        self._ended = threading.Event()
        self.beats = 0
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(self._every):
                self._try()
                self.beats += 1
        finally:
            connection.close()

    def _try(self) -> None:
        try:
            self._note()
        except DatabaseError as error:
            logger.warning("A heartbeat was not written (%s); the next one follows.", type(error).__name__)
