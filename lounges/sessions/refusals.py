"""What an exception of a command means to a client: one table for the socket and one for HTTP."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from governance.consent.errors import TermsRefused
from governance.policies.law import LawUnreadable
from governance.policies.reasons import UNDECIDED
from lounges.sessions import selectors
from lounges.sessions.access import SignedOut
from lounges.sessions.errors import Invalid, KeyReused, NotNow, UnknownCommand
from lounges.sessions.hub import StreamGone
from lounges.sessions.protocol import ErrorCode

GONE_WRONG = "Something went wrong here, and nothing was changed. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error reply: its code, a sentence, and whether trying again may help."""

    code: ErrorCode
    message: str
    temporary: bool = False


def refusal_of(error: Exception) -> Refusal | None:
    """The reply to an error that a client can act on; None for one that nobody foresaw.

    What is not there and what is another guild's look alike.
    """
    if isinstance(error, Http404 | StreamGone):
        sentence = str(error) if isinstance(error, Http404) and str(error) else selectors.NO_SUCH_SESSION
        return Refusal(ErrorCode.PERMISSION_DENIED, sentence)
    if isinstance(error, PermissionDenied | NotNow):
        return Refusal(ErrorCode.PERMISSION_DENIED, str(error))
    if isinstance(error, LawUnreadable):
        return Refusal(ErrorCode.PERMISSION_DENIED, UNDECIDED)
    if isinstance(error, Invalid):
        return Refusal(ErrorCode.BAD_REQUEST, f"{error.field}: {error}")
    if isinstance(error, TermsRefused | KeyReused):
        return Refusal(ErrorCode.BAD_REQUEST, str(error))
    if isinstance(error, UnknownCommand):
        return Refusal(ErrorCode.METHOD_NOT_FOUND, str(error))
    if isinstance(error, SignedOut):
        return Refusal(ErrorCode.UNAUTHORISED, str(error))
    return None


INTERNAL = Refusal(ErrorCode.INTERNAL, GONE_WRONG, temporary=True)
