"""What can go wrong in a colony, one class per thing a caller can act on. Messages are for the person."""


class ColonyError(Exception):
    """Base of the errors of this room; the message is a sentence to show."""


class NotNow(ColonyError):
    """The colony, or the ritual, does not allow this at present (a 409)."""


class Invalid(ColonyError):
    """One field cannot be accepted (a 400); `field` names it as the caller does."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
