"""The law of a guild in a few lines, for somebody who is about to come in."""

from typing import Final, NamedTuple

from governance.policies.law import law_of
from governance.policies.templates import TEMPLATES
from guild.tenancy.models import Guild

SHOWN: Final = ("individuality-floor", "depth", "retention", "hosting", "appointing", "terms", "changing")


class Line(NamedTuple):
    """One rule: what it is about, and what it says."""

    title: str
    value: str


def law_in_brief(guild: Guild) -> list[Line]:
    """What a newcomer should know of the law, in the words that members read."""
    law = law_of(guild)
    return [Line(TEMPLATES[name].title, TEMPLATES[name].meaning(law)) for name in SHOWN]
