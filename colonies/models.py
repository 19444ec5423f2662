"""The models of this wing, room by room."""

from colonies.diary.models import ComparedNights, DiaryEntry, StagedNights
from colonies.exchange.evening_models import Evening, EveningNote
from colonies.exchange.house_models import HouseAdoption, HouseOffer, Letter
from colonies.exchange.models import Adoption, Asking, CultureMonth, Offer, Word
from colonies.reminders.models import DueReminder, RitualReminder
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
    "Asking",
    "Belonging",
    "CalendarFeed",
    "Colony",
    "ComparedNights",
    "CultureMonth",
    "DiaryEntry",
    "DueReminder",
    "Evening",
    "EveningNote",
    "HouseAdoption",
    "HouseOffer",
    "Letter",
    "Observance",
    "Offer",
    "Pause",
    "Ritual",
    "RitualReminder",
    "RitualVersion",
    "Schedule",
    "StagedNights",
    "Translation",
    "Word",
]
