"""What of an experience can be reported: its description."""

from uuid import UUID

from governance.moderation.registry import Found, Reportable
from guild.tenancy.models import Membership
from lounges.experiences import selectors
from lounges.experiences.errors import NoSuchExperience
from lounges.experiences.models import Experience


def _find(member: Membership, experience: UUID) -> Found:
    row = selectors.experience_for(member, experience).experience
    if row.is_plain:
        raise NoSuchExperience(
            "The house's own recipe is not reported here: write to those who run the house."
        )
    return Found(row.author)


def _words(guild: UUID, experience: UUID) -> str | None:
    row = Experience.objects.filter(guild_id=guild, pk=experience).first()
    return None if row is None else row.description


EXPERIENCE = Reportable(
    kind=selectors.KIND, noun="the description of an experience", find=_find, words=_words
)
