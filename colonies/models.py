"""The models of this wing, room by room."""

from colonies.rituals.models import Belonging, Colony, Ritual, RitualVersion, Translation

__all__ = ["Belonging", "Colony", "Ritual", "RitualVersion", "Translation"]
