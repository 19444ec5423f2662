"""The actions that the law knows."""

import re
from enum import StrEnum

from django.db import models


class Action(StrEnum):
    """One per action of `schema.cedarschema`; the value is its Cedar name.

    What an action is asked of, and the context it needs, stand in the schema. `participating` is whether
    the member has joined the session and accepted its terms; `retention` is the share of every distance
    between two voices that a blend promises to keep (0 to 1). `ENACT_LAW`, `REMAKE`, `SUSPEND_OFFICE`,
    `RESTORE_OFFICE` and those said to be so below are the guild's own duties, which no member is let do; all
    others are members'.
    """

    VIEW_GUILD = "ViewGuild"
    VIEW_LEDGER = "ViewLedger"
    ENACT_LAW = "EnactLaw"
    PREVIEW_LAW = "PreviewLaw"
    ADMIT_MEMBER = "AdmitMember"
    GRANT_OFFICE = "GrantOffice"
    WITHDRAW_OFFICE = "WithdrawOffice"
    END_MEMBERSHIP = "EndMembership"
    LEAVE_GUILD = "LeaveGuild"

    VIEW_LOUNGE = "ViewLounge"
    MANAGE_LOUNGE = "ManageLounge"
    OPEN_SESSION = "OpenSession"

    VIEW_SESSION = "ViewSession"
    JOIN_SESSION = "JoinSession"
    HEAR_SESSION = "HearSession"
    SHARE_DREAM = "ShareDream"
    ASSOCIATE = "Associate"
    STEP_OUT = "StepOut"
    SET_STAGE = "SetStage"
    BLEND = "Blend"
    REMAKE = "Remake"
    RETRY_BLEND = "RetryBlend"
    CLOSE_SESSION = "CloseSession"

    WITHDRAW_CONTRIBUTION = "WithdrawContribution"
    GIVE_CONSENT = "GiveConsent"
    REQUEST_CONSENT = "RequestConsent"
    REVOKE_CONSENT = "RevokeConsent"
    WITHDRAW_CONSENT = "WithdrawConsent"
    VIEW_CONSENTS = "ViewConsents"

    VIEW_DREAMSCAPE = "ViewDreamscape"
    VIEW_REFLECTION = "ViewReflection"

    FOUND_COLONY = "FoundColony"
    VIEW_COLONY = "ViewColony"
    ASK_TO_JOIN_COLONY = "AskToJoinColony"
    JOIN_COLONY = "JoinColony"
    LEAVE_COLONY = "LeaveColony"
    LEAD_COLONY = "LeadColony"
    NAME_COLONY_LEADER = "NameColonyLeader"
    WRITE_RITUAL = "WriteRitual"
    SCHEDULE_RITUAL = "ScheduleRitual"
    KEEP_RITUAL = "KeepRitual"
    VIEW_COLONY_FIGURES = "ViewColonyFigures"
    OFFER_RITUAL = "OfferRitual"
    ADOPT_RITUAL = "AdoptRitual"
    TRANSLATE_RITUAL = "TranslateRitual"
    HOLD_EXCHANGE_EVENING = "HoldExchangeEvening"
    SPEAK_OF_RITUAL = "SpeakOfRitual"

    VIEW_OVERSIGHT = "ViewOversight"
    RUN_AUDIT = "RunAudit"
    ASSIGN_FINDING = "AssignFinding"
    RULE_ON_FINDING = "RuleOnFinding"
    CONFIRM_RULING = "ConfirmRuling"
    APPEAL_RULING = "AppealRuling"
    DECIDE_APPEAL = "DecideAppeal"
    EXPORT_OVERSIGHT = "ExportOversight"
    SUSPEND_OFFICE = "SuspendOffice"
    RESTORE_OFFICE = "RestoreOffice"
    ASK_TO_LIFT = "AskToLift"
    LIFT_SUSPENSION = "LiftSuspension"

    RESIST = "Resist"
    HALT_BLEND = "HaltBlend"
    WRITE_EXPERIENCE = "WriteExperience"
    APPROVE_EXPERIENCE = "ApproveExperience"
    USE_EXPERIENCE = "UseExperience"
    SUSPEND_EXPERIENCE = "SuspendExperience"
    LIFT_EXPERIENCE = "LiftExperience"

    REPORT_CONTENT = "ReportContent"
    MODERATE = "Moderate"
    DECIDE_REPORT = "DecideReport"
    APPEAL_MODERATION = "AppealModeration"
    ANSWER_APPEAL = "AnswerAppeal"
    GIVE_BACK = "GiveBack"

    INVITE_MEMBER = "InviteMember"
    REVOKE_INVITATION = "RevokeInvitation"
    OPEN_INVITATIONS_AGAIN = "OpenInvitationsAgain"
    RENEW_TERM = "RenewTerm"
    STAND_DOWN = "StandDown"
    HAND_OVER_OFFICE = "HandOverOffice"
    ACCEPT_OFFICE = "AcceptOffice"
    DECLINE_OFFICE = "DeclineOffice"
    TAKE_BACK_HANDOVER = "TakeBackHandover"
    ASK_GUILD_ACT = "AskGuildAct"
    AGREE_GUILD_ACT = "AgreeGuildAct"
    TAKE_BACK_GUILD_ACT = "TakeBackGuildAct"
    OBJECT_TO_GUILD_ACT = "ObjectToGuildAct"
    FETCH_GUILD_EXPORT = "FetchGuildExport"
    # The guild's own duties, as those above.
    JOIN_BY_INVITATION = "JoinByInvitation"
    APPOINT_BY_VOTE = "AppointByVote"
    DISMISS_BY_VOTE = "DismissByVote"
    END_TERM = "EndTerm"
    CLOSE_GUILD = "CloseGuild"

    VIEW_DELIBERATION = "ViewDeliberation"
    PROPOSE = "Propose"
    SPONSOR_PROPOSAL = "SponsorProposal"
    AMEND_PROPOSAL = "AmendProposal"
    REVISE_PROPOSAL = "ReviseProposal"
    DECIDE_AMENDMENT = "DecideAmendment"
    ARGUE = "Argue"
    ANSWER_OBJECTION = "AnswerObjection"
    WITHDRAW_PROPOSAL = "WithdrawProposal"
    CAST_BALLOT = "CastBallot"
    START_PETITION = "StartPetition"
    SIGN_PETITION = "SignPetition"
    WITHDRAW_PETITION = "WithdrawPetition"

    @property
    def words(self) -> str:
        """What it is called where nothing better is said: `OpenSession` is "open session"."""
        return re.sub(r"(?<!^)(?=[A-Z])", " ", self.value).lower()


