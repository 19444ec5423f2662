"""What one can be told, about which part of the product it is, and in which way and when it comes."""

from django.db import models


class Channel(models.TextChoices):
    """A way beside the pages, on which every notice stands."""

    EMAIL = "email", "By e-mail"
    PUSH = "push", "On my devices"


class When(models.TextChoices):
    """When a notice comes by one channel."""

    AT_ONCE = "at_once", "At once"
    DIGEST = "digest", "Gathered"
    NEVER = "never", "Never"


class Every(models.TextChoices):
    """How often what is gathered comes."""

    DAY = "day", "Every day"
    WEEK = "week", "Once a week"


class Group(models.TextChoices):
    """What one chooses about: kinds that belong together."""

    MINE = "mine", "My dreams and consents"
    DECIDED = "decided", "What is found or decided about me"
    OFFICES = "offices", "Offices of mine"
    VOTES = "votes", "Proposals that wait for an answer"
    OUTCOMES = "outcomes", "Drafts of proposals, and what became of them"
    SESSIONS = "sessions", "Sessions"
    DREAMSCAPES = "dreamscapes", "Dreamscapes"
    RITUALS = "rituals", "Rituals and their exchange"
    DUTIES = "duties", "Duties of my offices"


class Kind(models.TextChoices):
    """One thing that one can be told; what is said of each stands in kinds.py."""

    CONSENT_ASKED = "consent_asked", "A consent is asked for"
    DREAM_TAKEN_BACK = "dream_taken_back", "A dream that reached you was taken back"
    FINDING_NAMES_YOU = "finding_names_you", "An audit found something about what you lent"
    RULING_MADE = "ruling_made", "A ruling concerns you"
    APPEAL_DECIDED = "appeal_decided", "An appeal was answered"
    MODERATED = "moderated", "Something of yours was moderated"
    REPORT_DECIDED = "report_decided", "A report of yours was decided"
    OFFICE_OFFERED = "office_offered", "An office is offered to you"
    OFFICE_HANDED_OVER = "office_handed_over", "An office is to be handed over to you"
    OFFICE_GRANTED = "office_granted", "You were given an office"
    OFFICE_WITHDRAWN = "office_withdrawn", "An office of yours was withdrawn"
    TERM_ENDING = "term_ending", "The term of an office of yours ends"
    SPONSOR_WANTED = "sponsor_wanted", "A proposal looks for sponsors"
    PROPOSAL_OPENED = "proposal_opened", "A vote is open"
    PROPOSAL_CLOSING = "proposal_closing", "A vote closes soon"
    PROPOSAL_CLOSED = "proposal_closed", "A vote is over"
    OBJECTION_ANSWERED = "objection_answered", "An objection of yours was answered"
    PETITION_BECAME_PROPOSAL = "petition_became_proposal", "A petition became a proposal"
    SESSION_SOON = "session_soon", "A session begins soon"
    HALTED = "halted", "A halt was called"
    BLEND_READY = "blend_ready", "A dreamscape is ready"
    BLEND_SUPERSEDED = "blend_superseded", "A dreamscape was replaced or ended"
    RITUAL_ASKED_FOR = "ritual_asked_for", "A ritual is asked for"
    RITUAL_ANSWERED = "ritual_answered", "What you asked for was answered"
    EVENING_PROPOSED = "evening_proposed", "An evening together is proposed"
    EVENING_ANSWERED = "evening_answered", "An evening you proposed was answered"
    THANKS = "thanks", "Thanks or a story came back"
    DIVERSITY_TOLD = "diversity_told", "Colonies grow alike"
    AUDIT_FOUND = "audit_found", "An audit found something"
    DECISION_DUE = "decision_due", "A decision is due"
    WITNESS_TROUBLE = "witness_trouble", "The guild's log has trouble"

    DREAM_GIVEN_BACK = "dream_given_back", "A dream you lent was given back"
    PROPOSAL_REVISED = "proposal_revised", "A proposal you sponsored has another version"
    AMENDMENT_OFFERED = "amendment_offered", "An amendment of your proposal is offered"
    OBJECTION_MADE = "objection_made", "Somebody objects to your proposal"
    AMENDMENT_DECIDED = "amendment_decided", "An amendment of yours was decided"
    REPLIED = "replied", "Somebody replied to you"
    HANDOVER_ANSWERED = "handover_answered", "Your offer of an office was answered"
    GUILD_CLOSING = "guild_closing", "The guild is to be closed"
    CLOSING_HALTED = "closing_halted", "The closing of the guild was halted"
    SECOND_WANTED = "second_wanted", "Something takes a second person"
    HALT_TO_RULE = "halt_to_rule", "A halt waits for a ruling"
    EXPERIENCE_TRIED = "experience_tried", "An experience waits for approval"
    REPORT_MADE = "report_made", "A report waits for a decision"
    MODERATION_APPEALED = "moderation_appealed", "An appeal against moderation waits"
    PROPOSAL_SENT_BACK = "proposal_sent_back", "A proposal went back to being a draft"
    HANDOVER_TAKEN_BACK = "handover_taken_back", "An office is no longer offered to you"
    GUILD_ACT_TAKEN_BACK = "guild_act_taken_back", "What takes a second person was taken back"
