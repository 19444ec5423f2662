"""What of a colony can be reported: a ritual, as its newest version reads."""

from uuid import UUID

from colonies.rituals import selectors
from colonies.rituals.models import Ritual
from governance.moderation.registry import Found, Reportable
from guild.tenancy.models import Membership


def _find(member: Membership, ritual: UUID) -> Found:
    row = selectors.ritual_for(member, ritual)
    return Found(selectors.newest_of(row).author)


def _words(guild: UUID, ritual: UUID) -> str | None:
    row = Ritual.objects.filter(guild_id=guild, pk=ritual).first()
    if row is None:
        return None
    text = selectors.newest_of(row).text
    return "\n".join((text.title, text.intention, *(step.text for step in text.steps)))


RITUAL = Reportable(kind=selectors.KIND, noun="a ritual", find=_find, words=_words)
