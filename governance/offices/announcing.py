"""Telling a member of an office that came to them or went from them, in their notices."""

from django.urls import reverse

from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from guild.notifications.enums import Kind
from guild.notifications.services import notify
from guild.tenancy.models import Membership

_KINDS = {
    LeafKind.OFFICE_GRANTED: Kind.OFFICE_GRANTED,
    LeafKind.OFFICE_WITHDRAWN: Kind.OFFICE_WITHDRAWN,
}


def changed(member: Membership, kind: LeafKind, leaf: Leaf, *, by: Membership | None) -> None:
    """After the leaf of an office that changed hands; nobody is told what they did themselves."""
    if by is not None and by.dreamer_id == member.dreamer_id:
        return
    notify(
        dreamer=member.dreamer_id,
        kind=_KINDS[kind],
        guild=member.guild_id,
        path=reverse("portal:guild", args=[member.guild.slug]),
        key=f"office:{member.guild_id}:{leaf.index}",
        at=leaf.at,
    )
