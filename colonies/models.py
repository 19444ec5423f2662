"""The models of this wing, room by room."""

from colonies.rituals.models import (
    Belonging,
    CalendarFeed,
    Colony,
    Ritual,
    RitualVersion,
    Schedule,
    Translation,
)

__all__ = ["Belonging", "CalendarFeed", "Colony", "Ritual", "RitualVersion", "Schedule", "Translation"]
