"""What can go wrong with a call for a stop."""

from lounges.sessions.errors import NotNow


class StoppedAlready(NotNow):
    """The blend was stopped, so no call can be taken back any more (a 409)."""
