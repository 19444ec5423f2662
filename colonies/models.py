"""The models of this wing, room by room."""

from colonies.diary.models import DiaryEntry
from colonies.exchange.models import Adoption, Offer
from colonies.rituals.models import (
    Belonging,
    CalendarFeed,
    Colony,
    Observance,
    Pause,
    Ritual,
    RitualVersion,
    Schedule,
    Translation,
)

__all__ = [
    "Adoption",
    "Belonging",
    "CalendarFeed",
    "Colony",
    "DiaryEntry",
    "Observance",
    "Offer",
    "Pause",
    "Ritual",
    "RitualVersion",
    "Schedule",
    "Translation",
]
