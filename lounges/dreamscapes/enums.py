"""The states of a blend run."""

from django.db import models


class RunState(models.TextChoices):
    REQUESTED = "requested", "asked for"
    RUNNING = "running", "being made"
    FINISHED = "finished", "made"
    FAILED = "failed", "could not be made"
    SUPERSEDED = "superseded", "replaced"
    HALTED = "halted", "stopped by its participants"


LIVE = (RunState.REQUESTED, RunState.RUNNING)
"""States of a run that is still to end."""


class Because(models.TextChoices):
    """Why a dreamscape was replaced."""

    WITHDRAWN = "withdrawn", "a dream in it was withdrawn"
    UNQUOTED = "unquoted", "the words of a dream in it may not be shown any longer"
    EXPIRED = "expired", "the consent to a dream in it ran out"
    CORRECTED = "corrected", "a dream in it was corrected"
    RESTRICTED = "restricted", "a dream in it was set aside by its dreamer"
    SHALLOWER = "shallower", "a dream in it may be blended less deeply now"
    ENDED = "ended", "the guild ended the consent to a dream in it"
    RULED = "ruled", "a ruling on a finding asked for it"


class Step(models.TextChoices):
    """The real steps of a blend, in order, as its progress tells them."""

    OPENING = "opening", "Opening what may be opened"
    COMPUTING = "computing", "Finding what lies between the dreams"
    SEALING = "sealing", "Sealing the dreamscape"
    MADE = "made", "Made"
