"""The law: every action, every office, in one table of decisions."""

import re
from dataclasses import dataclass
from decimal import Decimal

import cedarpy
import pytest

from governance.policies import engine
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.reasons import RULES, WHO_MAY
from governance.policies.services import authorize
from guild.tenancy.models import Guild, Membership
from tests.governance.law_cast import (
    BELONGS,
    BELONGS_NOT,
    BEYOND,
    CONCERNED,
    ENFORCERS,
    EVERYBODY,
    FROM_ELSEWHERE,
    FROM_HERE,
    HARBOUR,
    HOLDS,
    HOLDS_NOT,
    INVITED,
    ITSELF,
    KEEPS,
    LANTERN,
    LOSES,
    NOBODY,
    NOT_THERE,
    OFFERS,
    OFFERS_WHAT_OTHERS_HOLD,
    OFFICES,
    THERE,
    UNCONCERNED,
    UNINVITED,
    WITHIN,
    a_closing,
    a_finding,
    a_former_member,
    a_lounge,
    a_report,
    an_export,
    another_member,
    anothers_consents,
    anothers_dream,
    anothers_invitation,
    anothers_petition,
    anothers_proposal,
    anothers_reflection,
    anothers_session,
    archived_colony,
    asked_colony,
    closed_colony,
    closed_session,
    draft_experience,
    dreamscape,
    halted_session,
    handover,
    handover_by_oneself,
    handover_to_oneself,
    hostless_session,
    member,
    oneself,
    open_colony,
    own_colony,
    own_consents,
    own_dream,
    own_experience,
    own_export,
    own_invitation,
    own_petition,
    own_proposal,
    own_reflection,
    own_ruling,
    own_session,
    own_suspension,
    part_in_the_ruling,
    published_dreamscape,
    report_by_oneself,
    report_decided_by_oneself,
    report_of_ones_own,
    suspended_experience,
    suspension,
    suspension_asked_by_oneself,
    suspension_unasked,
    the_guild,
    tried_experience,
)

