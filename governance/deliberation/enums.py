"""The states and kinds of proposals, arguments, amendments and petitions."""

from typing import Final

from django.db import models

from governance.deliberation.counting import Method, Result


class Kind(models.TextChoices):
    """What a proposal does when it has passed."""

    POLICY = "policy", "A change of the law"
    APPOINTMENT = "appointment", "An appointment"
    EXPERIENCE = "experience", "Approval of an experience"
    FREE = "free", "A free decision"


class State(models.TextChoices):
    """Where a proposal stands."""

    DRAFT = "draft", "draft"
    SPONSORED = "sponsored", "about to open"
    OPEN = "open", "open for voting"
    CLOSED = "closed", "closed"
    ENACTED = "enacted", "enacted"
    WITHDRAWN = "withdrawn", "withdrawn"


BEFORE_OPENING: Final = (State.DRAFT, State.SPONSORED)
ENDED: Final = (State.CLOSED, State.ENACTED, State.WITHDRAWN)


class Stance(models.TextChoices):
    """What an argument is."""

    FOR = "for", "For"
    AGAINST = "against", "Against"
    QUESTION = "question", "Question"


class AmendmentState(models.TextChoices):
    """What became of an amendment. It is overtaken by a version that it was not made for."""

    OPEN = "open", "waits for the author"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"


class PetitionState(models.TextChoices):
    """Where a petition stands."""

    OPEN = "open", "open for signing"
    CARRIED = "carried", "became a proposal"
    WITHDRAWN = "withdrawn", "withdrawn"


METHODS: Final = (
    (Method.MAJORITY.value, "Majority: more yes than no"),
    (Method.TWO_THIRDS.value, "Two thirds: at least twice as many yes as no"),
    (Method.CONSENT.value, "Consent: nobody objects"),
    (Method.RANKED.value, "Ranked choice: options in the order of preference"),
)
RESULTS: Final = (
    (Result.PASSED.value, "passed"),
    (Result.FAILED.value, "did not pass"),
    (Result.VOID.value, "void"),
)
RESULTS_OR_NONE: Final = (("", "none yet"), *RESULTS)
