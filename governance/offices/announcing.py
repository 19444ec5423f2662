"""Telling members of offices that come to them or go from them, and of what takes two, in their notices."""

from collections.abc import Iterable

from django.urls import reverse

from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices.holding_models import Handover, Term
from governance.offices.joint_models import GuildAct
from guild.notifications.enums import Kind
from guild.notifications.services import notify, notify_each, was_told
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of

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


def offered(handover: Handover) -> None:
    """The successor is asked whether they accept the office."""
    _of_handover(handover, handover.successor, Kind.OFFICE_HANDED_OVER, key=f"handover:{handover.pk}")


def answered(handover: Handover) -> None:
    """Whoever offered an office learns whether it was accepted."""
    key = f"handover-answered:{handover.pk}"
    _of_handover(handover, handover.giver, Kind.HANDOVER_ANSWERED, key=key)


def no_longer_offered(handover: Handover) -> None:
    """The successor learns that the offer does not stand any more: taken back, or fallen with the office."""
    key = f"handover-taken-back:{handover.pk}"
    if handover.successor.is_live:
        _of_handover(handover, handover.successor, Kind.HANDOVER_TAKEN_BACK, key=key)


def term_ending(term: Term) -> None:
    """Whoever holds the office learns when its term is about to end; again changes nothing."""
    until = term.until
    if until is None or not term.member.is_live:
        return
    key = f"term-ending:{term.pk}:{until:%Y%m%d%H%M}"
    path = reverse("membership:power", args=[term.member.guild.slug])
    if not was_told(term.member.dreamer_id, key=key):
        notify(dreamer=term.member.dreamer_id, kind=Kind.TERM_ENDING, guild=term.guild_id, path=path, key=key)


def second_wanted(act: GuildAct, seconders: Iterable[Membership]) -> None:
    """Whoever could agree to what somebody asked for."""
    _of_act(act, seconders, Kind.SECOND_WANTED, key=f"guild-act-asked:{act.pk}")


def closing_agreed(act: GuildAct) -> None:
    """Every member learns that the guild is to be closed, while they can halt it."""
    _of_act(act, members_of(act.guild_id), Kind.GUILD_CLOSING, key=f"closing-agreed:{act.pk}")


def taken_back(act: GuildAct, members: Iterable[Membership], *, by: Membership) -> None:
    """Whoever was told of it learns that it will not be done; not whoever took it back."""
    others = [member for member in members if member.pk != by.pk]
    _of_act(act, others, Kind.GUILD_ACT_TAKEN_BACK, key=f"guild-act-taken-back:{act.pk}")


def closing_halted(act: GuildAct) -> None:
    """Every member learns that the guild stays open."""
    _of_act(act, members_of(act.guild_id), Kind.CLOSING_HALTED, key=f"closing-halted:{act.pk}")


def _of_handover(handover: Handover, member: Membership, kind: Kind, *, key: str) -> None:
    path = reverse("membership:power", args=[member.guild.slug])
    notify(dreamer=member.dreamer_id, kind=kind, guild=handover.guild_id, path=path, key=key)


def _of_act(act: GuildAct, members: Iterable[Membership], kind: Kind, *, key: str) -> None:
    path = reverse("membership:together", args=[act.guild.slug])
    people = [member.dreamer_id for member in members]
    notify_each(people, kind=kind, guild=act.guild_id, path=path, key=key)
