"""Commands that arrive as forms: tried, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.consent.errors import TermsRefused
from guild.tenancy.requests import GuildRequest
from lounges.sessions import commands
from lounges.sessions.commands import Reply
from lounges.sessions.errors import Invalid, SessionError

CANNOT = (SessionError, TermsRefused)
"""What a person can act on and read beside the form; everything else has a page of its own."""


@dataclass(frozen=True)
class Attempt:
    """The reply of a command, or why it was refused."""

    reply: Reply | None = None
    refusal: Exception | None = None

    @property
    def field(self) -> str:
        """The field the refusal is about, "" when it is about none."""
        return self.refusal.field if isinstance(self.refusal, Invalid) else ""

    @property
    def message(self) -> str:
        return str(self.refusal) if self.refusal is not None else ""


def attempt(request: GuildRequest, method: str, data: Mapping[str, Any]) -> Attempt:
    """Does one command as the request's member. Raises Http404 and Denied, as any page does."""
    try:
        return Attempt(reply=commands.perform(by=request.membership, method=method, data=data))
    except CANNOT as error:
        return Attempt(refusal=error)
