"""What can go wrong with offices."""


class OfficeRefused(Exception):
    """The law allows it, but it would leave the guild without what it needs; the message says what."""
