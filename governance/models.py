"""The models of this wing, room by room."""

from governance.audits.models import AuditRun, Finding
from governance.consent.models import (
    RecipientNotice,
    Restriction,
    ServedNotice,
    Statement,
    Subject,
    Use,
    UseSubject,
)
from governance.deliberation.models import (
    Amendment,
    Argument,
    Ballot,
    Count,
    Eligible,
    Objection,
    Petition,
    Proposal,
    Receipt,
    Signature,
    Sponsor,
    Version,
)
from governance.ledger.models import Checkpoint, Cosignature, Leaf, SeenLog
from governance.moderation.models import ModerationAppeal, Report
from governance.offices.holding_models import Handover, Term
from governance.offices.invitation_models import Barring, Invitation
from governance.offices.joint_models import GuildAct
from governance.offices.models import Suspension
from governance.oversight.ruling_models import Appeal, Remedy, Reminder, Ruling, Telling, Visit
from governance.policies.models import PolicySet

__all__ = [
    "Amendment",
    "Appeal",
    "Argument",
    "AuditRun",
    "Ballot",
    "Barring",
    "Checkpoint",
    "Cosignature",
    "Count",
    "Eligible",
    "Finding",
    "GuildAct",
    "Handover",
    "Invitation",
    "Leaf",
    "ModerationAppeal",
    "Objection",
    "Petition",
    "PolicySet",
    "Proposal",
    "Receipt",
    "RecipientNotice",
    "Remedy",
    "Reminder",
    "Report",
    "Restriction",
    "Ruling",
    "SeenLog",
    "ServedNotice",
    "Signature",
    "Sponsor",
    "Statement",
    "Subject",
    "Suspension",
    "Telling",
    "Term",
    "Use",
    "UseSubject",
    "Version",
    "Visit",
]
