"""The models of this wing, room by room."""

from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection
from lounges.experiences.models import Approval, Experience, ExperienceVersion
from lounges.halts.models import Call, Halt
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
    "Approval",
    "Association",
    "BlendRun",
    "BlendVoice",
    "Call",
    "CommandReceipt",
    "Contribution",
    "Dreamscape",
    "Experience",
    "ExperienceVersion",
    "Halt",
    "Lounge",
    "Participation",
    "Reflection",
    "Session",
    "SessionEvent",
]
