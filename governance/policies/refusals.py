"""What a guild's own law refused stands in its ledger, so that a draft can be tried on it.

`require` notes a refusal for whoever listens; the request that was refused is rolled back, and then the leaf
is written by itself, once an hour for the same thing. The rules of the house leave none.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.entities import Reference, Resource, context_value
from governance.policies.enums import Action
from governance.policies.reasons import OF_MEMBERS
from governance.policies.templates import template_behind
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership

AN_HOUR: Final = 3600


@dataclass(frozen=True)
class Refusal:
    """A question that the law of the actor's guild answered with no, by these rules."""

    actor: Membership
    action: Action
    resource: Resource
    context: Mapping[str, Any]
    rules: tuple[str, ...]
    policy_set: str


_heard: ContextVar[list[Refusal] | None] = ContextVar("refusals", default=None)


@contextmanager
def listening() -> Iterator[list[Refusal]]:
    """Collects what is refused meanwhile."""
    heard: list[Refusal] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def note(refusal: Refusal) -> None:
    """Tell whoever listens of a refusal, if the guild's own law is behind it."""
    heard = _heard.get()
    if heard is not None and any(_is_of_the_guild(rule) for rule in refusal.rules):
        heard.append(refusal)


def record(refusal: Refusal) -> None:
    """The leaf of a refusal, in a transaction of its own; again within the hour it is the same one."""
    actor, resource = refusal.actor, refusal.resource
    same = f"{actor.pk} {refusal.action} {resource.id} {refusal.policy_set}"
    if not cache.add(f"refused:{hashlib.sha256(same.encode()).hexdigest()}", 1, timeout=AN_HOUR):
        return
    with tenant(guild=actor.guild_id, dreamer=actor.dreamer_id):
        ledger.append(
            guild=actor.guild_id,
            kind=LeafKind.LAW_REFUSED,
            actor=actor.pseudonym,
            subjects=[str(resource.id)],
            policy_set=refusal.policy_set,
            detail={
                "action": refusal.action.value,
                "type": resource.type,
                "rules": list(refusal.rules),
                "context": {key: context_value(value) for key, value in refusal.context.items()},
                **_told(refusal),
            },
        )


class RefusalMiddleware:
    """Outside the request's transaction: what was refused in it is written after it was rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with listening() as heard:
            response = self.get_response(request)
        if response.status_code == 403:
            for refusal in heard[:1]:
                record(refusal)
        return response


def _is_of_the_guild(rule: str) -> bool:
    return rule.startswith(OF_MEMBERS) or template_behind(rule) is not None


def _told(refusal: Refusal) -> dict[str, Any]:
    """The attributes of what was asked of. Of references only whether they are to whoever acted, of lists
    only whether that member is in them, each with its type: nobody else is named.
    """
    oneself = (refusal.actor.pk, refusal.actor.dreamer_id)
    told: dict[str, dict[str, Any]] = {"attributes": {}, "own": {}, "others": {}, "among": {}}
    for name, value in refusal.resource.attributes.items():
        if isinstance(value, Reference):
            told["own" if value.id in oneself else "others"][name] = value.type
        elif isinstance(value, list):
            told["among"][name] = next((one.type for one in value if one.id in oneself), "")
        elif isinstance(value, bool | int | str):
            told["attributes"][name] = value
    return told
