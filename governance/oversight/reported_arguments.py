"""What members say about a proposal can be reported: whose it is, what it says, and that it is hidden.

It stands here, since the rooms of moderation and of deliberation do not know each other.
"""

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from governance.deliberation.errors import NoSuchProposal
from governance.deliberation.models import Argument
from governance.deliberation.selectors import argument_for
from governance.moderation.registry import Found, Reportable
from governance.moderation.selectors import hidden
from guild.tenancy.models import Membership

KIND = "argument"


def _find(member: Membership, argument: UUID) -> Found:
    try:
        return Found(argument_for(member, argument).author)
    except NoSuchProposal as error:
        raise Http404(str(error)) from error


def _words(guild: UUID, argument: UUID) -> str | None:
    row = Argument.objects.filter(guild_id=guild, pk=argument).first()
    return None if row is None else row.text


def _changed(guild: UUID, argument: UUID) -> None:
    """Hidden as long as moderation says so."""
    reason = hidden(guild, KIND, [argument]).get(argument)
    Argument.objects.filter(guild_id=guild, pk=argument).update(
        hidden_at=None if reason is None else timezone.now(), hidden_reason=reason or ""
    )


ARGUMENT = Reportable(
    kind=KIND, noun="something said about a proposal", find=_find, words=_words, changed=_changed
)
