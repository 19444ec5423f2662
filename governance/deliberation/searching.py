"""Finding what was proposed or petitioned for by its words. Inside the guild's tenant."""

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q

from governance.deliberation.models import Petition, Proposal, Version
from governance.deliberation.selectors import petitions_of, proposals_of
from guild.tenancy.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST: Final = 200
"""Characters of what is looked for."""


def proposals_with(member: Membership, words: str) -> "QuerySet[Proposal]":
    """The proposals that hold every word in their title or text as it stands now, latest first; a part of a
    word is enough. Without words it is all of them. Raises Denied.
    """
    found = proposals_of(member)
    for word in words.split():
        current = Version.objects.filter(
            guild_id=member.guild_id, proposal=OuterRef("pk"), number=OuterRef("current")
        )
        found = found.filter(Exists(current.filter(_holds(word))))
    return found


def petitions_with(member: Membership, words: str) -> "QuerySet[Petition]":
    """The same of petitions. Raises Denied."""
    found = petitions_of(member)
    for word in words.split():
        found = found.filter(_holds(word))
    return found


def _holds(word: str) -> Q:
    return Q(title__icontains=word) | Q(text__icontains=word)
