"""A signal between processes that is given once and stays given."""

import os
import select


class Bell:
    """Rings once, for every process forked after it was made, and also when the ringer dies.

    A pipe that is closed, and not multiprocessing.Event: that one waits for every listener to confirm, and so
    for ever when a listener was killed.
    """

    def __init__(self) -> None:
        self._hears, self._rings = os.pipe()
        self._ringer = os.getpid()

    def hand_over(self) -> None:
        """In a fork: leave the ringing to the process that made the bell."""
        if os.getpid() != self._ringer:
            os.close(self._rings)

    def ring(self) -> None:
        """Let it be heard from now on; only by the process that made it, as often as it likes."""
        rings, self._rings = self._rings, -1
        if rings >= 0:
            os.close(rings)

    def has_rung(self) -> bool:
        """Whether it has been rung."""
        return self.wait(0)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for it, for so long (or for ever); whether it has rung."""
        poll = select.poll()
        poll.register(self._hears, select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))
