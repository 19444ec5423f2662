"""What dreamers called the dreams that they lent, told to themselves."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from governance.consent.own_words import open_own_intact
from guild.journal.records import opening_of
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Contribution
from lounges.sessions.selectors import lent_of

_FIELDS: Final = ("title", "text")
_LONGEST: Final = 60


def titles_of(guild: UUID, dreamer: UUID, contributions: Iterable[UUID]) -> dict[UUID, str]:
    """The title of each, or its first words where a part was lent or it was given none. In two queries; what
    was withdrawn, or does not open, is left out.
    """
    rows = (
        Contribution.objects.filter(guild_id=guild, dreamer_id=dreamer, pk__in=list(contributions))
        .exclude(state=ContributionState.WITHDRAWN)
        .select_related("session")
    )
    lent = [lent_of(row, fields=_FIELDS) for row in rows]
    return {contribution: _heading(words) for contribution, words in open_own_intact(lent)}


def _heading(words: Mapping[str, bytes]) -> str:
    return words["title"].decode() or f"“{opening_of(words['text'].decode(), longest=_LONGEST)}”"
