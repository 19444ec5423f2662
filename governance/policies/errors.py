"""What a refused decision raises."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from governance.policies.services import Decision


class Denied(PermissionDenied):
    """The law of the guild says no (a 403); the message is the sentence the member is shown."""

    def __init__(self, decision: "Decision") -> None:
        self.decision = decision
        super().__init__(" ".join(decision.reasons))


class TooOften(Exception):
    """More drafts were tried within a while than the house can replay; the message says what to do."""


class LawBroken(RuntimeError):
    """The policies do not parse or do not fit their schema: nothing may be decided until they do."""
