"""The adapter to Cedar: parsed once a process, asked with plain values, and never allowed to fail open."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import cedarpy

from governance.policies.entities import (
    GuildItself,
    Principal,
    Resource,
    context_document,
    guild_document,
    is_at_hand,
    principal_document,
    resource_document,
)
from governance.policies.enums import Action
from governance.policies.errors import LawBroken
from governance.policies.law import Forbid, Law
from governance.policies.reasons import OF_MEMBERS
from governance.policies.slices import Rule, can_apply, concerns, kinds_in, policies, rules_in

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class House:
    """The schema and the policies of every guild, validated; `kinds` is the schema of entities alone, `rules`
    are the policies by their ids, `digest` is of the exact text of both.
    """

    schema: cedarpy.Schema
    kinds: cedarpy.Schema
    rules: Mapping[str, Rule]
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What Cedar said: `rules` are the @id annotations that decided, none for a default denial.

    `undecided` is a question that could not be evaluated in full; it is never allowed.
    """

    allowed: bool
    rules: tuple[str, ...]
    undecided: bool = False


UNDECIDED = Verdict(allowed=False, rules=(), undecided=True)


def policy_files() -> list[Path]:
    """Every Cedar file of the house, in the order in which it is parsed."""
    return sorted([*FOLDER.glob("role/*.cedar"), *FOLDER.glob("articles/*.cedar")])


@cache
def house() -> House:
    """Parsed at the first question of the process. Raises LawBroken when a policy does not fit the schema."""
    schema_text = (FOLDER / "schema.cedarschema").read_text()
    policy_text = "\n".join(path.read_text() for path in policy_files())
    try:
        schema, kinds = (cedarpy.Schema.from_str(text) for text in (schema_text, kinds_in(schema_text)))
        rules = rules_in(policy_text)
    except ValueError as error:
        raise LawBroken(f"The policies cannot be read: {error}") from error
    validation = cedarpy.validate_policies(policy_text, schema)
    if not validation.validation_passed:
        raise LawBroken("The policies do not fit their schema: " + "; ".join(map(str, validation.errors)))
    digest = hashlib.sha256(f"{schema_text}\0{policy_text}".encode()).hexdigest()
    return House(schema, kinds, rules, digest)


@cache
def known_houses() -> frozenset[str]:
    """Digests of this house's policies and of every release before it: `houses.txt`, which only grows."""
    return frozenset([*(FOLDER / "houses.txt").read_text().split(), house().digest])


def rules_on(action: Action, forbids: tuple[Forbid, ...]) -> cedarpy.PolicySet:
    """The policies of the house that can apply to an action, and what a guild forbade of it besides."""
    heard = tuple(forbid for forbid in forbids if concerns(forbid.text, action.value))
    return _with_forbids(action, heard) if heard else _of_the_house(action)


@lru_cache(maxsize=len(Action))
def _of_the_house(action: Action) -> cedarpy.PolicySet:
    return policies({name: rule for name, rule in house().rules.items() if can_apply(rule, action.value)})


@lru_cache(maxsize=512)
def _with_forbids(action: Action, forbids: tuple[Forbid, ...]) -> cedarpy.PolicySet:
    """Each rule of a guild stands under the name `forbid:<its name>`."""
    written = [f'@id("{OF_MEMBERS}{forbid.name}")\n{forbid.text}' for forbid in forbids]
    return _of_the_house(action).with_added_str("\n".join(written))


def known(principal: Principal | GuildItself, resource: Resource) -> cedarpy.Entities:
    """The entities of one question, fitted to the schema: the guild with its law, who asks, and what of.

    What is kept of earlier questions goes by all that it says: under another law, or with another office,
    somebody is read anew. Raises ValueError for what does not fit.
    """
    asking = (
        _asking(principal) if isinstance(principal, Principal) else _guild(principal.guild, principal.law)
    )
    if is_at_hand(principal, resource):
        return asking
    return asking.with_added_json_str(json.dumps([resource_document(resource)]), house().kinds)


@lru_cache(maxsize=1024)
def _asking(principal: Principal) -> cedarpy.Entities:
    document = json.dumps([principal_document(principal)])
    return _guild(principal.guild, principal.law).with_added_json_str(document, house().kinds)


@lru_cache(maxsize=256)
def _guild(guild: UUID, law: Law) -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str(json.dumps([guild_document(guild, law)]), house().kinds)


def decide(
    *, principal: Principal | GuildItself, action: Action, resource: Resource, context: Mapping[str, Any]
) -> Verdict:
    """Ask Cedar. An error anywhere - a wrong type, a missing attribute, an unknown action - is a denial."""
    try:
        action = Action(action)
        result = cedarpy.is_authorized(
            {
                "principal": {"type": principal.type, "id": str(principal.id)},
                "action": {"type": "Action", "id": action.value},
                "resource": {"type": resource.type, "id": str(resource.id)},
                "context": context_document(context),
            },
            rules_on(action, principal.law.forbids),
            known(principal, resource),
            schema=house().schema,
        )
    except (TypeError, ValueError, ArithmeticError) as error:
        logger.error("The law could not be asked about %s: %s", action, type(error).__name__)
        return UNDECIDED
    if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
        logger.error("The law was not applied to %s: %s", action, _without_values(result.diagnostics.errors))
        return UNDECIDED
    annotations = result.diagnostics.id_annotations_by_reason
    return Verdict(result.allowed, tuple(sorted(annotations.get(r, r) for r in result.diagnostics.reasons)))


def _without_values(errors: list[str]) -> str:
    """Only the last part of Cedar's message: the first may repeat the whole question."""
    return "; ".join(error.rsplit("]: ", 1)[-1] for error in errors) or "no decision"
