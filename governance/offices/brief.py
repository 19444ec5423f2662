"""The law of a guild in a few lines, for somebody who is about to come in."""

from typing import NamedTuple

from guild.tenancy.models import Guild


class Line(NamedTuple):
    """One rule: what it is about, and what it says."""

    title: str
    value: str


def law_in_brief(guild: Guild) -> list[Line]:
    """What a newcomer should know of the law, in plain words."""
    floor = f"at least {guild.individuality_floor:.0%} of what sets a dream apart from the others"
    return [Line("What every blend keeps", floor)]
