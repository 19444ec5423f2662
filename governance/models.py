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
from governance.offices.models import Suspension
from governance.oversight.ruling_models import Appeal, Remedy, Reminder, Ruling, Telling, Visit

__all__ = [
    "Amendment",
    "Appeal",
    "Argument",
    "AuditRun",
    "Ballot",
    "Checkpoint",
    "Cosignature",
    "Count",
    "Eligible",
    "Finding",
    "Leaf",
    "Objection",
    "Petition",
    "Proposal",
    "Receipt",
    "RecipientNotice",
    "Remedy",
    "Reminder",
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
    "Use",
    "UseSubject",
    "Version",
    "Visit",
]
