"""What is said of each kind: on one's own pages, and outside of them. Nothing else is ever said.

Outside - in a letter, on a locked screen - a sentence names no guild, no person, no dream, and does not say
what was found or decided.
"""

from dataclasses import dataclass
from datetime import timedelta

from guild.notifications.enums import Channel, Group, Kind, When


@dataclass(frozen=True)
class Said:
    """The two sentences of a kind. What is older than `fades` is not worth a letter any more."""

    group: Group
    page: str
    outside: str
    fades: timedelta | None = None


SAID: dict[Kind, Said] = {
    Kind.CONSENT_ASKED: Said(
        Group.MINE, "You are asked for a consent about a dream that you lend.", "You are asked something."
    ),
    Kind.DREAM_TAKEN_BACK: Said(
        Group.MINE,
        "A dream that had reached you was taken back, or is lent for less.",
        "Something that was shared with you has changed.",
    ),
    Kind.FINDING_NAMES_YOU: Said(
        Group.DECIDED,
        "An audit found something about a dream that you lent.",
        "There is something for you to know.",
    ),
    Kind.RULING_MADE: Said(
        Group.DECIDED, "A ruling that concerns you has taken effect.", "There is something for you to know."
    ),
    Kind.APPEAL_DECIDED: Said(
        Group.DECIDED, "An appeal that concerns you was answered.", "There is an answer for you."
    ),
    Kind.MODERATED: Said(
        Group.DECIDED, "Something of yours was moderated.", "There is something for you to know."
    ),
    Kind.REPORT_DECIDED: Said(Group.DECIDED, "What you reported was decided.", "There is an answer for you."),
    Kind.OFFICE_OFFERED: Said(
        Group.OFFICES, "You are invited to an office: say whether you accept it.", "You are asked something."
    ),
    Kind.OFFICE_HANDED_OVER: Said(
        Group.OFFICES,
        "An office is to be handed over to you: say whether you accept it.",
        "You are asked something.",
    ),
    Kind.OFFICE_GRANTED: Said(Group.OFFICES, "You hold an office now.", "An office has changed."),
    Kind.OFFICE_WITHDRAWN: Said(
        Group.OFFICES, "An office that you held was withdrawn.", "An office has changed."
    ),
    Kind.TERM_ENDING: Said(
        Group.OFFICES, "The term of an office that you hold ends soon.", "Something of an office ends soon."
    ),
    Kind.SPONSOR_WANTED: Said(
        Group.OUTCOMES, "A proposal looks for sponsors before it can open.", "A proposal waits for you."
    ),
    Kind.PROPOSAL_OPENED: Said(Group.VOTES, "A proposal is open for votes.", "A proposal waits for you."),
    Kind.PROPOSAL_CLOSING: Said(
        Group.VOTES,
        "The vote on a proposal closes soon, and you have not voted.",
        "A proposal waits for you, and not for long.",
        fades=timedelta(days=2),
    ),
    Kind.PROPOSAL_CLOSED: Said(Group.OUTCOMES, "The vote on a proposal is over.", "A vote is over."),
    Kind.OBJECTION_ANSWERED: Said(
        Group.OUTCOMES, "An objection that you raised was answered.", "There is an answer for you."
    ),
    Kind.PETITION_BECAME_PROPOSAL: Said(
        Group.OUTCOMES, "A petition that you signed became a proposal.", "A petition has gone further."
    ),
    Kind.SESSION_SOON: Said(
        Group.SESSIONS, "A session begins soon.", "A session begins soon.", fades=timedelta(hours=1)
    ),
    Kind.HALTED: Said(
        Group.SESSIONS,
        "A halt was called where you take part.",
        "Something that you are part of has stopped.",
    ),
    Kind.BLEND_READY: Said(
        Group.DREAMSCAPES,
        "A dreamscape is ready in a session that you took part in.",
        "Something that you took part in is ready.",
    ),
    Kind.BLEND_SUPERSEDED: Said(
        Group.DREAMSCAPES,
        "A dreamscape that you could read was replaced, or is no longer there.",
        "Something that you took part in has changed.",
    ),
    Kind.RITUAL_ASKED_FOR: Said(
        Group.RITUALS, "A colony asks for a ritual that you offer.", "Your colony is asked something."
    ),
    Kind.RITUAL_ANSWERED: Said(
        Group.RITUALS, "What your colony asked for was answered.", "There is an answer for a colony of yours."
    ),
    Kind.EVENING_PROPOSED: Said(
        Group.RITUALS,
        "An evening together is proposed to your colony.",
        "Your colony is asked something.",
    ),
    Kind.EVENING_ANSWERED: Said(
        Group.RITUALS,
        "An evening that your colony proposed was answered.",
        "There is an answer for a colony of yours.",
    ),
    Kind.THANKS: Said(
        Group.RITUALS,
        "Thanks or a story came back for a ritual that you gave on.",
        "Something came back to a colony of yours.",
    ),
    Kind.DIVERSITY_TOLD: Said(
        Group.RITUALS,
        "The colonies of the guild are growing alike.",
        "There is something to know.",
    ),
    Kind.AUDIT_FOUND: Said(
        Group.DUTIES, "An audit found something: it waits for an enforcer.", "A decision is waiting for you."
    ),
    Kind.DECISION_DUE: Said(
        Group.DUTIES, "A decision about a finding or an appeal is due.", "A decision is waiting for you."
    ),
    Kind.WITNESS_TROUBLE: Said(
        Group.DUTIES,
        "The guild's log or one of its witnesses has trouble: look at it.",
        "Something in your care needs a look.",
    ),
    Kind.DREAM_GIVEN_BACK: Said(
        Group.MINE,
        "A dream of yours was given back: it was lent for as long as the law of the guild allows.",
        "Something that you shared has changed.",
    ),
    Kind.PROPOSAL_REVISED: Said(
        Group.VOTES,
        "A proposal that you sponsored has another version: sponsor it again if you still want the vote.",
        "A proposal waits for you.",
    ),
    Kind.AMENDMENT_OFFERED: Said(
        Group.VOTES,
        "An amendment of your proposal is offered: say what becomes of it.",
        "You are asked something.",
    ),
    Kind.OBJECTION_MADE: Said(
        Group.VOTES, "Somebody objects to your proposal: you can answer.", "You are asked something."
    ),
    Kind.AMENDMENT_DECIDED: Said(
        Group.OUTCOMES, "An amendment that you offered was decided.", "There is an answer for you."
    ),
    Kind.REPLIED: Said(
        Group.OUTCOMES, "Somebody replied to what you said about a proposal.", "There is an answer for you."
    ),
    Kind.HANDOVER_ANSWERED: Said(
        Group.OFFICES, "Your offer to hand an office over was answered.", "There is an answer for you."
    ),
    Kind.GUILD_CLOSING: Said(
        Group.DECIDED,
        "Two have agreed to close the guild: for a week, any member can halt that.",
        "There is something for you to know.",
    ),
    Kind.CLOSING_HALTED: Said(
        Group.DECIDED, "A member halted the closing of the guild.", "There is something for you to know."
    ),
    Kind.SECOND_WANTED: Said(
        Group.DUTIES,
        "Something was asked for that takes two persons: you could be the second.",
        "A decision is waiting for you.",
    ),
    Kind.HALT_TO_RULE: Said(
        Group.DUTIES, "A blend was halted: it waits for a ruling.", "A decision is waiting for you."
    ),
    Kind.EXPERIENCE_TRIED: Said(
        Group.DUTIES,
        "An experience was opened to be tried: look at it.",
        "Something in your care needs a look.",
    ),
    Kind.REPORT_MADE: Said(
        Group.DUTIES, "Something was reported: it waits for a decision.", "A decision is waiting for you."
    ),
    Kind.MODERATION_APPEALED: Said(
        Group.DUTIES,
        "A decision of moderation was appealed: it waits for an answer.",
        "A decision is waiting for you.",
    ),
    Kind.PROPOSAL_SENT_BACK: Said(
        Group.VOTES,
        "A proposal of yours, or that you sponsored, could not open and is a draft again: see why.",
        "A proposal waits for you.",
    ),
    Kind.HANDOVER_TAKEN_BACK: Said(
        Group.OFFICES,
        "An office that was to be handed over to you is no longer offered.",
        "An offer has changed.",
    ),
    Kind.GUILD_ACT_TAKEN_BACK: Said(
        Group.DECIDED,
        "Something that takes two persons was taken back: it will not be done.",
        "There is something for you to know.",
    ),
}

KNOWN = [kind.value for kind in SAID]
"""What this release can say. A row of a later one, left by a release that was taken back, waits untouched."""

AT_ONCE_BY_EMAIL = frozenset(
    {Group.MINE, Group.DECIDED, Group.OFFICES, Group.VOTES, Group.SESSIONS, Group.DUTIES}
)
"""What has a deadline or is about one's own; nobody's device rings before they said so."""


def usual(group: Group, channel: Channel) -> When:
    """What holds for whoever has chosen nothing."""
    if channel is Channel.PUSH:
        return When.NEVER
    return When.AT_ONCE if group in AT_ONCE_BY_EMAIL else When.DIGEST
