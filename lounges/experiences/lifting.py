"""How an experience comes back that a ruling let stay suspended: one enforcer asks, and another agrees.

As with an office that was taken: nobody lifts it from what they wrote themselves. Who asked stands in the log
alone. While a halt of it waits for a ruling, that ruling decides. Call in the guild's tenant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.selectors import as_one
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, authorize, require
from guild.tenancy.models import Membership
from lounges.experiences.errors import NoSuchExperience, NotNow
from lounges.experiences.models import Experience
from lounges.experiences.selectors import NO_SUCH_EXPERIENCE

OF_THE_HOUSE = UUID(int=0)
"""Whose the house's own recipe is: nobody's."""

Hindrance = Callable[[Experience], str]

_hindrances: list[Hindrance] = []


@dataclass(frozen=True)
class Asking:
    """That an enforcer asked, by its leaf; `by` is None for somebody who is not known any more."""

    leaf: int
    by: Membership | None


@dataclass(frozen=True)
class Way:
    """For a page: what its reader may do for a suspended experience, and what stands in everybody's way."""

    may_ask: bool = False
    may_lift: bool = False
    asking: Asking | None = None
    hindrance: str = ""


def hindered_by(hindrance: Hindrance) -> None:
    """What a room above says has to come first, in a sentence; "" where nothing has. Once, at the start."""
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


def way_for(member: Membership, experience: Experience) -> Way:
    """What the law lets a member do for an experience now."""
    if not experience.is_suspended:
        return Way()
    asking, hindrance = asking_of(experience), _hindrance(experience)
    resource = _resource_of(experience, asking, to=member)
    may_ask = authorize(actor=member, action=Action.ASK_TO_LIFT, resource=resource).allowed
    may_lift = authorize(actor=member, action=Action.LIFT_SUSPENSION, resource=resource).allowed
    return Way(may_ask and asking is None and not hindrance, may_lift and not hindrance, asking, hindrance)


def asking_of(experience: Experience) -> Asking | None:
    """Whether an enforcer asked since it was suspended."""
    rows = Leaf.objects.filter(
        guild_id=experience.guild_id,
        kind=LeafKind.EXPERIENCE_LIFTING_ASKED,
        index__gt=experience.suspended_leaf or 0,
    )
    for index, raw in rows.order_by("index").values_list("index", "entry"):
        entry = decode(bytes(raw))
        if entry.subjects[0] == str(experience.pk):
            asker = Membership.objects.filter(guild_id=experience.guild_id, pseudonym=entry.actor).first()
            return Asking(index, asker)
    return None


@transaction.atomic
def ask_to_lift(*, by: Membership, experience: UUID) -> None:
    """Ask that a suspended experience may be used again. Asking twice is asking once.

    Raises NoSuchExperience, Denied, and NotNow for what is not suspended, or waits for a ruling.
    """
    ledger.hold(guild=by.guild_id)
    held = _suspended(by, experience)
    asking = asking_of(held)
    decision = require(actor=by, action=Action.ASK_TO_LIFT, resource=_resource_of(held, asking, to=by))
    _refuse_the_undecided(held)
    if asking is None:
        _record(held, LeafKind.EXPERIENCE_LIFTING_ASKED, by, decision)


@transaction.atomic
def lift(*, by: Membership, experience: UUID) -> None:
    """Agree that it may be used again.

    Raises NoSuchExperience, Denied for whoever asked, for its author, and when nobody asked; and NotNow for
    what is not suspended (any more), or waits for a ruling.
    """
    ledger.hold(guild=by.guild_id)
    held = _suspended(by, experience)
    asking = asking_of(held)
    decision = require(actor=by, action=Action.LIFT_SUSPENSION, resource=_resource_of(held, asking, to=by))
    _refuse_the_undecided(held)
    leaf = _record(held, LeafKind.EXPERIENCE_LIFTED, by, decision, asked=asking.leaf if asking else None)
    held.suspended_at, held.suspended_leaf = None, leaf.index
    held.save(update_fields=["suspended_at", "suspended_leaf"])


def _suspended(by: Membership, experience: UUID) -> Experience:
    rows = Experience.objects.select_for_update(of=("self",))
    held = rows.filter(guild_id=by.guild_id, pk=experience).first()
    if held is None:
        raise NoSuchExperience(NO_SUCH_EXPERIENCE)
    if not held.is_suspended:
        require(actor=by, action=Action.ASK_TO_LIFT, resource=_resource_of(held, None, to=by))
        raise NotNow("This experience is not suspended.")
    return held


def _refuse_the_undecided(experience: Experience) -> None:
    if hindrance := _hindrance(experience):
        raise NotNow(hindrance)


def _hindrance(experience: Experience) -> str:
    return next((said for one in _hindrances if (said := one(experience))), "")


def _resource_of(experience: Experience, asking: Asking | None, *, to: Membership) -> Resource:
    """By persons, however often they came into the guild. An asker who is not known any more is nobody's
    equal, and has asked all the same.
    """

    def seen(member: Membership | None) -> UUID:
        return OF_THE_HOUSE if member is None else as_one(member, to=to)

    asker, owner = None if asking is None else seen(asking.by), seen(experience.author)
    return entities.suspension(id=experience.pk, guild=experience.guild_id, member=owner, asker=asker)


def _record(
    experience: Experience, kind: LeafKind, by: Membership, decision: Decision, **detail: object
) -> Leaf:
    return ledger.append(
        guild=experience.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(experience.pk)],
        policy_set=decision.policy_set,
        detail=detail,
    )
