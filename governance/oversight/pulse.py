"""A heartbeat beside a long audit: that a worker is still at it, and how far, on a connection of its own."""

import logging
import threading
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from governance.oversight.enums import AuditState
from governance.oversight.examination import Examination
from governance.oversight.models import AuditRun
from guild.tenancy.context import tenant

logger = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two beats."""

SILENCE = timedelta(seconds=30)
"""An audit without a beat for so long has lost its worker."""


class Pulse:
    """`with Pulse(...):` beats until the block ends. A beat that cannot be written is logged, and the next is
    tried.
    """

    def __init__(self, examination: Examination, *, run: UUID, attempt: int) -> None:
        self._examination, self._run, self._attempt = examination, run, attempt
        self._ended = threading.Event()
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
        finally:
            connection.close()

    def _note(self) -> None:
        examination = self._examination
        try:
            with tenant(guild=examination.guild):
                AuditRun.objects.filter(pk=self._run, state=AuditState.RUNNING, attempt=self._attempt).update(
                    heartbeat_at=timezone.now(), done=examination.done, of=examination.of
                )
        except DatabaseError as error:
            logger.warning("A heartbeat was not written (%s); the next one follows.", type(error).__name__)
