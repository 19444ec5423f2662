"""How leaves are read as decisions, for previews: one function a kind. What a leaf leaves open is taken as it
must have been for the act to be allowed.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.ledger.enums import LeafKind
from governance.ledger.leaves import Entry
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.previewing import Asked, replays
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership

BLEND = "blend"
"""The purpose whose depth the law bounds; its room stands above this one."""


@replays(LeafKind.SESSION_OPENED)
def opened(actor: Membership, entry: Entry) -> Asked:
    """By the clock of the guild's law as it is now."""
    lounge = UUID(entry.detail["lounge"]) if entry.detail.get("lounge") else actor.guild_id
    here = entry.at.astimezone(ZoneInfo(law_of(actor.guild).clock))
    context = {"minute": here.hour * 60 + here.minute}
    return Asked(Action.OPEN_SESSION, entities.lounge(id=lounge, guild=actor.guild_id), context)


@replays(LeafKind.CONSENT_GIVEN)
def consented(actor: Membership, entry: Entry) -> Asked | None:
    """A consent that says how deep a dream may be blended."""
    depth = entry.detail.get("depth")
    if entry.detail.get("purpose") != BLEND or not isinstance(depth, int | float):
        return None
    resource = entities.contribution(id=actor.guild_id, guild=actor.guild_id, owner=actor.dreamer_id)
    return Asked(Action.GIVE_CONSENT, resource, {"depth": float(depth)})


@replays(LeafKind.RITUAL_OFFERED)
def offered(actor: Membership, entry: Entry) -> Asked:
    return Asked(Action.OFFER_RITUAL, _led(actor), {"beyond": False})


@replays(LeafKind.RITUAL_OFFERED_BEYOND)
def offered_beyond(actor: Membership, entry: Entry) -> Asked:
    return Asked(Action.OFFER_RITUAL, _led(actor), {"beyond": True})


@replays(LeafKind.RITUAL_ADOPTED)
def adopted(actor: Membership, entry: Entry) -> Asked:
    giver: Any = entry.detail.get("giver", "")
    return Asked(Action.ADOPT_RITUAL, _led(actor), {"giver": str(giver)})


@replays(LeafKind.INVITATION_MADE)
def invited(actor: Membership, entry: Entry) -> Asked:
    return Asked(Action.INVITE_MEMBER, entities.guild(actor.guild_id), {})


@replays(LeafKind.OFFICE_GRANTED)
def granted(actor: Membership, entry: Entry) -> Asked | None:
    """An appointment by somebody; the founder's own first office is nobody's decision."""
    if Office.STEWARD not in actor.offices:
        return None
    someone = entities.member(id=actor.guild_id, guild=actor.guild_id, dreamer=actor.guild_id, live=True)
    return Asked(Action.GRANT_OFFICE, someone, {})


def _led(actor: Membership) -> Resource:
    """A colony that the member leads."""
    return entities.colony(
        id=actor.guild_id, guild=actor.guild_id, leaders=[actor.pk], admission="open", archived=False
    )