# action, what it is asked of, context, the offices that may; ITSELF is the guild, which holds no office
DECISIONS = [
    (Action.VIEW_OVERSIGHT, the_guild, {}, "e"),
    (Action.RUN_AUDIT, the_guild, {}, "e"),
    (Action.EXPORT_OVERSIGHT, the_guild, {}, "e"),
    (Action.ASSIGN_FINDING, a_finding, {}, "e"),
    (Action.RULE_ON_FINDING, a_finding, {}, "e"),
    (Action.CONFIRM_RULING, a_finding, {}, "e"),
    (Action.CONFIRM_RULING, own_ruling, {}, NOBODY),
    (Action.CONFIRM_RULING, part_in_the_ruling, {}, NOBODY),
    (Action.RULE_ON_FINDING, own_ruling, {}, "e"),  # whoever made a proposal may take it back
    (Action.RULE_ON_FINDING, part_in_the_ruling, {}, NOBODY),
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
    (Action.ENACT_LAW, the_guild, {"founding": False, "voted": True}, ITSELF),
    (Action.ENACT_LAW, the_guild, {"founding": True, "voted": False}, ITSELF),
    (Action.ENACT_LAW, the_guild, {"founding": False, "voted": False}, NOBODY),
    (Action.PREVIEW_LAW, the_guild, {}, EVERYBODY),
    (Action.SCHEDULE_RITUAL, own_colony, {}, EVERYBODY),
    (Action.SCHEDULE_RITUAL, open_colony, {}, NOBODY),
    (Action.SCHEDULE_RITUAL, archived_colony, {}, NOBODY),
    (Action.TRANSLATE_RITUAL, open_colony, BELONGS, EVERYBODY),
    (Action.TRANSLATE_RITUAL, open_colony, BELONGS_NOT, NOBODY),
    (Action.TRANSLATE_RITUAL, archived_colony, BELONGS, NOBODY),
    # Halts, experiences and moderation.
    (Action.OPEN_SESSION, a_lounge, {"minute": 720}, "as"),
    (Action.SHARE_DREAM, anothers_session, {**THERE, "depth": Decimal("1.00")}, EVERYBODY),
    (Action.GIVE_CONSENT, own_dream, {"depth": Decimal("1.00")}, EVERYBODY),
    (Action.BLEND, halted_session, KEEPS, NOBODY),
    (Action.REMAKE, halted_session, KEEPS, NOBODY),
    (Action.RETRY_BLEND, halted_session, {}, NOBODY),
    (Action.BLEND, own_session, {**KEEPS, "voices": 1}, NOBODY),
    (Action.RESIST, anothers_session, {"joined": True}, EVERYBODY),
    (Action.RESIST, anothers_session, {"joined": False}, NOBODY),
    (Action.HALT_BLEND, anothers_session, {"reached": True}, ITSELF),
    (Action.HALT_BLEND, anothers_session, {"reached": False}, NOBODY),
    (Action.WRITE_EXPERIENCE, the_guild, {}, "a"),
    (Action.APPROVE_EXPERIENCE, tried_experience, {"voted": False}, "e"),
    (Action.APPROVE_EXPERIENCE, tried_experience, {"voted": True}, "eg"),
    (Action.APPROVE_EXPERIENCE, own_experience, {"voted": False}, NOBODY),
    (Action.APPROVE_EXPERIENCE, draft_experience, {"voted": True}, NOBODY),
    (Action.USE_EXPERIENCE, tried_experience, {}, EVERYBODY + ITSELF),
    (Action.USE_EXPERIENCE, draft_experience, {}, NOBODY),
    (Action.USE_EXPERIENCE, suspended_experience, {}, NOBODY),
    (Action.SUSPEND_EXPERIENCE, tried_experience, {"halted": True}, ITSELF),
    (Action.SUSPEND_EXPERIENCE, tried_experience, {"halted": False}, NOBODY),
    (Action.LIFT_EXPERIENCE, suspended_experience, {"ruled": True}, ITSELF),
    (Action.LIFT_EXPERIENCE, suspended_experience, {"ruled": False}, NOBODY),
    (Action.REPORT_CONTENT, the_guild, {}, EVERYBODY),
    (Action.MODERATE, the_guild, {}, "es"),
    (Action.DECIDE_REPORT, a_report, {}, "es"),
    (Action.DECIDE_REPORT, report_of_ones_own, {}, NOBODY),
    (Action.DECIDE_REPORT, report_by_oneself, {}, NOBODY),
    (Action.APPEAL_MODERATION, a_report, {}, NOBODY),
    (Action.APPEAL_MODERATION, report_of_ones_own, {}, EVERYBODY),
    (Action.ANSWER_APPEAL, a_report, {}, "es"),
    (Action.ANSWER_APPEAL, report_decided_by_oneself, {}, NOBODY),
    (Action.ANSWER_APPEAL, report_of_ones_own, {}, NOBODY),
    (Action.GIVE_BACK, anothers_dream, {"days": 4000}, NOBODY),  # the house gives nothing back by itself
    (Action.INVITE_MEMBER, the_guild, {}, "s"),
    (Action.REVOKE_INVITATION, anothers_invitation, {}, "s"),
    (Action.REVOKE_INVITATION, own_invitation, {}, EVERYBODY),
    (Action.OPEN_INVITATIONS_AGAIN, a_former_member, {}, "s"),
    (Action.RENEW_TERM, another_member, {}, "s"),
    (Action.RENEW_TERM, oneself, {}, NOBODY),
    (Action.STAND_DOWN, oneself, HOLDS, EVERYBODY),
    (Action.STAND_DOWN, oneself, HOLDS_NOT, NOBODY),
    (Action.STAND_DOWN, another_member, HOLDS, NOBODY),
    (Action.HAND_OVER_OFFICE, another_member, OFFERS, EVERYBODY),
    (Action.HAND_OVER_OFFICE, another_member, OFFERS_WHAT_OTHERS_HOLD, NOBODY),
    (Action.HAND_OVER_OFFICE, a_former_member, OFFERS, NOBODY),
    (Action.HAND_OVER_OFFICE, oneself, OFFERS, NOBODY),
    (Action.ACCEPT_OFFICE, handover_to_oneself, ENFORCERS, EVERYBODY),
    (Action.ACCEPT_OFFICE, handover_by_oneself, ENFORCERS, NOBODY),
    (Action.DECLINE_OFFICE, handover_to_oneself, {}, EVERYBODY),
    (Action.DECLINE_OFFICE, handover, {}, NOBODY),
    (Action.TAKE_BACK_HANDOVER, handover_by_oneself, {}, EVERYBODY),
    (Action.TAKE_BACK_HANDOVER, handover_to_oneself, {}, NOBODY),
    (Action.ASK_GUILD_ACT, the_guild, {}, "s"),
    (Action.AGREE_GUILD_ACT, an_export, {"stewards": 2}, "s"),
    (Action.AGREE_GUILD_ACT, an_export, {"stewards": 1}, "es"),
    (Action.AGREE_GUILD_ACT, own_export, {"stewards": 1}, NOBODY),
    (Action.TAKE_BACK_GUILD_ACT, an_export, {}, "s"),
    (Action.OBJECT_TO_GUILD_ACT, a_closing, {}, EVERYBODY),
    (Action.OBJECT_TO_GUILD_ACT, an_export, {}, NOBODY),
    (Action.FETCH_GUILD_EXPORT, an_export, {"agreed": True}, "s"),
    (Action.FETCH_GUILD_EXPORT, an_export, {"agreed": False}, NOBODY),
    (Action.JOIN_BY_INVITATION, the_guild, {"invited": True}, ITSELF),
    (Action.JOIN_BY_INVITATION, the_guild, {"invited": False}, NOBODY),
    (Action.APPOINT_BY_VOTE, another_member, {"voted": True}, ITSELF),
    (Action.APPOINT_BY_VOTE, another_member, {"voted": False}, NOBODY),
    (Action.DISMISS_BY_VOTE, another_member, {"voted": True}, ITSELF),
    (Action.DISMISS_BY_VOTE, another_member, {"voted": False}, NOBODY),
    (Action.END_TERM, another_member, {"over": True}, ITSELF),
    (Action.END_TERM, another_member, {"over": False}, NOBODY),
    (Action.CLOSE_GUILD, the_guild, {"due": True}, ITSELF),
    (Action.CLOSE_GUILD, the_guild, {"due": False}, NOBODY),
    (Action.VIEW_DELIBERATION, the_guild, {}, EVERYBODY),
    (Action.PROPOSE, the_guild, {}, EVERYBODY),
    (Action.SPONSOR_PROPOSAL, anothers_proposal, {}, EVERYBODY),
    (Action.SPONSOR_PROPOSAL, own_proposal, {}, NOBODY),
    (Action.AMEND_PROPOSAL, anothers_proposal, {}, EVERYBODY),
    (Action.REVISE_PROPOSAL, own_proposal, {}, EVERYBODY),
    (Action.REVISE_PROPOSAL, anothers_proposal, {}, NOBODY),
    (Action.DECIDE_AMENDMENT, own_proposal, {}, EVERYBODY),
    (Action.DECIDE_AMENDMENT, anothers_proposal, {}, NOBODY),
    (Action.ARGUE, anothers_proposal, {}, EVERYBODY),
    (Action.ANSWER_OBJECTION, own_proposal, {}, EVERYBODY),
    (Action.ANSWER_OBJECTION, anothers_proposal, {}, NOBODY),
    (Action.WITHDRAW_PROPOSAL, own_proposal, {}, EVERYBODY),
    (Action.WITHDRAW_PROPOSAL, anothers_proposal, {}, NOBODY),
    (Action.CAST_BALLOT, anothers_proposal, {"eligible": True, "open": True}, EVERYBODY),
    (Action.CAST_BALLOT, own_proposal, {"eligible": True, "open": True}, EVERYBODY),
    (Action.CAST_BALLOT, own_proposal, {"eligible": False, "open": True}, NOBODY),
    (Action.CAST_BALLOT, own_proposal, {"eligible": True, "open": False}, NOBODY),
    (Action.START_PETITION, the_guild, {}, EVERYBODY),
    (Action.SIGN_PETITION, anothers_petition, {}, EVERYBODY),
    (Action.SIGN_PETITION, own_petition, {}, EVERYBODY),
    (Action.WITHDRAW_PETITION, own_petition, {}, EVERYBODY),
    (Action.WITHDRAW_PETITION, anothers_petition, {}, NOBODY),
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
