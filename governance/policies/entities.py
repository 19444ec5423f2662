"""Who asks, and of what, as Cedar reads it. Pure: built from values the caller already holds, no query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from numbers import Real
from typing import Any, ClassVar
from uuid import UUID

from governance.policies.law import Law

LEAST = ("individuality_floor", "halt_share", "petition_share", "change_quorum")
"""Shares that something must reach."""
MOST = ("largest_depth",)
"""Shares that nothing may pass."""
PLAIN = (
    "smallest_group",
    "smallest_published",
    "experiences_approved_by",
    "hosts",
    "opens_at",
    "closes_at",
    "retention_days",
    "exchange_reach",
    "change_method",
    "sponsors",
    "secret_ballots",
    "invited_by",
    "appointed_by",
    "term_months",
)

_STEP = Decimal("0.0001")  # Cedar's decimal has four digits after the point

Json = dict[str, Any]


@dataclass(frozen=True)
class Principal:
    """A member as the law sees one."""

    type: ClassVar[str] = "Member"
    id: UUID
    dreamer: UUID
    guild: UUID
    offices: tuple[str, ...]
    live: bool
    law: Law


@dataclass(frozen=True)
class GuildItself:
    """The guild as the one that acts, in a duty of its own that no member asks for."""

    type: ClassVar[str] = "Guild"
    guild: UUID
    law: Law

    @property
    def id(self) -> UUID:
        return self.guild


@dataclass(frozen=True)
class Resource:
    """What is asked of. Make one with the builders below; `attributes` are its type's in the schema."""

    type: str
    id: UUID
    guild: UUID
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """An attribute that names another entity."""

    type: str
    id: UUID


def guild(guild: UUID) -> Resource:
    return Resource("Guild", guild, guild)


def member(*, id: UUID, guild: UUID, dreamer: UUID, live: bool) -> Resource:
    """Another member, as the one to appoint or to take leave of."""
    return Resource("Member", id, guild, {"dreamer": Reference("Dreamer", dreamer), "live": live})


def lounge(*, id: UUID, guild: UUID) -> Resource:
    return Resource("Lounge", id, guild)


def session(*, id: UUID, guild: UUID, host: UUID | None, state: str, halted: bool = False) -> Resource:
    """A session; `host` is the id of the host's membership, `state` is scheduled, open or closed; `halted` is
    whether its participants stopped its blend.
    """
    attributes: Json = {"state": str(state), "halted": halted}
    if host is not None:
        attributes["host"] = Reference("Member", host)
    return Resource("Session", id, guild, attributes)


def contribution(*, id: UUID, guild: UUID, owner: UUID) -> Resource:
    """A lent dream; `owner` is the id of its dreamer."""
    return Resource("Contribution", id, guild, {"owner": Reference("Dreamer", owner)})


def consents(*, guild: UUID, owner: UUID) -> Resource:
    """All consents of one dreamer in one guild."""
    return Resource("Consents", owner, guild, {"owner": Reference("Dreamer", owner)})


def dreamscape(*, id: UUID, guild: UUID, published: bool = False) -> Resource:
    return Resource("Dreamscape", id, guild, {"published": published})


def reflection(*, id: UUID, guild: UUID, owner: UUID) -> Resource:
    """A reflection; `owner` is the id of the dreamer it was made for."""
    return Resource("Reflection", id, guild, {"owner": Reference("Dreamer", owner)})


def finding(*, id: UUID, guild: UUID, ruler: UUID | None = None, parties: Collection[UUID] = ()) -> Resource:
    """A finding of an audit; `ruler` is the id of the membership that ruled on it last, `parties` are the ids
    of who else had a part in that ruling.
    """
    attributes: Json = {"parties": [Reference("Member", party) for party in parties]}
    if ruler is not None:
        attributes["ruler"] = Reference("Member", ruler)
    return Resource("Finding", id, guild, attributes)


def suspension(*, id: UUID, guild: UUID, member: UUID, asker: UUID | None = None) -> Resource:
    """An office taken from a member; `asker` is the id of the membership that asked for it to be lifted."""
    attributes: Json = {"member": Reference("Member", member)}
    if asker is not None:
        attributes["asker"] = Reference("Member", asker)
    return Resource("Suspension", id, guild, attributes)


def colony(*, id: UUID, guild: UUID, leaders: Collection[UUID], admission: str, archived: bool) -> Resource:
    """A colony; `leaders` are the ids of the memberships that lead or co-lead it."""
    attributes: Json = {
        "leaders": [Reference("Member", leader) for leader in leaders],
        "admission": str(admission),
        "archived": archived,
    }
    return Resource("Colony", id, guild, attributes)


def experience(
    *, id: UUID, guild: UUID, state: str, approvals: int = 0, author: UUID | None = None
) -> Resource:
    """A version of a blend recipe; `author` is the id of the membership that wrote it."""
    attributes: Json = {"state": str(state), "approvals": approvals}
    if author is not None:
        attributes["author"] = Reference("Member", author)
    return Resource("Experience", id, guild, attributes)


