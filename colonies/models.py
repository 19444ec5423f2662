"""The models of this wing, room by room."""

from colonies.diary.models import DiaryEntry
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
    "Belonging",
    "CalendarFeed",
    "Colony",
    "DiaryEntry",
    "Observance",
    "Pause",
    "Ritual",
    "RitualVersion",
    "Schedule",
    "Translation",
]
