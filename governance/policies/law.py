"""The law of a guild: the values that its members gave to the templates, and what they forbade besides. Pure.

`Guild.law` keeps it as JSON: `{"values": {name: text}, "forbids": [{"name": .., "text": ..}]}`. What is not
named has the value that the house begins with.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Protocol

from governance.policies.parameters import PARAMETERS, ValueRefused


class LawUnreadable(ValueRefused):
    """What a guild keeps as its law is none. Whoever asks what it says is refused."""


class HasLaw(Protocol):
    """Whatever holds the law of a guild, as it is kept."""

    law: dict[str, Any]


@dataclass(frozen=True)
class Forbid:
    """A rule in Cedar that members wrote themselves; `name` is unique in its guild."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Law:
    """Each value as the software works with it; what it means stands in `parameters`."""

    individuality_floor: Decimal
    largest_depth: Decimal
    smallest_group: int
    smallest_published: int
    experiences_approved_by: int
    hosts: str
    opens_at: int
    closes_at: int
    clock: str
    quiet_from: int
    quiet_until: int
    retention_days: int
    halt_share: Decimal
    exchange_reach: str
    exchange_partners: tuple[str, ...]
    diversity_fall: Decimal
    change_method: str
    change_quorum: Decimal
    change_hours: int
    sponsors: int
    secret_ballots: bool
    petition_share: Decimal
    invited_by: str
    appointed_by: str
    term_months: int
    values: tuple[tuple[str, str], ...]
    forbids: tuple[Forbid, ...] = ()

    def __hash__(self) -> int:
        return hash(self.text)  # it says all that the values do, and is hashed once

    @cached_property
    def text(self) -> str:
        """The whole law in lines: what its digest is of."""
        return text_of(dict(self.values), {forbid.name: forbid.digest for forbid in self.forbids})

    def value(self, name: str) -> str:
        """One value as it is kept."""
        return dict(self.values)[name]

    @property
    def document(self) -> dict[str, Any]:
        """As `Guild.law` keeps it, with every value named."""
        return {
            "values": dict(self.values),
            "forbids": [{"name": forbid.name, "text": forbid.text} for forbid in self.forbids],
        }


def law_of(guild: HasLaw) -> Law:
    """The law of a guild as it is now, from its row: no query. Raises LawUnreadable."""
    try:
        return read_law(guild.law)
    except ValueRefused as error:
        raise LawUnreadable(str(error)) from error


def read_law(document: Mapping[str, Any]) -> Law:
    """The law that a document keeps. Raises ValueRefused for a value that is out of its bounds, and for a
    document that is none.
    """
    try:
        values = tuple(document.get("values", {}).items())
        forbids = tuple((each["name"], each["text"]) for each in document.get("forbids", ()))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueRefused("The law is not written as values and rules.") from error
    if not all(isinstance(text, str) for pair in (*values, *forbids) for text in pair):
        raise ValueRefused("The law is not written in texts.")
    return _law(values, forbids)


def with_values(**values: str) -> dict[str, Any]:
    """A document that gives these values, and the house's to all others."""
    return {"values": values, "forbids": []}


def text_of(values: Mapping[str, str], forbids: Mapping[str, str]) -> str:
    """The lines of a law: values by name, those of the house where none is given, then rules with the digests
    of their texts.
    """
    told = {name: one.first for name, one in PARAMETERS.items()} | dict(values)
    lines = [f"{name} {value}\n" for name, value in sorted(told.items())]
    return "".join([*lines, *(f"forbid {name} {digest}\n" for name, digest in sorted(forbids.items()))])


@lru_cache(maxsize=1024)
def _law(values: tuple[tuple[str, str], ...], forbids: tuple[tuple[str, str], ...]) -> Law:
    given = dict(values)
    kept = tuple((name, given.get(name, one.first)) for name, one in PARAMETERS.items())
    read = {name: PARAMETERS[name].read(value) for name, value in kept}
    return Law(**read, values=kept, forbids=tuple(Forbid(*each) for each in forbids))


HOUSE_LAW = read_law({})
"""What a guild begins with."""
