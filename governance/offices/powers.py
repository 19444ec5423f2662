"""What each office lets its holder do, told by the law itself: the same questions are put to it for a member
with that office and for one with none, and what differs is the office's power.

The schema says what can be asked; nothing here names an office, an action or a rule. So whatever members
change in their law, and whatever the house adds to it, shows here.
"""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from governance.policies import engine
from governance.policies.entities import Reference, Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, policy_set
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

_ACTION: Final = re.compile(
    r"^action ([\w,\s]+?)\s+appliesTo\s*\{\s*principal:\s*\[([^\]]*)\],\s*resource:\s*\[([^\]]*)\],"
    r"\s*context:\s*\{([^}]*)\}",
    flags=re.MULTILINE,
)
_ENTITY: Final = re.compile(r"^entity (\w+)(?: in \[[^\]]*\])? = \{([^}]*)\};", flags=re.MULTILINE)
_ME, _SOMEBODY, _GUILD = UUID(int=1), UUID(int=2), UUID(int=3)
_MANY: Final = 1000


@dataclass(frozen=True)
class Question:
    """One thing that can be asked of the law: an action on a kind of thing, with the types of its context."""

    action: Action
    asked_of: str
    by_guild: bool
    context: Mapping[str, str]


@dataclass(frozen=True)
class Power:
    """What an office lets its holder do, to what kind of thing, and the sentence of the rule that says so."""

    action: Action
    asked_of: str
    because: str


def powers_of(guild: Guild) -> Mapping[Office, tuple[Power, ...]]:
    """By office, under the law that the guild has now."""
    return _powers(policy_set(guild), _anywhere(guild))


def duties_of(guild: Guild) -> tuple[Power, ...]:
    """What the guild itself does, where a ruling, a vote or the clock says so."""
    return _duties(policy_set(guild), _anywhere(guild))


def _anywhere(guild: Guild) -> Guild:
    """A guild with the same law and no other trait: what is told of one is told of all that have it."""
    twin = copy(guild)
    twin.pk = _GUILD
    return twin


@lru_cache(maxsize=64)
def _powers(law: str, guild: Guild) -> Mapping[Office, tuple[Power, ...]]:
    """`law` is what they hold under: with another one they are asked for anew."""
    nobody = _somebody(guild)
    holders = {office: _somebody(guild, office) for office in Office if office is not Office.DREAMER}
    found: dict[Office, dict[tuple[Action, str], Power]] = {office: {} for office in holders}
    for question in questions():
        if question.by_guild:
            continue
        for resource, context in _cases(guild, question):
            asked: dict[str, Any] = {"action": question.action, "resource": resource, **context}
            if authorize(actor=nobody, **asked).allowed:
                continue
            for office, holder in holders.items():
                decision = authorize(actor=holder, **asked)
                if decision.allowed:
                    power = Power(question.action, question.asked_of, " ".join(decision.reasons))
                    found[office].setdefault((power.action, power.asked_of), power)
    return MappingProxyType({office: tuple(powers.values()) for office, powers in found.items()})


@lru_cache(maxsize=64)
def _duties(law: str, guild: Guild) -> tuple[Power, ...]:
    found: dict[Action, Power] = {}
    for question in questions():
        if question.by_guild:
            for resource, context in _cases(guild, question):
                decision = authorize(actor=guild, action=question.action, resource=resource, **context)
                if decision.allowed:
                    power = Power(question.action, question.asked_of, " ".join(decision.reasons))
                    found.setdefault(power.action, power)
    return tuple(found.values())


@cache
def questions() -> tuple[Question, ...]:
    """Everything that can be asked, in the order of the schema."""
    known = {action.value: action for action in Action}
    return tuple(
        Question(known[name], asked_of, principals.strip() == "Guild", _fields(context))
        for names, principals, resources, context in _ACTION.findall(_schema())
        for name in map(str.strip, names.split(","))
        for asked_of in map(str.strip, resources.split(","))
    )


@cache
def _attributes() -> Mapping[str, Mapping[str, str]]:
    """By kind of thing, its attributes and their types, without the guild that each lies in."""
    return {
        name: {key: kind for key, kind in _fields(fields).items() if key != "guild"}
        for name, fields in _ENTITY.findall(_schema())
        if name != "Guild"
    }


def _schema() -> str:
    text = (engine.FOLDER / "schema.cedarschema").read_text()
    return re.sub(r"//[^\n]*", "", text)


def _fields(text: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in text.split(",") if ":" in part)
    return {name.strip().rstrip("?"): kind.strip() for name, kind in pairs}


def _cases(guild: Guild, question: Question) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """The question in two weathers: nothing speaks for it but the office, and everything does. Where they do
    not differ, it is asked once.
    """
    kinds = [*question.context.values(), *_attributes().get(question.asked_of, {}).values()]
    for is_fair in (False, True) if {"Bool", "Long", "decimal"} & set(kinds) else (False,):
        attributes = {
            name: _value(kind, is_fair=is_fair)
            for name, kind in _attributes().get(question.asked_of, {}).items()
        }
        identity = guild.pk if question.asked_of == "Guild" else _SOMEBODY
        context = {name: _value(kind, is_fair=is_fair) for name, kind in question.context.items()}
        yield Resource(question.asked_of, identity, guild.pk, attributes), context


def _value(kind: str, *, is_fair: bool) -> Any:
    """A value of a type of the schema, which concerns somebody else than whoever asks."""
    if kind.startswith("Set"):
        return []
    plain: dict[str, Any] = {
        "Bool": is_fair,
        "Long": _MANY if is_fair else 0,
        "String": "",
        "decimal": Decimal(1) if is_fair else Decimal(0),
    }
    return plain[kind] if kind in plain else Reference(kind, _SOMEBODY)


def _somebody(guild: Guild, *offices: Office) -> Membership:
    """A member whom there is not, with these offices and no part in anything."""
    held = [office.value for office in (Office.DREAMER, *offices)]
    return Membership(id=_ME, guild=guild, dreamer_id=_ME, display_name="", offices=held)
