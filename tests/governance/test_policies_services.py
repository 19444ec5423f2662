"""The law: every action, every office, in one table of decisions; and nothing that fails open."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import cedarpy
import pytest

from governance.policies import engine, entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.errors import Denied
from governance.policies.reasons import RULES, UNDECIDED, WHO_MAY
from governance.policies.services import authorize, policy_set, require
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
LANTERN = Guild(id=uuid4(), slug="lantern", name="The Lantern Guild", individuality_floor=Decimal("0.60"))
HARBOUR = Guild(id=uuid4(), slug="harbour", name="The Harbour Guild", individuality_floor=Decimal("0.60"))
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


WITHIN, BEYOND = {"beyond": False}, {"beyond": True}
FROM_HERE, FROM_ELSEWHERE = {"giver": ""}, {"giver": str(HARBOUR.id)}
BELONGS, BELONGS_NOT = {"belongs": True}, {"belongs": False}
INVITED, UNINVITED = {"invited": True}, {"invited": False}
CONCERNED, UNCONCERNED = {"concerned": True}, {"concerned": False}
THERE, NOT_THERE = {"participating": True}, {"participating": False}
KEEPS, LOSES = {"retention": 0.60, "voices": 4}, {"retention": 0.5999, "voices": 4}

# action, what it is asked of, context, the offices that may; ITSELF is the guild, which holds no office
DECISIONS = [
    (Action.VIEW_OVERSIGHT, the_guild, {}, "e"),
    (Action.RUN_AUDIT, the_guild, {}, "e"),
    (Action.EXPORT_OVERSIGHT, the_guild, {}, "e"),
    (Action.ASSIGN_FINDING, a_finding, {}, "e"),
    (Action.RULE_ON_FINDING, a_finding, {}, "e"),
    (Action.CONFIRM_RULING, a_finding, {}, "e"),
    (Action.CONFIRM_RULING, own_ruling, {}, NOBODY),
    (Action.DECIDE_APPEAL, a_finding, {}, "e"),
    (Action.DECIDE_APPEAL, own_ruling, {}, NOBODY),
    (Action.DECIDE_APPEAL, part_in_the_ruling, {}, NOBODY),
    (Action.SUSPEND_OFFICE, another_member, {"ruled": True}, ITSELF),
    (Action.SUSPEND_OFFICE, another_member, {"ruled": False}, NOBODY),
    (Action.RESTORE_OFFICE, another_member, {"ruled": True}, ITSELF),
    (Action.RESTORE_OFFICE, another_member, {"ruled": False}, NOBODY),
    (Action.ASK_TO_LIFT, suspension_unasked, {}, "e"),
    (Action.ASK_TO_LIFT, own_suspension, {}, NOBODY),
    (Action.LIFT_SUSPENSION, suspension, {}, "e"),
    (Action.LIFT_SUSPENSION, suspension_unasked, {}, NOBODY),
    (Action.LIFT_SUSPENSION, suspension_asked_by_oneself, {}, NOBODY),
    (Action.LIFT_SUSPENSION, own_suspension, {}, NOBODY),
    (Action.APPEAL_RULING, a_finding, CONCERNED, EVERYBODY),
    (Action.APPEAL_RULING, a_finding, UNCONCERNED, NOBODY),
    (Action.VIEW_GUILD, the_guild, {}, EVERYBODY),
    (Action.VIEW_LEDGER, the_guild, {}, EVERYBODY),
    (Action.ADMIT_MEMBER, the_guild, {}, "s"),
    (Action.GRANT_OFFICE, another_member, {}, "s"),
    (Action.GRANT_OFFICE, oneself, {}, "s"),
    (Action.WITHDRAW_OFFICE, another_member, {}, "s"),
    (Action.WITHDRAW_OFFICE, oneself, {}, "s"),
    (Action.END_MEMBERSHIP, another_member, {}, "s"),
    (Action.END_MEMBERSHIP, oneself, {}, "s"),
    (Action.LEAVE_GUILD, oneself, {}, EVERYBODY),
    (Action.LEAVE_GUILD, another_member, {}, NOBODY),
    (Action.VIEW_LOUNGE, a_lounge, {}, EVERYBODY),
    (Action.MANAGE_LOUNGE, the_guild, {}, "as"),
    (Action.MANAGE_LOUNGE, a_lounge, {}, "as"),
    (Action.OPEN_SESSION, a_lounge, {}, "as"),
    (Action.VIEW_SESSION, anothers_session, {}, EVERYBODY),
    (Action.VIEW_SESSION, closed_session, {}, EVERYBODY),
    (Action.JOIN_SESSION, anothers_session, {}, EVERYBODY),
    (Action.JOIN_SESSION, closed_session, {}, NOBODY),
    (Action.HEAR_SESSION, anothers_session, THERE, EVERYBODY),
    (Action.HEAR_SESSION, anothers_session, NOT_THERE, NOBODY),
    (Action.HEAR_SESSION, closed_session, THERE, EVERYBODY),
    (Action.SHARE_DREAM, anothers_session, THERE, EVERYBODY),
    (Action.SHARE_DREAM, anothers_session, NOT_THERE, NOBODY),
    (Action.SHARE_DREAM, closed_session, THERE, NOBODY),
    (Action.ASSOCIATE, anothers_session, THERE, EVERYBODY),
    (Action.ASSOCIATE, anothers_session, NOT_THERE, NOBODY),
    (Action.ASSOCIATE, closed_session, THERE, NOBODY),
    (Action.STEP_OUT, anothers_session, {}, EVERYBODY),
    (Action.STEP_OUT, closed_session, {}, EVERYBODY),
    (Action.SET_STAGE, own_session, {}, EVERYBODY),
    (Action.SET_STAGE, anothers_session, {}, NOBODY),
    (Action.SET_STAGE, closed_session, {}, NOBODY),
    (Action.BLEND, own_session, KEEPS, EVERYBODY),
    (Action.BLEND, own_session, LOSES, NOBODY),
    (Action.BLEND, own_session, {}, NOBODY),
    (Action.BLEND, anothers_session, KEEPS, NOBODY),
    (Action.BLEND, hostless_session, KEEPS, NOBODY),
    (Action.REMAKE, own_session, KEEPS, ITSELF),
    (Action.REMAKE, closed_session, KEEPS, ITSELF),
    (Action.REMAKE, hostless_session, KEEPS, ITSELF),
    (Action.REMAKE, own_session, LOSES, NOBODY),
    (Action.REMAKE, own_session, {}, NOBODY),
    (Action.RETRY_BLEND, own_session, {}, EVERYBODY),
    (Action.RETRY_BLEND, closed_session, {}, EVERYBODY),
    (Action.RETRY_BLEND, anothers_session, {}, "s"),
    (Action.RETRY_BLEND, hostless_session, {}, "s"),
    (Action.CLOSE_SESSION, own_session, {}, EVERYBODY),
    (Action.CLOSE_SESSION, anothers_session, {}, "s"),
    (Action.CLOSE_SESSION, hostless_session, {}, "s"),
    (Action.WITHDRAW_CONTRIBUTION, own_dream, {}, EVERYBODY),
    (Action.WITHDRAW_CONTRIBUTION, anothers_dream, {}, NOBODY),
    (Action.GIVE_CONSENT, own_dream, {}, EVERYBODY),
    (Action.GIVE_CONSENT, anothers_dream, {}, NOBODY),
    (Action.REQUEST_CONSENT, anothers_dream, {}, "as"),
    (Action.REVOKE_CONSENT, anothers_dream, {}, "e"),
    (Action.WITHDRAW_CONSENT, own_consents, {}, EVERYBODY),
    (Action.WITHDRAW_CONSENT, anothers_consents, {}, NOBODY),
    (Action.VIEW_CONSENTS, own_consents, {}, EVERYBODY),
    (Action.VIEW_CONSENTS, anothers_consents, {}, NOBODY),
    (Action.VIEW_DREAMSCAPE, dreamscape, THERE, EVERYBODY),
    (Action.VIEW_DREAMSCAPE, dreamscape, NOT_THERE, NOBODY),
    (Action.VIEW_DREAMSCAPE, published_dreamscape, NOT_THERE, EVERYBODY),
    (Action.VIEW_REFLECTION, own_reflection, {}, EVERYBODY),
    (Action.VIEW_REFLECTION, anothers_reflection, {}, NOBODY),
    (Action.FOUND_COLONY, the_guild, {}, "ls"),
    (Action.VIEW_COLONY, closed_colony, {}, EVERYBODY),
    (Action.VIEW_COLONY, archived_colony, {}, EVERYBODY),
    (Action.JOIN_COLONY, open_colony, UNINVITED, EVERYBODY),
    (Action.JOIN_COLONY, asked_colony, UNINVITED, NOBODY),
    (Action.JOIN_COLONY, closed_colony, INVITED, EVERYBODY),
    (Action.JOIN_COLONY, closed_colony, UNINVITED, NOBODY),
    (Action.JOIN_COLONY, archived_colony, INVITED, NOBODY),
    (Action.ASK_TO_JOIN_COLONY, open_colony, {}, NOBODY),
    (Action.ASK_TO_JOIN_COLONY, asked_colony, {}, EVERYBODY),
    (Action.ASK_TO_JOIN_COLONY, closed_colony, {}, NOBODY),
    (Action.LEAVE_COLONY, closed_colony, BELONGS, EVERYBODY),
    (Action.LEAVE_COLONY, archived_colony, BELONGS, EVERYBODY),
    (Action.LEAVE_COLONY, open_colony, BELONGS_NOT, NOBODY),
    (Action.LEAD_COLONY, own_colony, {}, EVERYBODY),
    (Action.LEAD_COLONY, archived_colony, {}, EVERYBODY),
    (Action.LEAD_COLONY, open_colony, {}, NOBODY),
    (Action.NAME_COLONY_LEADER, own_colony, {}, EVERYBODY),
    (Action.NAME_COLONY_LEADER, open_colony, {}, "s"),
    (Action.WRITE_RITUAL, own_colony, {}, EVERYBODY),
    (Action.WRITE_RITUAL, open_colony, {}, NOBODY),
    (Action.WRITE_RITUAL, archived_colony, {}, NOBODY),
    (Action.KEEP_RITUAL, open_colony, BELONGS, EVERYBODY),
    (Action.KEEP_RITUAL, open_colony, BELONGS_NOT, NOBODY),
    (Action.KEEP_RITUAL, archived_colony, BELONGS, NOBODY),
    (Action.VIEW_COLONY_FIGURES, own_colony, {"people": 5}, EVERYBODY),
    (Action.VIEW_COLONY_FIGURES, own_colony, {"people": 4}, NOBODY),
    (Action.VIEW_COLONY_FIGURES, open_colony, {"people": 50}, NOBODY),
    (Action.OFFER_RITUAL, own_colony, WITHIN, EVERYBODY),
    (Action.OFFER_RITUAL, own_colony, BEYOND, NOBODY),
    (Action.OFFER_RITUAL, open_colony, WITHIN, NOBODY),
    (Action.OFFER_RITUAL, archived_colony, WITHIN, NOBODY),
    (Action.ADOPT_RITUAL, own_colony, FROM_HERE, EVERYBODY),
    (Action.ADOPT_RITUAL, own_colony, FROM_ELSEWHERE, NOBODY),
    (Action.ADOPT_RITUAL, open_colony, FROM_HERE, NOBODY),
    (Action.ADOPT_RITUAL, archived_colony, FROM_HERE, NOBODY),
    (Action.HOLD_EXCHANGE_EVENING, own_colony, {}, EVERYBODY),
    (Action.HOLD_EXCHANGE_EVENING, open_colony, {}, NOBODY),
    (Action.HOLD_EXCHANGE_EVENING, archived_colony, {}, NOBODY),
    (Action.SPEAK_OF_RITUAL, open_colony, BELONGS, EVERYBODY),
    (Action.SPEAK_OF_RITUAL, open_colony, BELONGS_NOT, NOBODY),
    (Action.SPEAK_OF_RITUAL, archived_colony, BELONGS, NOBODY),
    (Action.SET_EXCHANGE, the_guild, {}, "s"),
    (Action.SCHEDULE_RITUAL, own_colony, {}, EVERYBODY),
    (Action.SCHEDULE_RITUAL, open_colony, {}, NOBODY),
    (Action.SCHEDULE_RITUAL, archived_colony, {}, NOBODY),
    (Action.TRANSLATE_RITUAL, open_colony, BELONGS, EVERYBODY),
    (Action.TRANSLATE_RITUAL, open_colony, BELONGS_NOT, NOBODY),
    (Action.TRANSLATE_RITUAL, archived_colony, BELONGS, NOBODY),
]


@dataclass(frozen=True)
class Asked:
    """One line of the table, asked of everybody, and of their guild itself."""

    live: str
    ended: str
    stranger: str


def who_may(action: Action, of: object, context: dict) -> Asked:
    def may(actor: Membership | Guild, resource: Resource) -> bool:
        return authorize(actor=actor, action=action, resource=resource, **context).allowed

    def letters(**kind: object) -> str:
        actors = {letter: member(office, **kind) for letter, office in OFFICES.items()}
        return "".join(letter for letter, actor in actors.items() if may(actor, of(actor)))

    def itself(guild: Guild) -> str:
        return ITSELF if may(guild, of(member())) else NOBODY

    return Asked(letters() + itself(LANTERN), letters(ended=True), letters(guild=HARBOUR) + itself(HARBOUR))


@pytest.mark.parametrize(
    ("action", "of", "context", "offices"),
    DECISIONS,
    ids=[f"{action}-{of.__name__}-{i}" for i, (action, of, *_) in enumerate(DECISIONS)],
)
def test_every_line_of_the_table(action: Action, of: object, context: dict, offices: str) -> None:
    assert who_may(action, of, context) == Asked(live=offices, ended=NOBODY, stranger=NOBODY)


def test_every_action_has_a_line_and_a_sentence_and_a_place_in_the_schema() -> None:
    schema = (engine.FOLDER / "schema.cedarschema").read_text()
    declared = {
        name.strip()
        for names in re.findall(r"^action ([\w, ]+?)\s+appliesTo", schema, flags=re.MULTILINE)
        for name in names.split(",")
    }
    assert {line[0].value for line in DECISIONS} == declared
    assert {action.value for action in Action} == declared
    assert set(WHO_MAY) == set(Action)


def test_every_rule_has_an_id_and_every_id_a_sentence() -> None:
    text = "\n".join(path.read_text() for path in engine.policy_files())
    named = re.findall(r'@id\("([^"]+)"\)', text)
    assert len(named) == len(set(named)) == len(cedarpy.PolicySet.from_str(text))
    assert set(named) == set(RULES)


def test_every_policy_fits_the_schema() -> None:
    text = "\n".join(path.read_text() for path in engine.policy_files())
    found = cedarpy.validate_policies(text, (engine.FOLDER / "schema.cedarschema").read_text())
    assert [str(error) for error in found.errors] == []


def test_a_default_denial_names_the_office_that_may() -> None:
    actor = member()
    decision = authorize(actor=actor, action=Action.OPEN_SESSION, resource=a_lounge(actor))
    assert decision.reasons == ("Only a dream architect or a steward may schedule or open a session.",)


def test_a_rule_that_forbids_gives_its_own_sentence() -> None:
    actor = member(ended=True)
    decision = authorize(actor=actor, action=Action.VIEW_GUILD, resource=the_guild(actor))
    assert decision.reasons == (RULES["membership-has-ended"],)


def test_the_floor_of_the_guild_decides_the_blend() -> None:
    strict = Guild(id=LANTERN.id, slug="lantern", name="x", individuality_floor=Decimal("0.75"))
    actor = member(Office.ARCHITECT, guild=strict)
    below = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.7499)
    at = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.75)
    assert (below.allowed, below.reasons) == (False, (RULES["individuality-floor"],))
    assert at.allowed


@pytest.mark.parametrize(
    ("reach", "partners", "may"),
    [
        ("none", [], (False, False, False, False)),
        ("guild", [], (True, False, True, False)),
        ("house", [], (True, True, True, True)),
        ("house", [HARBOUR.id], (True, True, True, True)),
        ("house", [SOMEBODY], (True, True, True, False)),
    ],
)
def test_the_guild_decides_with_whom_rituals_are_exchanged(
    reach: str, partners: list[UUID], may: tuple[bool, ...]
) -> None:
    guild = Guild(id=LANTERN.id, slug="lantern", exchange_reach=reach, exchange_partners=partners)
    actor = member(guild=guild)
    asked = [(Action.OFFER_RITUAL, WITHIN), (Action.OFFER_RITUAL, BEYOND)]
    asked += [(Action.ADOPT_RITUAL, FROM_HERE), (Action.ADOPT_RITUAL, FROM_ELSEWHERE)]
    answers = [
        authorize(actor=actor, action=action, resource=own_colony(actor), **context)
        for action, context in asked
    ]
    assert tuple(map(bool, answers)) == may


def test_the_guild_itself_is_held_to_its_floor_and_to_its_walls() -> None:
    below = authorize(
        actor=LANTERN, action=Action.REMAKE, resource=hostless_session(member()), retention=0.59
    )
    elsewhere = authorize(
        actor=HARBOUR, action=Action.REMAKE, resource=hostless_session(member()), retention=0.9
    )
    assert (below.reasons, below.policy_set) == ((RULES["individuality-floor"],), policy_set(LANTERN))
    assert not elsewhere.allowed


def test_a_retention_is_never_rounded_up_to_the_floor() -> None:
    actor = member(Office.ARCHITECT)
    decision = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.5999999)
    assert not decision.allowed


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        (Action.SHARE_DREAM, "session", {}),
        (Action.SHARE_DREAM, "session", {"participating": "yes"}),
        (Action.SHARE_DREAM, "session", {"participating": uuid4()}),
        (Action.SHARE_DREAM, "session", {"participating": True, "invented": 1}),
        (Action.BLEND, "session", {"retention": float("nan")}),
        (Action.BLEND, "session", {"retention": float("inf")}),
        (Action.BLEND, "session", {"retention": 1}),
        (Action.OPEN_SESSION, "session", {}),
        (Action.VIEW_SESSION, "unknown type", {}),
        (Action.VIEW_SESSION, "no state", {}),
    ],
)
def test_a_question_that_does_not_fit_is_a_denial(action: Action, resource: str, context: dict) -> None:
    actor = member(Office.ARCHITECT)
    asked = {
        "session": own_session(actor),
        "unknown type": Resource("Spaceship", SOMEBODY, LANTERN.id),
        "no state": Resource("Session", SOMEBODY, LANTERN.id),
    }[resource]
    decision = authorize(actor=actor, action=action, resource=asked, **context)
    assert (decision.allowed, decision.reasons) == (False, (UNDECIDED,))


def test_an_unknown_action_is_a_denial() -> None:
    actor = member()
    decision = engine.decide(
        principal=replace(_principal_of(actor)), action="Fly", resource=the_guild(actor), context={}
    )
    assert decision == engine.UNDECIDED


def test_a_forbidding_rule_that_cannot_be_evaluated_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cedar skips a forbid whose attribute is missing and answers Allow with an error beside it."""
    actor = member(Office.ARCHITECT)
    monkeypatch.setattr(
        engine,
        "entity_documents",
        lambda principal, resource: entities.entity_documents(principal, resource)[1:],
    )
    decision = authorize(actor=actor, action=Action.BLEND, resource=own_session(actor), retention=0.9)
    assert (decision.allowed, decision.reasons) == (False, (UNDECIDED,))


