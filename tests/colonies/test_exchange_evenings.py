"""Exchange evenings: both colonies agree, both find it in their night and their calendar, and write of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from colonies.exchange import evenings
from colonies.exchange.evening_models import Evening, EveningNote
from colonies.exchange.evenings import Proposal
from colonies.rituals import feeds, observing, scheduling, writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Ritual, Schedule
from colonies.rituals.times import schedules_for, schedules_of
from colonies.rituals.tonight import presences, tonight_of
from governance.policies.errors import Denied
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import DUSK, LAMP, come_in, every_night, found, inside, write
from tests.colonies.test_rituals_colonies import leaves

SignIn = Callable[[Membership], Client]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
STARTS = datetime.fromisoformat("2026-11-27T21:00")


@pytest.fixture
def both(cast: Cast) -> tuple[Ritual, Ritual]:
    """Lara's lamp, which Mira keeps too, and Ayla's tea, which Finn keeps too."""
    lamp, tea = found(cast.lara), found(cast.ayla, name="Salt")
    come_in(cast.mira, lamp, by=cast.lara)
    come_in(cast.finn, tea, by=cast.ayla)
    return write(cast.lara, lamp), write(cast.ayla, tea, LAMP.__class__(title="Tea", steps=LAMP.steps))


def propose(by: Membership, both: tuple[Ritual, Ritual], **options: object) -> Evening:
    values = {"ours": both[0], "theirs": both[1], "starts": STARTS, "zone": "Europe/London"} | options
    with inside(by):
        return evenings.propose(by=by, proposal=Proposal(**values), now=NOW)


def agree(by: Membership, row: Evening, *, agree: bool = True) -> Evening:
    with inside(by):
        evenings.answer(by=by, evening=evenings.evening_for(by, row.pk), agree=agree, now=NOW)
        return evenings.evening_for(by, row.pk)


@pytest.fixture
def agreed(cast: Cast, both: tuple[Ritual, Ritual]) -> Evening:
    return agree(cast.ayla, propose(cast.lara, both))


def titles(member: Membership) -> list[str]:
    night = STARTS.date()
    with tenant(dreamer=member.dreamer_id):
        return [one.ritual.title for one in tonight_of(member.dreamer, night=night, now=NOW)]


def test_an_agreed_evening_is_in_the_night_of_everybody_in_both_colonies_one_after_the_other(
    cast: Cast, agreed: Evening
):
    assert [titles(who) for who in (cast.lara, cast.mira, cast.ayla, cast.finn)] == [["The lamp", "Tea"]] * 4
    assert titles(cast.ezra) == []
    with inside(cast.mira):
        starts = [row.starts for row in schedules_for(cast.mira)]
    assert starts == ["2026-11-27T21:00", "2026-11-27T21:15"]
    assert [kind for kind, _ in leaves(cast.mira)][-4:] == [
        "evening.proposed",
        "ritual.scheduled",
        "ritual.scheduled",
        "evening.answered",
    ]


def test_it_is_in_the_calendars_of_both_colonies(cast: Cast, agreed: Evening):
    for member in (cast.mira, cast.finn):
        feed = feeds.feed_document(member.dreamer_id).decode()
        assert (
            feed.count("BEGIN:VEVENT"),
            "SUMMARY:The lamp (Lamplighters and Salt)" in feed,
            "SUMMARY:Tea (Salt and" in feed,
        ) == (
            2,
            True,
            True,
        )


def test_it_is_none_of_the_ritual_s_own_times_nor_counted_among_them(
    cast: Cast, both: tuple[Ritual, Ritual], agreed: Evening
):
    with inside(cast.lara):
        assert schedules_of(both[0]) == []
    for _ in range(scheduling.MOST_SCHEDULES):
        every_night(cast.lara, both[0], DUSK)


def test_guests_keep_the_ritual_on_that_night_alone_and_are_counted_among_the_present(
    cast: Cast, both: tuple[Ritual, Ritual], agreed: Evening
):
    def keep(member: Membership, now: datetime) -> None:
        night = reckoning_of(member.dreamer).night_of(now)
        with inside(member):
            observing.observe(by=member, ritual=both[0], night=night, keeping="kept", now=now)

    during = datetime(2026, 11, 27, 21, 5, tzinfo=UTC)
    keep(cast.mira, during)
    keep(cast.finn, during)
    with inside(cast.lara):
        others = presences(cast.lara, [both[0]], now=during)[both[0].pk]
    assert (others.others, others.names) == (2, ())
    with pytest.raises(Denied, match="belong to this colony"):
        keep(cast.finn, during + timedelta(days=4))
    with pytest.raises(Denied, match="belong to this colony"):
        keep(cast.ezra, during)


def test_nothing_is_in_anybody_s_night_before_it_is_agreed_or_after_it_was_called_off(
    cast: Cast, both: tuple[Ritual, Ritual]
):
    row = propose(cast.lara, both)
    assert titles(cast.mira) == []
    row = agree(cast.ayla, row)
    with inside(cast.lara):
        evenings.call_off(by=cast.lara, evening=row, now=NOW)
        with pytest.raises(NotNow, match="not ahead"):
            evenings.call_off(by=cast.lara, evening=row, now=NOW)
        assert Schedule.objects.filter(ended_at=None).count() == 0
    assert (titles(cast.mira), titles(cast.finn)) == ([], [])


def test_only_the_leaders_of_each_propose_answer_and_call_off(cast: Cast, both: tuple[Ritual, Ritual]):
    with pytest.raises(Denied, match="lead this colony"):
        propose(cast.mira, both)
    row = propose(cast.lara, both)
    with pytest.raises(Denied, match="lead this colony"):
        agree(cast.lara, row)
    with inside(cast.finn), pytest.raises(Denied, match="lead this colony"):
        evenings.call_off(by=cast.finn, evening=row, now=NOW)
    agree(cast.ayla, row, agree=False)
    with pytest.raises(NotNow, match="answered"):
        agree(cast.ayla, row)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"starts": datetime.fromisoformat("2026-11-24T21:00")}, "starts"),
        ({"starts": datetime.fromisoformat("2028-11-24T21:00")}, "starts"),
        ({"zone": "Nowhere/Here"}, "zone"),
    ],
)
def test_an_evening_is_ahead_and_by_a_clock_that_there_is(
    cast: Cast, both: tuple[Ritual, Ritual], options: dict, field: str
):
    with pytest.raises(Invalid) as refused:
        propose(cast.lara, both, **options)
    assert refused.value.field == field


def test_an_evening_needs_two_colonies_whose_rituals_are_kept(cast: Cast, both: tuple[Ritual, Ritual]):
    with pytest.raises(Invalid, match="another colony"):
        propose(cast.lara, (both[0], both[0]))
    row = propose(cast.lara, both)
    with inside(cast.ayla):
        writing.lay_to_rest(by=cast.ayla, ritual=both[1])
    with pytest.raises(NotNow, match="not kept at present"):
        agree(cast.ayla, row)


def test_notes_come_afterwards_from_those_who_belong_and_are_taken_back(cast: Cast, agreed: Evening):
    after = NOW + timedelta(days=3)
    with inside(cast.finn):
        with pytest.raises(NotNow, match="when the evening was kept"):
            evenings.note(by=cast.finn, evening=agreed, text="We hummed.", now=NOW)
        note = evenings.note(by=cast.finn, evening=agreed, text="We hummed.", now=after)
    with inside(cast.ezra), pytest.raises(Denied, match="belong to this colony"):
        evenings.note(by=cast.ezra, evening=agreed, text="I was not there.", now=after)
    with inside(cast.mira):
        evenings.erase_note(by=cast.mira, evening=agreed, note_id=note.pk)
        assert EveningNote.objects.count() == 1
    with inside(cast.finn):
        evenings.erase_note(by=cast.finn, evening=agreed, note_id=note.pk)
        assert EveningNote.objects.count() == 0


def test_proposing_and_agreeing_from_the_pages(cast: Cast, both: tuple[Ritual, Ritual], client_of: SignIn):
    on = (timezone.now() + timedelta(days=3)).date().isoformat()
    lara, ayla = client_of(cast.lara), client_of(cast.ayla)
    body = {"ours": both[0].pk, "theirs": both[1].pk, "on": on, "at": "21:00", "zone": "Europe/London"}
    page = lara.post("/g/lantern/exchange/evenings/new/", body, follow=True)
    address = page.redirect_chain[-1][0]
    assert "It is proposed to Salt." in page.content.decode()
    assert "Agree" not in page.content.decode()
    home = "/g/lantern/"
    assert address in ayla.get(home).content.decode()
    assert address not in lara.get(home).content.decode()
    agreed = ayla.post(f"{address}answer/", {"answer": "yes"}, follow=True).content.decode()
    assert "It stands in everybody" in agreed
    assert address in client_of(cast.mira).get("/g/lantern/exchange/").content.decode()
