"""What the law's actions are called on the pages of offices."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from governance.policies.enums import Action

DEEDS: Final[Mapping[Action, str]] = MappingProxyType(
    {
        Action.HALT_BLEND: "stop a blend, because enough participants called for it",
        Action.SUSPEND_EXPERIENCE: "suspend an experience, because its blend was stopped",
        Action.LIFT_EXPERIENCE: "let an experience be used again, because a ruling says so",
        Action.WRITE_EXPERIENCE: "write an experience and open it to be tried",
        Action.APPROVE_EXPERIENCE: "approve an experience that somebody else wrote",
        Action.MODERATE: "see what members reported",
        Action.DECIDE_REPORT: "hide what somebody else reported, or leave it as it is",
        Action.ANSWER_APPEAL: "answer an appeal against another moderator's decision",
        Action.ENACT_LAW: "make a change the law, because members voted so",
        Action.GIVE_BACK: "give back what was lent, when its time is over",
        Action.OPEN_SESSION: "schedule and open sessions",
        Action.MANAGE_LOUNGE: "make and change lounges",
        Action.CLOSE_SESSION: "close a session that its host left open",
        Action.RETRY_BLEND: "ask for a blend again that failed",
        Action.REQUEST_CONSENT: "ask a dreamer for a consent",
        Action.REVOKE_CONSENT: "end a consent in the guild's name",
        Action.FOUND_COLONY: "found a colony",
        Action.NAME_COLONY_LEADER: "name the leader of a colony",
        Action.VIEW_OVERSIGHT: "see what audits found",
        Action.RUN_AUDIT: "start an audit",
        Action.EXPORT_OVERSIGHT: "take a list of findings along",
        Action.ASSIGN_FINDING: "give a finding to an enforcer",
        Action.RULE_ON_FINDING: "rule on a finding",
        Action.CONFIRM_RULING: "confirm another enforcer's ruling",
        Action.DECIDE_APPEAL: "decide an appeal against another enforcer's ruling",
        Action.ASK_TO_LIFT: "ask that a suspension be lifted",
        Action.LIFT_SUSPENSION: "lift a suspension that another enforcer asked about",
        Action.ADMIT_MEMBER: "admit somebody into the guild",
        Action.GRANT_OFFICE: "give a member an office",
        Action.WITHDRAW_OFFICE: "take an office back from a member",
        Action.END_MEMBERSHIP: "end somebody's membership",
        Action.INVITE_MEMBER: "invite people by a link",
        Action.REVOKE_INVITATION: "revoke an invitation",
        Action.OPEN_INVITATIONS_AGAIN: "let somebody who was removed come in by invitation again",
        Action.RENEW_TERM: "give somebody else another term in their office",
        Action.ASK_GUILD_ACT: "ask to export or to close the guild",
        Action.AGREE_GUILD_ACT: "agree to what somebody else asked for",
        Action.TAKE_BACK_GUILD_ACT: "take back what waits for a second person",
        Action.FETCH_GUILD_EXPORT: "fetch an export that two agreed to",
        Action.SUSPEND_OFFICE: "take an office for a while, because a ruling in force says so",
        Action.RESTORE_OFFICE: "give back an office, because a ruling was overturned",
        Action.APPOINT_BY_VOTE: "give an office, because members voted so",
        Action.DISMISS_BY_VOTE: "take an office, because members voted so",
        Action.END_TERM: "end an office whose term is over",
        Action.REMAKE: "make a dreamscape again without what is no longer lent",
        Action.JOIN_BY_INVITATION: "let in whoever brings an invitation",
        Action.CLOSE_GUILD: "close the guild, once two agreed and nobody objected",
    }
)


def deed(action: Action) -> str:
    """What somebody does, in words; one that has none yet says its own name in lower case."""
    return DEEDS.get(action) or action.words
