"""The actions that the law knows."""

from enum import StrEnum


class Action(StrEnum):
    """One per action of `schema.cedarschema`; the value is its Cedar name.

    What an action is asked of, and the context it needs, stand in the schema. `participating` is whether
    the member has joined the session and accepted its terms; `retention` is the share of every distance
    between two voices that a blend promises to keep (0 to 1). `REMAKE`, `SUSPEND_OFFICE` and
    `RESTORE_OFFICE` are the guild's own duties, which no member is let do; all others are members'.
    """

    VIEW_GUILD = "ViewGuild"
    VIEW_LEDGER = "ViewLedger"
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
    SET_EXCHANGE = "SetExchange"

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
