"""The sentence behind every rule, as a member is told it. Keys are the @id annotations of the Cedar files."""

from typing import Final

from governance.policies.enums import Action

RULES: Final[dict[str, str]] = {
    "membership-has-ended": "Your membership of this guild has ended, so nothing in it is open to you.",
    "another-guild": "This belongs to another guild.",
    "session-is-closed": "This session is closed: nothing more can be added to it.",
    "members-see-their-guild": "Every member may see the guild, its lounges, sessions and ledger.",
    "participants-hear-and-share": "Whoever has joined a session hears what is told there and may share.",
    "participants-see-the-dreamscape": "Whoever took part in a session may see its dreamscape.",
    "published-dreamscapes-are-for-the-guild": "This dreamscape was published to the whole guild.",
    "the-guild-enacts-what-was-voted": "The guild's law is what its members voted for.",
    "members-preview-laws": "Every member may see what a draft of a law would do.",
    "members-may-leave": "Every member may leave at any time.",
    "owners-decide-about-their-dreams": "A lent dream stays its dreamer's, who alone consents.",
    "owners-see-their-consents": "Consents are seen and withdrawn by the dreamer who gave them, nobody else.",
    "owners-see-their-reflection": "A reflection is for the dreamer it was made for, and nobody else.",
    "architects-host": "Dream architects make lounges and open sessions.",
    "stewards-host": "Stewards make lounges and open sessions.",
    "the-host-leads-the-session": "The host of a session sets its stages, asks for its blends and closes it.",
    "the-guild-makes-again": "The guild itself makes a dreamscape again without what is no longer lent.",
    "stewards-ask-again": "Stewards may ask again for a dreamscape that could not be made again.",
    "stewards-close-sessions": "Stewards may close a session whose host is gone.",
    "stewards-admit-and-appoint": "Stewards admit members and appoint to offices.",
    "hosts-ask-for-consent": "Dream architects and stewards may ask a dreamer for consent.",
    "enforcers-end-consents": "Enforcers may end a consent in the guild's name.",
    "enforcers-oversee": "Enforcers run audits, rule on findings and decide appeals.",
    "the-concerned-appeal": "Whoever a ruling touches may appeal it.",
    "not-over-ones-own-ruling": "You ruled on this yourself: a different enforcer must decide it.",
    "not-over-what-one-had-a-part-in": "You had a part in this: an enforcer who had none must decide it.",
    "the-guild-follows-its-rulings": "The guild does what a ruling in force says.",
    "not-ones-own-suspension": "This was taken from you yourself: other enforcers must lift it.",
    "lifting-takes-two": "It takes two enforcers: one asks that it be lifted, and another agrees.",
    "leaders-and-stewards-found-colonies": "Colony leaders and stewards found colonies.",
    "members-see-the-colonies": "Every member of the guild may read its colonies and their rituals.",
    "open-colonies-are-joined": "Whoever is invited may join, and every member where a colony is open.",
    "colonies-by-request-are-asked": "Every member may ask to join a colony that is joined by request.",
    "whoever-belongs-keeps-translates-and-may-leave": "Whoever belongs to a colony keeps its rituals, may "
    "translate them, and may leave.",
    "too-few-people": "Figures are shown only where as many people stand behind them as the law of "
    "the guild asks.",
    "leaders-lead-their-colony": "Those who lead a colony write its charter and its rituals.",
    "stewards-name-a-leader": "Stewards may name a colony's leader, so that none stays without.",
    "exchange-is-closed": "The policy of this guild is that every colony keeps its own rituals.",
    "rituals-stay-in-the-guild": "The policy of this guild is that its rituals are not offered beyond it.",
    "rituals-come-from-the-guild": "The policy of this guild is that rituals are taken up from within it.",
    "no-exchange-with-that-guild": "The policy of this guild names with whom it exchanges rituals, and that "
    "guild is not among them.",
    "colony-is-archived": "This colony is archived: it can be read, and nothing in it is kept any more.",
    "individuality-floor": "This blend would keep less of what sets each voice apart than the guild's floor.",
    "session-is-halted": "The participants of this session stopped its blend, so no other is made in it.",
    "largest-depth": "The law of this guild lets no dream be blended that deep: choose a smaller depth.",
    "smallest-group": "Fewer dreamers allow a blend than this guild's law asks for: ask for another dream.",
    "experience-not-approved": "This experience is experimental, and fewer enforcers approved it than this "
    "guild's law asks for: choose another one, or ask them.",
    "members-host": "In this guild every member may open a session.",
    "lounge-hours": "The law of this guild opens its lounges at other hours: choose a time within them.",
    "members-report": "Every member may report what they see in the guild.",
    "stewards-and-enforcers-moderate": "Stewards and enforcers decide about what was reported.",
    "whose-it-is-appeals": "Whoever's words were hidden may appeal that.",
    "not-over-ones-own-words": "This is about your own words: somebody else must decide it.",
    "not-over-ones-own-report": "You reported this yourself: somebody else must decide it.",
    "not-over-ones-own-decision": "You decided about this yourself: somebody else must answer the appeal.",
    "the-guild-gives-back": "The law of this guild gives dreams back after so many days.",
    "participants-resist": "Whoever joined a session may call for its blend to be stopped.",
    "the-guild-heeds-its-participants": "So many called for a stop that this guild's law stops the blend.",
    "architects-write-experiences": "Dream architects write experiences.",
    "enforcers-approve-experiences": "Enforcers approve experiences that others wrote.",
    "members-approve-by-vote": "The members of this guild decided by a vote that it may be used.",
    "experiences-are-there-to-be-used": "Every member may read the guild's experiences and blend by them.",
    "a-halt-suspends": "What a halted blend was made by is suspended until enforcers rule on it.",
    "a-ruling-lifts": "A ruling that two enforcers made lets it be used again.",
    "not-ones-own-experience": "You wrote this yourself: another enforcer must approve it.",
    "drafts-are-not-approved": "This is a draft: its author opens it to be tried before anybody approves it.",
    "experience-is-a-draft": "This experience is a draft, and nothing is blended by it yet: choose another.",
    "experience-is-suspended": "This experience is suspended until enforcers rule on the halt of a blend "
    "made by it: choose another one.",
}

