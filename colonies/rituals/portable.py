"""What a dreamer takes along of their colonies: where they belonged, what they wrote, their own nights."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from colonies.rituals.models import Belonging, CalendarFeed, Observance, Pause, RitualVersion, Translation

Json = dict[str, Any]


def belongings_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every colony they asked, were invited to, belonged to or left; in both their tenants."""
    rows = Belonging.objects.filter(guild_id=guild, membership__dreamer_id=dreamer)
    for row in rows.select_related("colony").order_by("began_at", "id"):
        yield {
            "colony": row.colony.name,
            "standing": row.standing,
            "part": row.part,
            "began_at": row.began_at.isoformat(),
            "joined_at": row.joined_at and row.joined_at.isoformat(),
            "ended_at": row.ended_at and row.ended_at.isoformat(),
            "shows_name": row.shows_name,
        }


def rituals_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Versions and translations that stand under their name."""
    versions = RitualVersion.objects.filter(guild_id=guild, author__dreamer_id=dreamer)
    for row in versions.order_by("made_at", "id"):
        yield {
            "ritual": str(row.ritual_id),
            "version": row.number,
            "language": row.language,
            "title": row.title,
            "intention": row.intention,
            "tradition": row.tradition,
            "source": row.source,
            "credit": row.credit,
            "contraindications": row.contraindications,
            "steps": row.steps,
            "note": row.note,
            "made_at": row.made_at.isoformat(),
        }
    translations = Translation.objects.filter(guild_id=guild, translator__dreamer_id=dreamer)
    for one in translations.select_related("version").order_by("made_at", "id"):
        yield {
            "ritual": str(one.version.ritual_id),
            "version": one.version.number,
            "language": one.language,
            "title": one.title,
            "intention": one.intention,
            "contraindications": one.contraindications,
            "steps": one.step_texts,
            "made_at": one.made_at.isoformat(),
        }


def observances_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Everything they said of their nights."""
    rows = Observance.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("ritual")
    for row in rows.order_by("night", "entered_at"):
        yield {
            "ritual": row.ritual.title,
            "night": row.night.isoformat(),
            "keeping": row.keeping,
            "began_at": row.began_at and row.began_at.isoformat(),
            "entered_at": row.entered_at.isoformat(),
        }


def pauses_of(dreamer: UUID) -> Iterator[Json]:
    for row in Pause.objects.filter(dreamer_id=dreamer).order_by("first_night"):
        yield {
            "first_night": row.first_night.isoformat(),
            "last_night": row.last_night and row.last_night.isoformat(),
        }


def calendars_of(dreamer: UUID) -> Iterator[Json]:
    """When there was an address; the address itself was never kept."""
    for row in CalendarFeed.objects.filter(dreamer_id=dreamer).order_by("opened_at"):
        yield {
            "opened_at": row.opened_at.isoformat(),
            "closed_at": row.closed_at and row.closed_at.isoformat(),
        }
