"""The adapter to Cedar: parsed once a process, asked with plain values, and never allowed to fail open."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cedarpy

from governance.policies.entities import (
    GuildItself,
    Principal,
    Resource,
    context_document,
    entity_documents,
)
from governance.policies.enums import Action
from governance.policies.errors import LawBroken
from governance.policies.law import Forbid
from governance.policies.reasons import OF_MEMBERS

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class House:
    """The schema and the policies of every guild, parsed and validated; `digest` is of their exact text."""

    schema: cedarpy.Schema
    policies: cedarpy.PolicySet
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
        schema, policies = cedarpy.Schema.from_str(schema_text), cedarpy.PolicySet.from_str(policy_text)
    except ValueError as error:
        raise LawBroken(f"The policies cannot be read: {error}") from error
    validation = cedarpy.validate_policies(policy_text, schema)
    if not validation.validation_passed:
        raise LawBroken("The policies do not fit their schema: " + "; ".join(map(str, validation.errors)))
    digest = hashlib.sha256(f"{schema_text}\0{policy_text}".encode()).hexdigest()
    return House(schema, policies, digest)


@cache
def known_houses() -> frozenset[str]:
    """Digests of this house's policies and of every release before it: `houses.txt`, which only grows."""
    return frozenset([*(FOLDER / "houses.txt").read_text().split(), house().digest])


@lru_cache(maxsize=256)
def with_forbids(forbids: tuple[Forbid, ...]) -> cedarpy.PolicySet:
    """The policies of the house and what a guild forbade besides, each under the name `forbid:<its name>`."""
    written = [f'@id("{OF_MEMBERS}{forbid.name}")\n{forbid.text}' for forbid in forbids]
    return house().policies.with_added_str("\n".join(written))


def decide(
    *, principal: Principal | GuildItself, action: Action, resource: Resource, context: Mapping[str, Any]
) -> Verdict:
    """Ask Cedar. An error anywhere - a wrong type, a missing attribute, an unknown action - is a denial."""
    try:
        rules = house().policies if not principal.law.forbids else with_forbids(principal.law.forbids)
        result = cedarpy.is_authorized(
            {
                "principal": {"type": principal.type, "id": str(principal.id)},
                "action": {"type": "Action", "id": Action(action).value},
                "resource": {"type": resource.type, "id": str(resource.id)},
                "context": context_document(context),
            },
            rules,
            entity_documents(principal, resource),
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
