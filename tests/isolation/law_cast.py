"""Members of every office and what the law is asked about, for the tests of its decisions."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from governance.policies import entities
from governance.policies.entities import Resource
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

OFFICES = {
    "d": Office.DREAMER,
    "a": Office.ARCHITECT,
    "t": Office.TECHNICIAN,
    "l": Office.LEADER,
    "e": Office.ENFORCER,
    "s": Office.STEWARD,
}
EVERYBODY, NOBODY, ITSELF = "datles", "", "g"
LANTERN = Guild(id=uuid4(), slug="lantern", name="The Lantern Guild")
HARBOUR = Guild(id=uuid4(), slug="harbour", name="The Harbour Guild")
SOMEBODY = uuid4()


def member(office: Office = Office.DREAMER, *, guild: Guild = LANTERN, ended: bool = False) -> Membership:
    return Membership(
        id=uuid4(),
        guild=guild,
        dreamer_id=uuid4(),
        display_name=office.label,
        offices=[office.value],
        ended_at=datetime(2026, 1, 1, tzinfo=UTC) if ended else None,
    )


def session(actor: Membership, *, hosts: bool = False, state: str = "open") -> Resource:
    return entities.session(id=SOMEBODY, guild=LANTERN.id, host=actor.id if hosts else SOMEBODY, state=state)


def owned(build: object, actor: Membership, *, owns: bool) -> Resource:
    owner = actor.dreamer_id if owns else SOMEBODY
    if build is entities.consents:
        return entities.consents(guild=LANTERN.id, owner=owner)
    return build(id=SOMEBODY, guild=LANTERN.id, owner=owner)  # type: ignore[operator]


def the_guild(actor: Membership) -> Resource:
    return entities.guild(LANTERN.id)


def a_lounge(actor: Membership) -> Resource:
    return entities.lounge(id=SOMEBODY, guild=LANTERN.id)


def another_member(actor: Membership) -> Resource:
    return entities.member(id=SOMEBODY, guild=LANTERN.id, dreamer=SOMEBODY, live=True)


def oneself(actor: Membership) -> Resource:
    return entities.member(id=actor.id, guild=LANTERN.id, dreamer=actor.dreamer_id, live=True)


def anothers_session(actor: Membership) -> Resource:
    return session(actor)


def own_session(actor: Membership) -> Resource:
    return session(actor, hosts=True)


def closed_session(actor: Membership) -> Resource:
    return session(actor, hosts=True, state="closed")


def hostless_session(actor: Membership) -> Resource:
    return entities.session(id=SOMEBODY, guild=LANTERN.id, host=None, state="open")


def own_dream(actor: Membership) -> Resource:
    return owned(entities.contribution, actor, owns=True)


def anothers_dream(actor: Membership) -> Resource:
    return owned(entities.contribution, actor, owns=False)


def own_consents(actor: Membership) -> Resource:
    return owned(entities.consents, actor, owns=True)


def anothers_consents(actor: Membership) -> Resource:
    return owned(entities.consents, actor, owns=False)


def own_reflection(actor: Membership) -> Resource:
    return owned(entities.reflection, actor, owns=True)


def anothers_reflection(actor: Membership) -> Resource:
    return owned(entities.reflection, actor, owns=False)


def a_finding(actor: Membership) -> Resource:
    return entities.finding(id=SOMEBODY, guild=LANTERN.id, ruler=SOMEBODY)


def own_ruling(actor: Membership) -> Resource:
    return entities.finding(id=SOMEBODY, guild=LANTERN.id, ruler=actor.id)


def part_in_the_ruling(actor: Membership) -> Resource:
    return entities.finding(id=SOMEBODY, guild=LANTERN.id, ruler=SOMEBODY, parties=[SOMEBODY, actor.id])


def suspension(actor: Membership) -> Resource:
    return entities.suspension(id=SOMEBODY, guild=LANTERN.id, member=SOMEBODY, asker=SOMEBODY)


def suspension_unasked(actor: Membership) -> Resource:
    return entities.suspension(id=SOMEBODY, guild=LANTERN.id, member=SOMEBODY)


def suspension_asked_by_oneself(actor: Membership) -> Resource:
    return entities.suspension(id=SOMEBODY, guild=LANTERN.id, member=SOMEBODY, asker=actor.id)


def own_suspension(actor: Membership) -> Resource:
    return entities.suspension(id=SOMEBODY, guild=LANTERN.id, member=actor.id, asker=SOMEBODY)


def dreamscape(actor: Membership) -> Resource:
    return entities.dreamscape(id=SOMEBODY, guild=LANTERN.id)


def published_dreamscape(actor: Membership) -> Resource:
    return entities.dreamscape(id=SOMEBODY, guild=LANTERN.id, published=True)


def colony(
    actor: Membership, *, leads: bool = False, admission: str = "open", archived: bool = False
) -> Resource:
    leaders = [actor.id] if leads else [SOMEBODY]
    return entities.colony(
        id=SOMEBODY, guild=LANTERN.id, leaders=leaders, admission=admission, archived=archived
    )


def open_colony(actor: Membership) -> Resource:
    return colony(actor)


def asked_colony(actor: Membership) -> Resource:
    return colony(actor, admission="request")


def closed_colony(actor: Membership) -> Resource:
    return colony(actor, admission="invitation")


def own_colony(actor: Membership) -> Resource:
    return colony(actor, leads=True)


def archived_colony(actor: Membership) -> Resource:
    return colony(actor, leads=True, archived=True)


def halted_session(actor: Membership) -> Resource:
    return entities.session(id=SOMEBODY, guild=LANTERN.id, host=actor.id, state="open", halted=True)


def experience(state: str, author: object = SOMEBODY) -> Resource:
    return entities.experience(id=SOMEBODY, guild=LANTERN.id, state=state, author=author)  # type: ignore[arg-type]


def tried_experience(actor: Membership) -> Resource:
    return experience("experimental")


def own_experience(actor: Membership) -> Resource:
    return experience("experimental", actor.id)


def draft_experience(actor: Membership) -> Resource:
    return experience("draft")


def suspended_experience(actor: Membership) -> Resource:
    return experience("suspended")


def a_report(actor: Membership) -> Resource:
    return entities.report(
        id=SOMEBODY, guild=LANTERN.id, reporter=SOMEBODY, reported=SOMEBODY, decider=SOMEBODY
    )


def report_of_ones_own(actor: Membership) -> Resource:
    return entities.report(id=SOMEBODY, guild=LANTERN.id, reporter=SOMEBODY, reported=actor.id)


def report_by_oneself(actor: Membership) -> Resource:
    return entities.report(id=SOMEBODY, guild=LANTERN.id, reporter=actor.id, reported=SOMEBODY)


def report_decided_by_oneself(actor: Membership) -> Resource:
    return entities.report(
        id=SOMEBODY, guild=LANTERN.id, reporter=SOMEBODY, reported=SOMEBODY, decider=actor.id
    )


WITHIN, BEYOND = {"beyond": False}, {"beyond": True}
FROM_HERE, FROM_ELSEWHERE = {"giver": ""}, {"giver": str(HARBOUR.id)}
BELONGS, BELONGS_NOT = {"belongs": True}, {"belongs": False}
INVITED, UNINVITED = {"invited": True}, {"invited": False}
CONCERNED, UNCONCERNED = {"concerned": True}, {"concerned": False}
THERE, NOT_THERE = {"participating": True}, {"participating": False}
KEEPS, LOSES = {"retention": 0.60, "voices": 4}, {"retention": 0.5999, "voices": 4}


def anothers_invitation(actor: Membership) -> Resource:
    return entities.invitation(id=SOMEBODY, guild=LANTERN.id, maker=SOMEBODY)


def own_invitation(actor: Membership) -> Resource:
    return entities.invitation(id=SOMEBODY, guild=LANTERN.id, maker=actor.id)


def handover(actor: Membership, *, giver: UUID = SOMEBODY, successor: UUID = SOMEBODY) -> Resource:
    return entities.handover(id=SOMEBODY, guild=LANTERN.id, giver=giver, successor=successor)


def handover_to_oneself(actor: Membership) -> Resource:
    return handover(actor, successor=actor.id)


def handover_by_oneself(actor: Membership) -> Resource:
    return handover(actor, giver=actor.id)


def an_export(actor: Membership) -> Resource:
    return entities.guild_act(id=SOMEBODY, guild=LANTERN.id, asker=SOMEBODY, kind="export")


def own_export(actor: Membership) -> Resource:
    return entities.guild_act(id=SOMEBODY, guild=LANTERN.id, asker=actor.id, kind="export")


def a_closing(actor: Membership) -> Resource:
    return entities.guild_act(id=SOMEBODY, guild=LANTERN.id, asker=SOMEBODY, kind="close")


def a_former_member(actor: Membership) -> Resource:
    return entities.member(id=SOMEBODY, guild=LANTERN.id, dreamer=SOMEBODY, live=False)


ENFORCERS = {"office": "enforcer"}
HOLDS, HOLDS_NOT = {"holds": True}, {"holds": False}
OFFERS, OFFERS_WHAT_OTHERS_HOLD = HOLDS | {"office": "enforcer"}, HOLDS_NOT | {"office": "enforcer"}


def anothers_proposal(actor: Membership) -> Resource:
    return entities.proposal(id=SOMEBODY, guild=LANTERN.id, author=SOMEBODY)


def own_proposal(actor: Membership) -> Resource:
    return entities.proposal(id=SOMEBODY, guild=LANTERN.id, author=actor.id)


def anothers_petition(actor: Membership) -> Resource:
    return entities.petition(id=SOMEBODY, guild=LANTERN.id, author=SOMEBODY)


def own_petition(actor: Membership) -> Resource:
    return entities.petition(id=SOMEBODY, guild=LANTERN.id, author=actor.id)
