"""The models of this wing, room by room."""

from governance.consent.models import Statement, Subject, Use, UseSubject
from governance.ledger.models import Leaf
from governance.oversight.models import AuditRun, Finding

__all__ = ["AuditRun", "Finding", "Leaf", "Statement", "Subject", "Use", "UseSubject"]
