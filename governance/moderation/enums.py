"""Why something is reported, and what became of it."""

from typing import Final

from django.db import models


class Reason(models.TextChoices):
    """Why somebody reports something."""

    PRIVATE = "private", "it tells what is private to somebody"
    HURTFUL = "hurtful", "it hurts or threatens somebody"
    INTERPRETS = "interprets", "it tells somebody what their dream means"
    DANGEROUS = "dangerous", "somebody could come to harm by it"
    OTHER = "other", "something else"


class ReportState(models.TextChoices):
    """Where a report stands. What was hidden is shown again once that was overturned."""

    OPEN = "open", "waits for a decision"
    HIDDEN = "hidden", "hidden"
    DISMISSED = "dismissed", "left as it is"
    REFERRED = "referred", "given to the enforcers"
    OVERTURNED = "overturned", "shown again after an appeal"


UNDECIDED: Final = (ReportState.OPEN, ReportState.REFERRED)
"""States in which something is still to be decided."""


class Decision(models.TextChoices):
    """What a moderator may decide."""

    HIDE = "hidden", "Hide it"
    DISMISS = "dismissed", "Leave it as it is"
    REFER = "referred", "Give it to the enforcers"


class Outcome(models.TextChoices):
    """How an appeal ended."""

    UPHELD = "upheld", "it stays hidden"
    OVERTURNED = "overturned", "it is shown again"