PROTECTED = frozenset(
    {
        Action.ENACT_LAW,
        Action.PREVIEW_LAW,
        Action.VIEW_GUILD,
        Action.VIEW_LEDGER,
        Action.LEAVE_GUILD,
        Action.STEP_OUT,
        Action.WITHDRAW_CONTRIBUTION,
        Action.WITHDRAW_CONSENT,
        Action.VIEW_CONSENTS,
        Action.VIEW_REFLECTION,
        Action.REMAKE,
        Action.LEAVE_COLONY,
        Action.VIEW_OVERSIGHT,
        Action.RUN_AUDIT,
        Action.RULE_ON_FINDING,
        Action.CONFIRM_RULING,
        Action.APPEAL_RULING,
        Action.DECIDE_APPEAL,
        Action.SUSPEND_OFFICE,
        Action.RESTORE_OFFICE,
        Action.ASK_TO_LIFT,
        Action.LIFT_SUSPENSION,
        Action.RESIST,
        Action.HALT_BLEND,
        Action.SUSPEND_EXPERIENCE,
        Action.LIFT_EXPERIENCE,
        Action.ASSIGN_FINDING,
        Action.REPORT_CONTENT,
        Action.DECIDE_REPORT,
        Action.APPEAL_MODERATION,
        Action.ANSWER_APPEAL,
        Action.GIVE_BACK,
        Action.STAND_DOWN,
        Action.DECLINE_OFFICE,
        Action.TAKE_BACK_HANDOVER,
        Action.OBJECT_TO_GUILD_ACT,
        Action.APPOINT_BY_VOTE,
        Action.DISMISS_BY_VOTE,
        Action.END_TERM,
        Action.CLOSE_GUILD,
        Action.VIEW_DELIBERATION,
        Action.PROPOSE,
        Action.SPONSOR_PROPOSAL,
        Action.CAST_BALLOT,
    }
)
"""What no guild can forbid: each one's way out, sight of the law, oversight, and changing it back."""


class Because(models.TextChoices):
    """Why a law came into force."""

    FOUNDING = "founding", "at the founding"
    VOTE = "vote", "by a vote"
