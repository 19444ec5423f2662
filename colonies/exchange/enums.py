"""On which terms a ritual is given on, and what becomes of asking, of words sent back, and of evenings."""

from django.db import models


class Terms(models.TextChoices):
    """Credit is always kept; the terms say what else."""

    CREDIT = "credit", "It may be changed freely, with its credit"
    LINEAGE = "lineage", "It may be changed, saying what and why"
    UNCHANGED = "unchanged", "As it is, unchanged"
    REQUEST = "request", "By request: whoever wants it asks first"


class Answer(models.TextChoices):
    """What became of asking for a ritual. `OPEN` waits for an answer."""

    OPEN = "open", "waits for an answer"
    GIVEN = "given", "was given"
    DECLINED = "declined", "was declined"
    TAKEN_BACK = "taken_back", "was taken back"


class WordKind(models.TextChoices):
    """What one sends back to those a ritual was learnt from."""

    THANKS = "thanks", "Thanks"
    STORY = "story", "A story of how it is kept"


class EveningState(models.TextChoices):
    """What became of a proposed exchange evening."""

    PROPOSED = "proposed", "waits for an answer"
    AGREED = "agreed", "is agreed"
    DECLINED = "declined", "was declined"
    CALLED_OFF = "called_off", "was called off"


GIVEN_ON = (Terms.CREDIT, Terms.LINEAGE, Terms.UNCHANGED)
"""The terms on which something can be taken up, from the freest to the strictest."""
GIVEN_CHOICES = [(terms.value, terms.label) for terms in GIVEN_ON]
EVENINGS_AHEAD = (EveningState.PROPOSED, EveningState.AGREED)