def test_require_raises_the_sentence() -> None:
    actor = member()
    with pytest.raises(Denied, match="Only the host of this session may ask for a blend"):
        require(actor=actor, action=Action.BLEND, resource=anothers_session(actor), retention=0.9)


def test_require_returns_the_decision_and_its_law() -> None:
    actor = member()
    decision = require(actor=actor, action=Action.VIEW_GUILD, resource=the_guild(actor))
    assert (bool(decision), decision.policy_set) == (True, policy_set(LANTERN))


def test_the_digest_of_the_law_changes_with_its_values_alone() -> None:
    others = [
        Guild(id=uuid4(), individuality_floor=Decimal("0.61")),
        Guild(id=uuid4(), exchange_reach="house"),
        Guild(id=uuid4(), exchange_partners=[SOMEBODY]),
        Guild(id=uuid4(), diversity_fall=Decimal("0.30")),
    ]
    assert policy_set(LANTERN) == policy_set(HARBOUR)
    assert len({policy_set(guild) for guild in (LANTERN, *others)}) == 5
    assert re.fullmatch(r"[0-9a-f]{64}", policy_set(LANTERN))


def test_a_refused_question_is_logged_without_its_values(caplog: pytest.LogCaptureFixture) -> None:
    actor = member()
    authorize(actor=actor, action=Action.SHARE_DREAM, resource=own_session(actor), participating="yes")
    assert "ShareDream" in caplog.text
    assert str(actor.dreamer_id) not in caplog.text


def _principal_of(actor: Membership) -> entities.Principal:
    return entities.Principal(
        id=actor.id,
        dreamer=UUID(str(actor.dreamer_id)),
        guild=actor.guild_id,
        offices=tuple(actor.offices),
        live=True,
        individuality_floor=Decimal("0.60"),
    )