_PARTICIPANTS = "Only those who have joined this session and accepted its terms may do this."
_HOST = "Only the host of this session may do this."
_HOSTING = "Only a dream architect or a steward may do this."
_STEWARD = "Only a steward may do this."
_OWNER = "Only the dreamer it belongs to may do this."
_MEMBERS = "Only members of this guild may do this."
_LEADERS = "Only those who lead this colony may do this."
_BELONGING = "Only those who belong to this colony may do this."
_ENFORCER = "Only an enforcer may do this."
_MODERATORS = "Only a steward or an enforcer may do this."

WHO_MAY: Final[dict[Action, str]] = {
    Action.VIEW_GUILD: _MEMBERS,
    Action.VIEW_LEDGER: _MEMBERS,
    Action.ENACT_LAW: "The law of a guild changes by a vote of its members, and in no other way.",
    Action.PREVIEW_LAW: _MEMBERS,
    Action.ADMIT_MEMBER: _STEWARD,
    Action.GRANT_OFFICE: _STEWARD,
    Action.WITHDRAW_OFFICE: _STEWARD,
    Action.END_MEMBERSHIP: _STEWARD,
    Action.LEAVE_GUILD: "Only you yourself can leave for yourself.",
    Action.VIEW_LOUNGE: _MEMBERS,
    Action.MANAGE_LOUNGE: _HOSTING,
    Action.OPEN_SESSION: "Only a dream architect or a steward may schedule or open a session.",
    Action.VIEW_SESSION: _MEMBERS,
    Action.JOIN_SESSION: _MEMBERS,
    Action.HEAR_SESSION: _PARTICIPANTS,
    Action.SHARE_DREAM: _PARTICIPANTS,
    Action.ASSOCIATE: _PARTICIPANTS,
    Action.STEP_OUT: _MEMBERS,
    Action.SET_STAGE: _HOST,
    Action.BLEND: "Only the host of this session may ask for a blend.",
    Action.REMAKE: "Only the guild itself makes a dreamscape again without what is no longer lent.",
    Action.RETRY_BLEND: "Only the host of this session or a steward may ask for this blend again.",
    Action.CLOSE_SESSION: "Only the host of this session or a steward may close it.",
    Action.WITHDRAW_CONTRIBUTION: "Only the dreamer who lent this dream may withdraw it.",
    Action.GIVE_CONSENT: "Only the dreamer who lent this dream may give consent for it.",
    Action.REQUEST_CONSENT: "Only a dream architect or a steward may ask a dreamer for consent.",
    Action.REVOKE_CONSENT: "Only an enforcer may end a consent in the guild's name.",
    Action.WITHDRAW_CONSENT: _OWNER,
    Action.VIEW_CONSENTS: _OWNER,
    Action.VIEW_DREAMSCAPE: "Only those who took part in this session may see its dreamscape.",
    Action.VIEW_REFLECTION: "A reflection is for the dreamer it was made for, and nobody else.",
    Action.FOUND_COLONY: "Only a colony leader or a steward may found a colony.",
    Action.VIEW_COLONY: _MEMBERS,
    Action.ASK_TO_JOIN_COLONY: "This colony is not joined by request: see on its page how one comes in.",
    Action.JOIN_COLONY: "Only those who are invited may join this colony; see on its page how one comes in.",
    Action.LEAVE_COLONY: "You do not belong to this colony.",
    Action.LEAD_COLONY: _LEADERS,
    Action.NAME_COLONY_LEADER: "Only those who lead this colony, or a steward, may do this.",
    Action.WRITE_RITUAL: _LEADERS,
    Action.SCHEDULE_RITUAL: _LEADERS,
    Action.KEEP_RITUAL: _BELONGING,
    Action.VIEW_COLONY_FIGURES: _LEADERS,
    Action.OFFER_RITUAL: _LEADERS,
    Action.ADOPT_RITUAL: _LEADERS,
    Action.TRANSLATE_RITUAL: _BELONGING,
    Action.HOLD_EXCHANGE_EVENING: _LEADERS,
    Action.SPEAK_OF_RITUAL: _BELONGING,
    Action.VIEW_OVERSIGHT: "Only enforcers see the dashboards of oversight.",
    Action.RUN_AUDIT: "Only an enforcer may start an audit.",
    Action.ASSIGN_FINDING: _ENFORCER,
    Action.RULE_ON_FINDING: "Only an enforcer may rule on a finding.",
    Action.CONFIRM_RULING: "Only a second enforcer may confirm a ruling.",
    Action.APPEAL_RULING: "Only a dreamer whom the ruling touches may appeal it.",
    Action.DECIDE_APPEAL: "Only an enforcer who did not rule on this may decide the appeal.",
    Action.EXPORT_OVERSIGHT: _ENFORCER,
    Action.SUSPEND_OFFICE: "Only a ruling in force suspends an office.",
    Action.RESTORE_OFFICE: "Only a ruling that was overturned gives an office back.",
    Action.ASK_TO_LIFT: _ENFORCER,
    Action.LIFT_SUSPENSION: _ENFORCER,
    Action.REPORT_CONTENT: _MEMBERS,
    Action.MODERATE: _MODERATORS,
    Action.DECIDE_REPORT: _MODERATORS,
    Action.APPEAL_MODERATION: "Only whoever's words were hidden may appeal that.",
    Action.ANSWER_APPEAL: _MODERATORS,
    Action.GIVE_BACK: "Only the guild itself gives back a dream that was lent for too long.",
    Action.RESIST: "Only those who joined this session may call for its blend to be stopped.",
    Action.HALT_BLEND: "Only so many participants as the guild's law asks for stop a blend.",
    Action.WRITE_EXPERIENCE: "Only a dream architect may write an experience.",
    Action.APPROVE_EXPERIENCE: "Only an enforcer may approve an experience.",
    Action.USE_EXPERIENCE: _MEMBERS,
    Action.SUSPEND_EXPERIENCE: "Only a halt suspends an experience.",
    Action.LIFT_EXPERIENCE: "Only a ruling of two enforcers lets a suspended experience be used again.",
}

FORBIDDEN_BY_MEMBERS: Final = "The members of this guild forbade this: see “{name}” in its law."
UNDECIDED: Final = "The guild's law could not be applied to this, so it is refused. Nothing was changed."

OF_MEMBERS: Final = "forbid:"
"""Before the name of a rule that the members of a guild wrote."""


def sentence_of(rule: str) -> str:
    """What a member is told of a rule, by its @id. Raises KeyError for a rule that nobody gave a sentence."""
    if rule.startswith(OF_MEMBERS):
        return FORBIDDEN_BY_MEMBERS.format(name=rule.removeprefix(OF_MEMBERS))
    return RULES[rule]
