"""What offices are handed on by, and how far an act of two persons has come."""

from django.db import models


class HandoverState(models.TextChoices):
    """What became of an office that somebody offered to a successor."""

    WAITING = "waiting", "waits for an answer"
    ACCEPTED = "accepted", "handed over"
    DECLINED = "declined", "declined"
    TAKEN_BACK = "taken_back", "taken back"


class GuildActKind(models.TextChoices):
    """What takes two persons, because it concerns everybody's."""

    EXPORT = "export", "export the guild"
    CLOSE = "close", "close the guild"


class GuildActState(models.TextChoices):
    """How far it has come."""

    ASKED = "asked", "waits for a second person"
    AGREED = "agreed", "agreed"
    DONE = "done", "done"
    TAKEN_BACK = "taken_back", "taken back"
    HALTED = "halted", "halted by a member"
