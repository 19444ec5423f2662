"""What can stand in the way of a right, each with a sentence that says what to do."""

from collections.abc import Sequence
from datetime import datetime


class RightsError(Exception):
    """Base of the errors of this room; `str(error)` is the sentence to show."""


class TooOften(RightsError):
    """Everything was exported several times within the hour."""

    def __init__(self, *, again_at: datetime) -> None:
        super().__init__(
            "You took everything with you several times within this hour. Take the file you have, or come "
            f"back after {again_at:%H:%M} UTC."
        )
        self.again_at = again_at


class LastSteward(RightsError):
    """Guilds in which others remain would be left without a steward."""

    def __init__(self, guilds: Sequence[str]) -> None:
        where = " and ".join(guilds)
        super().__init__(
            f"You are the last steward of {where}, and others remain there. Appoint another steward first; "
            "then come back. Nothing was erased."
        )


class ArchiveGone(RightsError):
    """A staged archive was finished, thrown away, or is a day old."""

    def __init__(self) -> None:
        super().__init__("This archive was already brought in, or has expired: choose the file again.")
