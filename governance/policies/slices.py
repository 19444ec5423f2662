"""Which policies can apply to an action. Those whose head names other actions never match, whatever is asked,
so they are left out of the question. Pure.

Actions stand beside each other in the schema and never in one another: `kinds_in` holds that, since a head
that names a group of actions would not name its members.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cedarpy

from governance.policies.errors import LawBroken

Rule = Mapping[str, Any]
"""A policy as Cedar writes it in JSON."""

_ACTIONS = re.compile(r"^action\b.*?;\n", re.MULTILINE | re.DOTALL)


def rules_in(text: str) -> dict[str, Rule]:
    """The policies of a text, by the ids that Cedar gives them. Raises ValueError for what it cannot read."""
    rules: dict[str, Rule] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return rules


def actions_of(rule: Rule) -> frozenset[str]:
    """The actions that the head of a rule names; none where it names none: that means all."""
    head = rule["action"]
    entities = head.get("entities") or ([head["entity"]] if "entity" in head else [])
    return frozenset(entity["id"] for entity in entities)


def can_apply(rule: Rule, action: str) -> bool:
    """Whether a rule says anything about an action."""
    named = actions_of(rule)
    return not named or action in named


def concerns(text: str, action: str) -> bool:
    """Whether one of the rules of a text says anything about an action. Raises ValueError as `rules_in`."""
    named = _actions_in(text)
    return not named or action in named


@lru_cache(maxsize=1024)
def _actions_in(text: str) -> frozenset[str]:
    named = [actions_of(rule) for rule in rules_in(text).values()]
    return frozenset[str]().union(*named) if all(named) else frozenset()


def policies(rules: Mapping[str, Rule]) -> cedarpy.PolicySet:
    """These rules as Cedar is asked by them, under the ids that they had."""
    document = {"templates": {}, "staticPolicies": dict(rules), "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(document))


def kinds_in(schema: str) -> str:
    """A schema without its actions: what entities are held to. With them each reading takes twice as long.
    Raises LawBroken for an action that stands in another.
    """
    for statement in _ACTIONS.findall(schema):
        names = statement.partition("appliesTo")[0]
        if re.search(r"\bin\b", names):
            raise LawBroken(f"An action stands in another, and no policy is chosen by that: {names}")
    return _ACTIONS.sub("", schema)
