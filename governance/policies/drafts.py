"""A change of the law as it is drafted: read from a document, checked, and put into words. Pure.

A document is `{"values": {name: text}, "forbids": [{"name": .., "text": ..}], "repealed": [name]}`; each part
may be missing. What a draft does not name stays as it is.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import cedarpy

from governance.policies import engine
from governance.policies.enums import PROTECTED
from governance.policies.law import Forbid, Law, read_law
from governance.policies.parameters import PARAMETERS, ValueRefused
from governance.policies.slices import Rule, actions_of
from governance.policies.templates import template_of

MOST_FORBIDS: Final = 20
LONGEST_FORBID: Final = 2_000
MOST_BRACKETS: Final = 100
"""Cedar reads brackets within brackets by calling itself: of some hundreds it brings the process down."""
DEEPEST: Final = 100
"""How deep a rule's expressions may stand in one another; read again, it may find less room than here."""
LAYERS: Final = 4
"""Of a document: its parts, a list of rules, and the name and the text of each."""
_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}\Z")
_TOO_DEEP: Final = "This rule says too much at once: make it simpler, or two rules of it."


class DraftRefused(ValueError):
    """A draft that cannot become law; `field` names the part, the message is a sentence to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Draft:
    """A change: values by their names as they are kept, rules that are added, names of rules that fall."""

    values: tuple[tuple[str, str], ...] = ()
    forbids: tuple[Forbid, ...] = ()
    repealed: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        return {
            "values": dict(self.values),
            "forbids": [{"name": forbid.name, "text": forbid.text} for forbid in self.forbids],
            "repealed": list(self.repealed),
        }


@dataclass(frozen=True)
class Line:
    """What one part of a draft changes, in words; `before` or `after` is empty where a rule comes or goes."""

    template: str
    title: str
    before: str
    after: str


def read(document: Mapping[str, Any]) -> Draft:
    """The draft of a document. Raises DraftRefused, which says what to mend."""
    if not isinstance(document, Mapping):
        raise DraftRefused("document", "A draft is an object of values and rules.")
    layers = list(islice(_layers(document), LAYERS + 1))
    if len(layers) > LAYERS or not all(_is_text(each) for layer in layers for each in layer):
        raise DraftRefused("document", "A draft is written in plain text, one value for each name.")
    if unknown := document.keys() - {"values", "forbids", "repealed"}:
        raise DraftRefused("document", f"A draft has no part called {', '.join(sorted(unknown))}.")
    values, forbids = document.get("values", {}), document.get("forbids", [])
    repealed = document.get("repealed", [])
    if not (isinstance(values, Mapping) and _is_list(forbids) and _is_list(repealed)):
        raise DraftRefused("document", "Give values as an object, and rules as lists.")
    draft = Draft(
        tuple(_value(name, text) for name, text in sorted(values.items())),
        tuple(_forbid(each) for each in forbids),
        tuple(sorted({str(name) for name in repealed})),
    )
    names = [forbid.name for forbid in draft.forbids]
    if len(set(names)) < len(names):
        raise DraftRefused("forbids", "Two rules have the same name: give each its own.")
    if not (draft.values or draft.forbids or draft.repealed):
        raise DraftRefused("document", "This draft changes nothing yet: choose what it is to change.")
    return draft


def applied(law: Law, draft: Draft) -> Law:
    """The law as it would be. Raises DraftRefused when the draft does not fit the law as it is now."""
    standing = {forbid.name: forbid for forbid in law.forbids}
    for name in draft.repealed:
        if standing.pop(name, None) is None:
            raise DraftRefused("repealed", f"There is no rule called {name} to repeal.")
    for forbid in draft.forbids:
        if forbid.name in standing:
            raise DraftRefused(
                "forbids", f"There is a rule called {forbid.name} already: repeal it, or rename yours."
            )
        standing[forbid.name] = forbid
    if len(standing) > MOST_FORBIDS:
        raise DraftRefused(
            "forbids", f"A guild has at most {MOST_FORBIDS} rules of its own: repeal one first."
        )
    after = {
        "values": dict(law.values) | dict(draft.values),
        "forbids": [{"name": each.name, "text": each.text} for each in sorted(standing.values(), key=_name)],
    }
    changed = read_law(after)
    if changed.text == law.text:
        raise DraftRefused("document", "The law says this already: the draft would change nothing.")
    return changed


def lines(law: Law, draft: Draft) -> list[Line]:
    """What the draft changes, in the order of the constitution, as a person reads it."""
    given = dict(draft.values)
    told = [
        Line(
            template_of(name).name,
            parameter.label,
            parameter.words(law.value(name)),
            parameter.words(given[name]),
        )
        for name, parameter in PARAMETERS.items()
        if name in given and given[name] != law.value(name)
    ]
    standing = {forbid.name: forbid.text for forbid in law.forbids}
    told += [Line("", f"Rule “{name}” falls", standing.get(name, ""), "") for name in draft.repealed]
    return told + [Line("", f"Rule “{each.name}”", "", each.text) for each in draft.forbids]


def _name(forbid: Forbid) -> str:
    return forbid.name


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)


def _value(name: str, text: Any) -> tuple[str, str]:
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise DraftRefused("values", f"The law has no value called {name}.")
    try:
        return name, parameter.written(str(text).strip())
    except ValueRefused as error:
        raise DraftRefused(name, str(error)) from error


def _forbid(given: Any) -> Forbid:
    if not isinstance(given, Mapping) or given.keys() != {"name", "text"}:
        raise DraftRefused("forbids", "A rule has a name and a text.")
    name, text = str(given["name"]), str(given["text"]).strip()
    if not _NAME.match(name):
        raise DraftRefused(
            "forbids", "Name a rule with small letters, digits and hyphens, such as no-night-blends."
        )
    if len(text) > LONGEST_FORBID:
        raise DraftRefused("forbids", f"A rule has at most {LONGEST_FORBID:,} characters.")
    if sum(map(text.count, "([{")) > MOST_BRACKETS:
        raise DraftRefused("forbids", f"A rule has at most {MOST_BRACKETS} brackets: make it simpler.")
    _check_rule(text)
    return Forbid(name, text)


def _check_rule(text: str) -> None:
    """One rule that forbids, names its actions, spares everybody's way out, and fits the schema."""
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise DraftRefused("forbids", f"This rule cannot be read: {error}.") from error
    except RecursionError as error:
        raise DraftRefused("forbids", _TOO_DEEP) from error
    if sum(1 for _ in _layers(parsed)) > DEEPEST:
        raise DraftRefused("forbids", _TOO_DEEP)
    policies = list(parsed["staticPolicies"].values())
    if len(policies) != 1 or parsed["templates"]:
        raise DraftRefused("forbids", "Write one rule at a time.")
    rule = policies[0]
    if rule["effect"] != "forbid":
        raise DraftRefused("forbids", "Members can forbid; what is allowed stands in the house's own rules.")
    if rule.get("annotations"):
        raise DraftRefused("forbids", "Leave out the annotations (@...): a rule is known by its name.")
    if spared := sorted(_actions_of(rule) & {action.value for action in PROTECTED}):
        raise DraftRefused(
            "forbids", f"Nobody may forbid {', '.join(spared)}: it keeps everybody's way out open."
        )
    validation = cedarpy.validate_policies(text, engine.house().schema)
    if not validation.validation_passed:
        raise DraftRefused("forbids", "This rule does not fit: " + "; ".join(map(str, validation.errors)))


def _layers(document: Any) -> Iterator[list[Any]]:
    """What stands in a document, layer by layer, names among it; however deep, without calling itself."""
    layer = [document]
    while layer:
        yield layer
        layer = [inner for each in layer for inner in _parts(each)]


def _parts(each: Any) -> list[Any]:
    if isinstance(each, Mapping):
        return [*each.keys(), *each.values()]
    return list(each) if _is_list(each) else []


def _is_text(each: Any) -> bool:
    """Not so for NUL, other control characters, and halves of a character."""
    return not isinstance(each, str) or all(
        one in "\n\r\t" or unicodedata.category(one) not in {"Cc", "Cs"} for one in each
    )


def _actions_of(rule: Rule) -> frozenset[str]:
    """The actions that the head of a rule names. Raises DraftRefused where it names none: that means all."""
    named = actions_of(rule)
    if not named:
        raise DraftRefused("forbids", 'Name what is forbidden, such as action == Action::"Blend".')
    return named
