"""Who holds power over what: every office with its holders, how they came to it, and what ends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from governance.offices.holdings import Held, held_in, how_offices_end
from governance.offices.powers import Power, duties_of, powers_of
from governance.offices.wording import deed
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

OVER_PEOPLE = frozenset({"Member", "Suspension"})
OVER_DREAMS = frozenset({"Contribution", "Session", "Dreamscape", "Finding"})


@dataclass(frozen=True)
class OfficeTold:
    """An office in plain words: what its holder may do, by the sentence of the rule that says so."""

    office: Office
    holders: tuple[Held, ...]
    rules: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class OverYou:
    """What can be done to somebody or to what they lent: by the holders of which office, or by the guild."""

    by: str
    deeds: tuple[str, ...]
    holders: tuple[Membership, ...] = ()


@dataclass(frozen=True)
class Overview:
    """The page of power: for every member, and the same for all but `over_you`, which leaves oneself out."""

    offices: tuple[OfficeTold, ...]
    over_people: tuple[OverYou, ...]
    over_dreams: tuple[OverYou, ...]
    ends: tuple[str, ...]


def overview_for(member: Membership, members: Sequence[Membership]) -> Overview:
    """`members` are the live ones of the guild. Raises Denied for whoever may not see the guild."""
    guild = member.guild
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(guild.pk))
    held, powers = held_in(guild, members), powers_of(guild)
    told = tuple(
        OfficeTold(
            office,
            tuple(one for one in held if one.office is office),
            _by_rule(powers[office]),
        )
        for office in Office
        if office is not Office.DREAMER
    )
    others = [one for one in told if one.rules]
    return Overview(
        told,
        over_people=_over(others, powers, OVER_PEOPLE, guild=guild, oneself=member),
        over_dreams=_over(others, powers, OVER_DREAMS, guild=guild, oneself=member),
        ends=how_offices_end(guild),
    )


def _by_rule(powers: Iterable[Power]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(sentence of the rule, what it lets do) in the order of the law."""
    found: dict[str, list[str]] = {}
    for power in powers:
        words = deed(power.action)
        if words not in found.setdefault(power.because, []):
            found[power.because].append(words)
    return tuple((because, tuple(deeds)) for because, deeds in found.items())


def _over(
    told: Sequence[OfficeTold],
    powers: Mapping[Office, tuple[Power, ...]],
    kinds: frozenset[str],
    *,
    guild: Guild,
    oneself: Membership,
) -> tuple[OverYou, ...]:
    """Who may do what to these kinds of things: offices with their holders, then the guild itself."""
    found = [
        OverYou(
            one.office.label,
            _deeds(powers[one.office], kinds),
            tuple(held.member for held in one.holders if held.member.pk != oneself.pk),
        )
        for one in told
    ]
    found.append(OverYou("The guild itself", _deeds(duties_of(guild), kinds)))
    return tuple(one for one in found if one.deeds)


def _deeds(powers: Iterable[Power], kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(deed(power.action) for power in powers if power.asked_of in kinds))
