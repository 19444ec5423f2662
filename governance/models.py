"""The models of this wing, room by room."""

from governance.consent.models import Statement, Subject, Use, UseSubject
from governance.ledger.models import Leaf

__all__ = ["Leaf", "Statement", "Subject", "Use", "UseSubject"]
