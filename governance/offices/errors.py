"""What can go wrong with offices."""


class OfficeRefused(Exception):
    """The law allows it, but it would leave the guild without what it needs; the message says what."""


class InvitationGone(OfficeRefused):
    """The invitation lets nobody in, or not this dreamer; the message says why and what to do."""


class NameTaken(OfficeRefused):
    """A member of the guild has this name already."""


class TooOften(Exception):
    """Tried too often from here, or by this account; the message says for how long to wait."""
