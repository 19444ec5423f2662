"""The one door: who may do what, and why. Nothing else in the code decides."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from governance.policies import engine
from governance.policies.entities import PLAIN_EXCHANGE, Exchange, GuildItself, Principal, Resource
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.reasons import RULES, UNDECIDED, WHO_MAY
from guild.tenancy.models import Guild, Membership


@dataclass(frozen=True)
class Decision:
    """An answer: the sentences that explain it, and the digest of the law it was made under."""

    allowed: bool
    reasons: tuple[str, ...]
    policy_set: str

    def __bool__(self) -> bool:
        return self.allowed


def authorize(*, actor: Membership | Guild, action: Action, resource: Resource, **context: Any) -> Decision:
    """Ask the law of the actor's guild. No query if `actor.guild` is loaded; anything unclear is a denial.

    The actor is a member, or the guild itself for a duty of its own, which no member's standing decides.
    """
    verdict = engine.decide(principal=_principal(actor), action=action, resource=resource, context=context)
    law_of = actor if isinstance(actor, Guild) else actor.guild
    return Decision(verdict.allowed, _sentences(verdict, action), policy_set(law_of))


def require(*, actor: Membership | Guild, action: Action, resource: Resource, **context: Any) -> Decision:
    """As `authorize`, but raises Denied, whose text is the reason, unless allowed."""
    decision = authorize(actor=actor, action=action, resource=resource, **context)
    if not decision.allowed:
        raise Denied(decision)
    return decision


def policy_set(guild: Guild) -> str:
    """Digest of the law of a guild: the house's policies and the values its members gave their templates."""
    return policy_set_of(guild.individuality_floor, exchange=Exchange.of(guild).text)


def policy_set_of(individuality_floor: Decimal, *, exchange: str = PLAIN_EXCHANGE.text) -> str:
    """Digest of the law of any guild with these values, under the house's policies as they are now."""
    return _digest(engine.law().digest, f"{individuality_floor:.4f}", exchange)


@lru_cache(maxsize=1024)
def _digest(house: str, individuality_floor: str, exchange: str) -> str:
    text = f"law {house}\nindividuality_floor {individuality_floor}\nexchange {exchange}\n"
    return hashlib.sha256(text.encode()).hexdigest()


def _principal(actor: Membership | Guild) -> Principal | GuildItself:
    if isinstance(actor, Guild):
        return GuildItself(
            guild=actor.id, individuality_floor=actor.individuality_floor, exchange=Exchange.of(actor)
        )
    return Principal(
        id=actor.id,
        dreamer=actor.dreamer_id,
        guild=actor.guild_id,
        offices=tuple(actor.offices),
        live=actor.is_live,
        individuality_floor=actor.guild.individuality_floor,
        exchange=Exchange.of(actor.guild),
    )


def _sentences(verdict: engine.Verdict, action: Action) -> tuple[str, ...]:
    if verdict.undecided:
        return (UNDECIDED,)
    if not verdict.rules:
        return (WHO_MAY[action],)
    return tuple(RULES[rule] for rule in verdict.rules)