def report(
    *, id: UUID, guild: UUID, reporter: UUID, reported: UUID | None = None, decider: UUID | None = None
) -> Resource:
    """Something that was reported; all are ids of memberships."""
    attributes: Json = {"reporter": Reference("Member", reporter)}
    if reported is not None:
        attributes["reported"] = Reference("Member", reported)
    if decider is not None:
        attributes["decider"] = Reference("Member", decider)
    return Resource("Report", id, guild, attributes)


def invitation(*, id: UUID, guild: UUID, maker: UUID) -> Resource:
    """An invitation into the guild; `maker` is the id of the membership that made it."""
    return Resource("Invitation", id, guild, {"maker": Reference("Member", maker)})


def handover(*, id: UUID, guild: UUID, giver: UUID, successor: UUID) -> Resource:
    """An office that one member offered to another; both by the ids of their memberships."""
    parties = {"giver": Reference("Member", giver), "successor": Reference("Member", successor)}
    return Resource("Handover", id, guild, parties)


def guild_act(*, id: UUID, guild: UUID, asker: UUID, kind: str) -> Resource:
    """What takes two persons; `asker` is the id of the membership that asked, `kind` is export or close."""
    return Resource("GuildAct", id, guild, {"asker": Reference("Member", asker), "kind": str(kind)})


def proposal(*, id: UUID, guild: UUID, author: UUID) -> Resource:
    """Something to be decided; `author` is the id of the membership that proposed it."""
    return Resource("Proposal", id, guild, {"author": Reference("Member", author)})


def petition(*, id: UUID, guild: UUID, author: UUID) -> Resource:
    """A petition; `author` is the id of the membership that began it."""
    return Resource("Petition", id, guild, {"author": Reference("Member", author)})


def is_at_hand(principal: Principal | GuildItself, resource: Resource) -> bool:
    """Whether what is asked about is the guild of whoever asks, or they themselves."""
    known = {("Guild", principal.guild), (principal.type, principal.id)}
    return resource.guild == principal.guild and (resource.type, resource.id) in known


def context_document(context: Mapping[str, Any]) -> Json:
    """Context values as Cedar reads them; fractions are rounded down, so none passes a floor by rounding.

    Raises TypeError for a value that is no boolean, whole number, fraction or text.
    """
    return {key: _context_value(key, value) for key, value in context.items()}


def context_value(value: Any) -> bool | int | str | float:
    """A value of a context as a leaf keeps it."""
    if isinstance(value, bool | int | str):
        return value
    return float(value)


def _context_value(key: str, value: Any) -> Any:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Real | Decimal):
        return _decimal(Decimal(str(value)), rounding=ROUND_FLOOR)
    raise TypeError(f"The context of a decision cannot hold {key}: give a boolean, a number or text.")


def guild_document(guild: UUID, law: Law) -> Json:
    """A guild, with what of its law Cedar is asked about."""
    attributes = {
        **{name: _decimal(getattr(law, name), rounding=ROUND_CEILING) for name in LEAST},
        **{name: _decimal(getattr(law, name), rounding=ROUND_FLOOR) for name in MOST},
        **{name: getattr(law, name) for name in PLAIN},
        "exchange_with_all": not law.exchange_partners,
        "exchange_partners": list(law.exchange_partners),
    }
    return {"uid": _uid("Guild", guild), "attrs": attributes, "parents": []}


def principal_document(principal: Principal) -> Json:
    """The member who asks, in their offices."""
    return {
        "uid": _uid("Member", principal.id),
        "attrs": {
            "guild": _reference("Guild", principal.guild),
            "dreamer": _reference("Dreamer", principal.dreamer),
            "live": principal.live,
        },
        "parents": [
            _uid("Guild", principal.guild),
            *({"type": "Office", "id": str(office)} for office in principal.offices),
        ],
    }


def resource_document(resource: Resource) -> Json:
    """What is asked about, in its guild."""
    attributes = {key: _attribute(value) for key, value in resource.attributes.items()}
    return {
        "uid": _uid(resource.type, resource.id),
        "attrs": {"guild": _reference("Guild", resource.guild), **attributes},
        "parents": [_uid("Guild", resource.guild)],
    }


def _attribute(value: Any) -> Any:
    if isinstance(value, Reference):
        return _reference(value.type, value.id)
    return [_attribute(item) for item in value] if isinstance(value, list) else value


def _uid(type_name: str, entity_id: UUID) -> Json:
    return {"type": type_name, "id": str(entity_id)}


def _reference(type_name: str, entity_id: UUID) -> Json:
    return {"__entity": _uid(type_name, entity_id)}


def _decimal(value: Decimal, *, rounding: str) -> Json:
    return {"__extn": {"fn": "decimal", "arg": str(value.quantize(_STEP, rounding=rounding))}}
