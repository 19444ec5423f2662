"""A heartbeat beside a long computation: says that a worker is still at it, on a connection of its own."""

import logging
import threading
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from guild.tenancy.context import tenant
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun

logger = logging.getLogger(__name__)

BEAT = 3.0
"""Seconds between two beats."""

SILENCE = timedelta(seconds=15)
"""A run without a beat for so long has lost its worker."""


class Pulse:
    """`with Pulse(...):` beats until the block ends. A beat that cannot be written is logged, and the
    next is tried.
    """

    def __init__(self, *, guild: UUID, run: UUID, attempt: int) -> None:
        self._guild, self._run, self._attempt = guild, run, attempt
        self._ended = threading.Event()
        self.beats = 0
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{run}", daemon=True)

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
            while not self._ended.wait(BEAT):
                self._note()
                self.beats += 1
        finally:
            connection.close()

    def _note(self) -> None:
        try:
            with tenant(guild=self._guild):
                BlendRun.objects.filter(pk=self._run, state=RunState.RUNNING, attempt=self._attempt).update(
                    heartbeat_at=timezone.now()
                )
        except DatabaseError as error:
            logger.warning("A heartbeat was not written (%s); the next one follows.", type(error).__name__)
