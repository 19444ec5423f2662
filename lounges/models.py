"""The models of this wing, room by room."""

from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection
from lounges.sessions.models import (
    Association,
    CommandReceipt,
    Contribution,
    Lounge,
    Participation,
    Session,
    SessionEvent,
)

__all__ = [
    "Association",
    "BlendRun",
    "BlendVoice",
    "CommandReceipt",
    "Contribution",
    "Dreamscape",
    "Lounge",
    "Participation",
    "Reflection",
    "Session",
    "SessionEvent",
]
