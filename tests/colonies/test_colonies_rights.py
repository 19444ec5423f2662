"""What is somebody's own in the colonies goes along with them, and goes for good when they erase it."""

from datetime import time, timedelta

from django.utils import timezone

from colonies.diary import portable as diary
from colonies.diary import services as diaries
from colonies.diary.entries import Written
from colonies.diary.erasing import erase_diary
from colonies.diary.models import DiaryEntry
from colonies.rituals import belonging, erasing, feeds, observing, portable, selectors, writing
from colonies.rituals.enums import Part
from colonies.rituals.models import Belonging, CalendarFeed, Observance, Pause, RitualVersion
from colonies.rituals.texts import Wording
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.colonies.colony import a_colony, inside


def keep_something(cast: Cast):
    """Mira co-leads, translates, keeps last night, pauses, has a calendar address and a diary."""
    colony, ritual, _ = a_colony(cast)
    last = reckoning_of(cast.mira.dreamer).night_of(timezone.now()) - timedelta(days=1)
    with inside(cast.lara):
        row = selectors.belonging_of(colony, cast.mira)
        belonging.give_part(by=cast.lara, belonging=row, part=Part.CO_LEADER)
    with inside(cast.mira):
        version = selectors.newest_of(ritual)
        version.ritual = ritual
        writing.translate(by=cast.mira, version=version, wording=Wording("pt", "A lâmpada", ("Apaga.",)))
        observing.observe(by=cast.mira, ritual=ritual, night=last, keeping="kept")
    with tenant(dreamer=cast.mira.dreamer_id):
        observing.pause(by=cast.mira.dreamer)
        feeds.open_feed(by=cast.mira.dreamer)
        written = Written(into_bed=time(22, 15), comment="Warm.")
        diaries.write_night(by=cast.mira.dreamer, night=last, written=written)
    return last


def test_everything_of_ones_own_is_taken_along(cast: Cast):
    last = keep_something(cast)
    mira, guild = cast.mira.dreamer_id, cast.lantern.pk
    with inside(cast.mira):
        (belongs,) = portable.belongings_of(mira, guild=guild)
        (wrote,) = portable.rituals_of(mira, guild=guild)
        (kept,) = portable.observances_of(mira, guild=guild)
        assert list(portable.observances_of(cast.lara.dreamer_id, guild=guild)) == []
    assert (belongs["colony"], belongs["part"], wrote["title"], kept["night"]) == (
        "Lamplighters",
        "co_leader",
        "A lâmpada",
        last.isoformat(),
    )
    with tenant(dreamer=mira):
        (night,) = diary.nights_of(mira)
        assert (night["comment"], night["night"]) == ("Warm.", last.isoformat())
        assert (len(list(portable.pauses_of(mira))), len(list(portable.calendars_of(mira)))) == (1, 1)


def test_erasing_leaves_the_colony_whole_and_nothing_of_ones_own(cast: Cast):
    keep_something(cast)
    mira = cast.mira.dreamer_id
    with inside(cast.mira):
        gone = erasing.erase_in_guild(mira, guild=cast.lantern.pk, live=cast.mira)
        erasing.erase_own(mira)
        assert (gone.nights, gone.colonies, erase_diary(dreamer=mira)) == (1, 1, 1)
        left = [
            model.objects.filter(dreamer_id=mira).count()
            for model in (Observance, Pause, CalendarFeed, DiaryEntry)
        ]
        assert left == [0, 0, 0, 0]
        assert Belonging.objects.get(membership_id=cast.mira.pk).standing == "left"
        assert RitualVersion.objects.get().author == cast.lara
        assert list(portable.rituals_of(mira, guild=cast.lantern.pk)) == []
