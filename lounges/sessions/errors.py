"""What can go wrong in a session, one class per thing a caller can act on. Messages are for the person."""


class SessionError(Exception):
    """Base of the errors of this room; the message is a sentence to show."""


class NotNow(SessionError):
    """The session, or its stage, does not allow this at present (a 409)."""


class Invalid(SessionError):
    """One field cannot be accepted (a 400); `field` names it as the caller does."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class KeyReused(SessionError):
    """The idempotency key already belongs to another command of the same person (a 409)."""


class UnknownCommand(SessionError):
    """No command of this name exists."""
