"""The sample's colonies: written for it, by many traditions, each with its source and credit."""

from django.utils import timezone

from colonies.diary.models import DiaryEntry
from colonies.rituals import figures, selectors
from colonies.rituals.models import Colony, Ritual, Schedule, Translation
from colonies.rituals.texts import checked
from guild.journal.selectors import reckoning_of
from guild.portal.sample_colonies import COLONIES, settle
from tests.cast import Cast
from tests.colonies.colony import inside

TEXTS = [text for colony in COLONIES for text, _ in colony.rituals]


def test_every_ritual_says_where_it_comes_from_and_can_be_kept():
    assert [text.title for text in TEXTS if not (text.tradition and text.source and text.credit)] == []
    assert [checked(text) for text in TEXTS] == TEXTS
    assert len({text.tradition for text in TEXTS}) >= 6


def test_the_sample_is_made_through_the_services_and_holds_figures_for_its_leader(cast: Cast):
    members = {member.display_name: member for member in cast.members}
    assert settle(members) == len(TEXTS)
    with inside(cast.lara):
        counts = (Colony.objects.count(), Ritual.objects.count(), Translation.objects.count())
        assert (*counts, Schedule.objects.count()) == (3, len(TEXTS), 1, 7)
        colony = Colony.objects.get(slug="lamplighters")
        tonight = reckoning_of(cast.lara.dreamer).night_of(timezone.now())
        shown = figures.figures_for(cast.lara, colony, tonight=tonight)
        house = next(row for row in shown if row.ritual.title == "Putting the house to bed")
        assert house.weeks[-1].people == 5
    for member, nights in ((cast.lara, 18), (cast.mira, 18), (cast.finn, 0)):
        with inside(member):
            assert DiaryEntry.objects.filter(dreamer_id=member.dreamer_id).count() == nights
    leaders = {}
    with inside(cast.mira):
        for colony in Colony.objects.all():
            first = selectors.company_of(colony).belonging[0]
            leaders[colony.name] = (first.membership.display_name, first.part)
    assert leaders == {
        "Lamplighters": ("Lara", "leader"),
        "Still Water": ("Mira", "leader"),
        "After Dark": ("Ezra", "leader"),
    }
