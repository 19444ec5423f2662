"""Who holds which office now: since when, until when, by which leaf and how, and what ends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from governance.ledger.enums import LeafKind
from governance.ledger.leaves import Entry, decode
from governance.ledger.models import Leaf
from governance.offices.holding_models import Handover, Term
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership


@dataclass(frozen=True)
class Held:
    """One office of one member: since when, until when (None: no end), by which leaf, and how they came to
    it in words. Nothing is known of how where it was before that was recorded.
    """

    member: Membership
    office: Office
    since: datetime | None = None
    until: datetime | None = None
    leaf: int | None = None
    how: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether the term is over, and the office still held: nobody else is there to take it."""
        return self.until is not None and self.until <= timezone.now()


def held_in(guild: Guild, members: Sequence[Membership]) -> list[Held]:
    """Every office that these members hold, in the order of offices, then of members."""
    gave, founder = _leaves_that_gave(guild.pk)
    terms = {
        (term.member_id, term.office): term for term in Term.objects.filter(guild_id=guild.pk, ended_at=None)
    }
    names = _Names(guild.pk, members)
    return [
        _held(member, office, gave, terms=terms, names=names, founder=founder)
        for office in Office
        if office is not Office.DREAMER
        for member in members
        if office.value in member.offices
    ]


def how_offices_end(guild: Guild) -> tuple[str, ...]:
    """By what one is removed from an office under the guild's law, as sentences."""
    somebody = entities.member(id=UUID(int=2), guild=guild.pk, dreamer=UUID(int=2), live=True)
    steward = Membership(
        id=UUID(int=1), guild=guild, dreamer_id=UUID(int=1), offices=[Office.DREAMER, Office.STEWARD]
    )
    taken = authorize(actor=steward, action=Action.WITHDRAW_OFFICE, resource=somebody)
    by_steward = "A steward may take an office back." if taken.allowed else " ".join(taken.reasons)
    return (
        by_steward,
        "Whoever holds one may lay it down, or offer it to somebody who accepts it.",
        "A ruling that a second enforcer confirmed may suspend one; whom it touches may appeal.",
        "An office that was given for a term ends with it.",
        "The last steward stays until there is another.",
    )


Mark = tuple[str, str]


def _leaves_that_gave(guild: UUID) -> tuple[dict[Mark, list[tuple[int, Entry]]], str]:
    """The leaves that gave or renewed each office last, by pseudonym and office; the founder."""
    kinds = (LeafKind.GUILD_FOUNDED, LeafKind.OFFICE_GRANTED, LeafKind.OFFICE_RENEWED)
    rows = Leaf.objects.filter(guild_id=guild, kind__in=kinds).order_by("index")
    gave: dict[Mark, list[tuple[int, Entry]]] = {}
    founder = ""
    for index, raw in rows.values_list("index", "entry"):
        entry = decode(bytes(raw))
        if entry.kind == LeafKind.GUILD_FOUNDED:
            founder = str(entry.actor)
            continue
        mark = (entry.subjects[0], str(entry.detail["office"]))
        kept = gave.get(mark, []) if entry.kind == LeafKind.OFFICE_RENEWED else []
        gave[mark] = [*kept, (index, entry)]
    return gave, founder


class _Names:
    """Names by pseudonym; those of former members, and who handed an office over, are read when asked for."""

    def __init__(self, guild: UUID, members: Iterable[Membership]) -> None:
        self._guild = guild
        self._known = {str(member.pseudonym): member.display_name for member in members}
        self._handovers: dict[str, str] | None = None

    def of(self, pseudonym: str) -> str:
        return self._known.get(pseudonym, "a former member")

    def giver(self, handover: str) -> str:
        if self._handovers is None:
            rows = Handover.objects.filter(guild_id=self._guild).select_related("giver")
            self._handovers = {str(row.pk): row.giver.display_name for row in rows}
        return self._handovers.get(handover, "a former member")


def _held(
    member: Membership,
    office: Office,
    gave: Mapping[Mark, list[tuple[int, Entry]]],
    *,
    terms: Mapping[tuple[UUID, str], Term],
    names: _Names,
    founder: str,
) -> Held:
    who, term = str(member.pseudonym), terms.get((member.pk, office.value))
    until = None if term is None else term.until
    story = gave.get((who, office.value))
    if not story:
        return Held(member, office, until=until)
    (index, first), (_, last) = story[0], story[-1]
    how = _how(first, who=who, names=names, founder=founder)
    if last is not first:
        how += "; given for another term " + _how(last, who=who, names=names, founder="")
    return Held(member, office, since=first.at, until=until, leaf=index, how=how)


def _how(entry: Entry, *, who: str, names: _Names, founder: str) -> str:
    said: Mapping[str, Any] = entry.detail
    if said.get("vote"):
        return "by a vote"
    if said.get("handover"):
        return f"handed over by {names.giver(str(said['handover']))}"
    if said.get("ruling"):
        return "given back after a suspension"
    actor = str(entry.actor)
    if actor == who == founder and said["office"] == Office.STEWARD:
        return "as founder of the guild"
    return "by themself" if actor == who else f"by {names.of(actor)}"


def holders(held: Sequence[Held], offices: Iterable[tuple[str, str]]) -> list[tuple[str, str, list[Held]]]:
    """(office, its name, those who hold it), in the order of `offices`."""
    return [(office, label, [one for one in held if one.office == office]) for office, label in offices]


def terms_ending(guild: UUID, *, within: timedelta) -> list[Term]:
    """The terms that end soon or are overdue, the next first: whoever tells people of it starts here."""
    due = Term.objects.filter(guild_id=guild, ended_at=None, until__lte=timezone.now() + within)
    return list(due.select_related("member").order_by("until", "id"))
