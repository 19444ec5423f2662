"""The one door: who may do what, and why. Nothing else in the code decides."""

import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from governance.policies import engine, refusals
from governance.policies.entities import GuildItself, Principal, Resource
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.law import Law, LawUnreadable, law_of
from governance.policies.reasons import UNDECIDED, WHO_MAY, sentence_of
from guild.tenancy.models import Guild, Membership

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """An answer: the sentences that explain it, the digest of the law it was made under, and the names of the
    rules that decided (none where nothing allowed it).
    """

    allowed: bool
    reasons: tuple[str, ...]
    policy_set: str
    rules: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


UNREADABLE: Final = Decision(allowed=False, reasons=(UNDECIDED,), policy_set="")
"""The answer to everything where the law of the guild cannot be read."""


def authorize(*, actor: Membership | Guild, action: Action, resource: Resource, **context: Any) -> Decision:
    """Ask the law of the actor's guild. No query if `actor.guild` is loaded; anything unclear is a denial.

    The actor is a member, or the guild itself for a duty of its own, which no member's standing decides.
    """
    try:
        principal = _principal(actor)
    except LawUnreadable as error:
        logger.error("The law of a guild cannot be read: %s", error)
        return UNREADABLE
    verdict = engine.decide(principal=principal, action=action, resource=resource, context=context)
    return Decision(verdict.allowed, _sentences(verdict, action), _digest(principal.law), verdict.rules)


def require(*, actor: Membership | Guild, action: Action, resource: Resource, **context: Any) -> Decision:
    """As `authorize`, but raises Denied, whose text is the reason, unless allowed."""
    decision = authorize(actor=actor, action=action, resource=resource, **context)
    if not decision.allowed:
        if isinstance(actor, Membership):
            asked = actor, Action(action), resource, context
            refusals.note(refusals.Refusal(*asked, decision.rules, decision.policy_set))
        raise Denied(decision)
    return decision


def policy_set(guild: Guild) -> str:
    """Digest of the law of a guild: the house's policies, and what its members gave to them and added."""
    return _digest(law_of(guild))


@lru_cache(maxsize=1024)
def digest_of(text: str, *, house: str) -> str:
    """Digest of a law, from its `text`, under the policies of a house, from their digest."""
    return hashlib.sha256(f"law {house}\n{text}".encode()).hexdigest()


def _digest(law: Law) -> str:
    return digest_of(law.text, house=engine.house().digest)


def _principal(actor: Membership | Guild) -> Principal | GuildItself:
    if isinstance(actor, Guild):
        return GuildItself(guild=actor.id, law=law_of(actor))
    return Principal(
        id=actor.id,
        dreamer=actor.dreamer_id,
        guild=actor.guild_id,
        offices=tuple(actor.offices),
        live=actor.is_live,
        law=law_of(actor.guild),
    )


def _sentences(verdict: engine.Verdict, action: Action) -> tuple[str, ...]:
    if verdict.undecided:
        return (UNDECIDED,)
    if not verdict.rules:
        return (WHO_MAY[action],)
    return tuple(map(sentence_of, verdict.rules))
