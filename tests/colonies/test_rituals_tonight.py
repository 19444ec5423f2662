"""Tonight: what is kept, when and by whom; who sees it; and what those who lead see of it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from colonies.rituals import belonging, figures, observing, tonight
from colonies.rituals.enums import Keeping
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.figures import Week
from colonies.rituals.models import Observance, Pause, Ritual
from colonies.rituals.tonight import Presence
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.journal.selectors import reckoning_of
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast, join
from tests.colonies.colony import a_colony, come_in, every_night, inside, write

SignIn = Callable[[Membership], Client]
NIGHT = date(2026, 11, 25)
NOW = datetime.fromisoformat("2026-11-25T21:40+00:00")


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Kept every night at 21:30 since the 1st; Lara leads, Mira belongs, Finn has asked to."""
    ritual = a_colony(cast)[1]
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-11-01T21:30"))
    return ritual


def keep(
    by: Membership, ritual: Ritual, *, night: date = NIGHT, keeping: str = "kept", now: datetime = NOW
) -> None:
    with inside(by):
        observing.observe(by=by, ritual=ritual, night=night, keeping=keeping, now=now)


def seen(by: Membership, *, night: date = NIGHT, now: datetime = NOW) -> list[tonight.Tonight]:
    with tenant(dreamer=by.dreamer_id):
        return tonight.tonight_of(by.dreamer, night=night, now=now)


def test_tonight_holds_what_falls_on_it_and_what_was_said(cast: Cast, ritual: Ritual):
    (before,) = seen(cast.mira)
    keep(cast.mira, ritual)
    (after,) = seen(cast.mira)
    assert (before.said, after.said, after.ritual) == ("", "kept", ritual)
    assert [f"{evening.instant:%H:%M}" for evening in after.evenings] == ["21:30"]
    assert (seen(cast.finn), seen(cast.zed)) == ([], [])


def test_saying_it_again_changes_it_and_taking_it_back_leaves_nothing(cast: Cast, ritual: Ritual):
    for keeping in ("kept", "partly", "skipped"):
        keep(cast.mira, ritual, keeping=keeping)
    with inside(cast.mira):
        assert [(row.keeping, row.began_at) for row in Observance.objects.all()] == [("skipped", None)]
        observing.take_back(by=cast.mira, ritual=ritual, night=NIGHT)
        assert Observance.objects.count() == 0


def test_an_earlier_night_is_entered_late_and_belongs_to_that_night(cast: Cast, ritual: Ritual):
    keep(cast.mira, ritual, night=NIGHT - timedelta(days=3))
    with inside(cast.mira):
        row = Observance.objects.get()
    assert (row.night, row.is_late, row.entered_at) == (NIGHT - timedelta(days=3), True, NOW)


@pytest.mark.parametrize("days", [1, -31])
def test_neither_a_night_to_come_nor_one_long_ago_is_entered(cast: Cast, ritual: Ritual, days: int):
    with pytest.raises(Invalid, match="last thirty nights"):
        keep(cast.mira, ritual, night=NIGHT + timedelta(days=days))


def test_at_half_past_one_it_is_still_tonight(cast: Cast, ritual: Ritual):
    keep(cast.mira, ritual, now=datetime.fromisoformat("2026-11-26T01:30+00:00"))
    with inside(cast.mira):
        row = Observance.objects.get()
    assert (row.night, row.is_late) == (NIGHT, False)


def test_travelling_does_not_move_a_night_that_was(cast: Cast, ritual: Ritual):
    keep(cast.mira, ritual)
    cast.mira.dreamer.time_zone = "America/Los_Angeles"
    cast.mira.dreamer.save(update_fields=["time_zone"])
    (one,) = seen(cast.mira)
    assert (one.said, one.observance.night) == ("kept", NIGHT)


def test_only_those_who_belong_keep_and_nobody_keeps_what_is_at_rest(cast: Cast, ritual: Ritual):
    with pytest.raises(Denied, match="belong"):
        keep(cast.finn, ritual)
    with pytest.raises(Invalid, match="skipped it on purpose"):
        keep(cast.mira, ritual, keeping="dreamt")
    ritual.rested_at = NOW
    with pytest.raises(NotNow, match="at rest"):
        keep(cast.mira, ritual)


def test_no_leaf_speaks_of_anybodys_night(cast: Cast, ritual: Ritual):
    with inside(cast.mira):
        before = Leaf.objects.count()
    keep(cast.mira, ritual)
    with inside(cast.mira):
        assert Leaf.objects.count() == before


def test_others_are_counted_and_named_only_where_they_show_their_name(cast: Cast, ritual: Ritual):
    keep(cast.lara, ritual)
    (hidden,) = seen(cast.mira)
    with inside(cast.lara):
        observing.show_name(by=cast.lara, colony=ritual.colony, shown=True)
    (shown,) = seen(cast.mira)
    (own,) = seen(cast.lara)
    assert [one.presence for one in (hidden, shown, own)] == [
        Presence(1, ()),
        Presence(1, ("Lara",)),
        Presence(0, ()),
    ]


@pytest.mark.parametrize(("minutes", "others"), [(14, 1), (16, 0), (-1, 0)])
def test_whoever_began_a_while_ago_is_no_longer_keeping_it(
    cast: Cast, ritual: Ritual, minutes: int, others: int
):
    keep(cast.lara, ritual)
    (one,) = seen(cast.mira, now=NOW + timedelta(minutes=minutes))
    assert one.presence.others == others


def test_a_skipped_night_is_no_presence(cast: Cast, ritual: Ritual):
    keep(cast.lara, ritual, keeping="skipped")
    (one,) = seen(cast.mira)
    assert one.presence == Presence(0, ())


def test_a_pause_keeps_the_light_and_ends_with_last_night(cast: Cast, ritual: Ritual):
    for days in range(10, 5, -1):
        keep(cast.mira, ritual, night=NIGHT - timedelta(days=days))
    (missed,) = seen(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        observing.pause(by=cast.mira.dreamer, now=NOW - timedelta(days=5))
        observing.pause(by=cast.mira.dreamer, now=NOW - timedelta(days=4))
        observing.go_on(by=cast.mira.dreamer, now=NOW)
        rows = [(row.first_night, row.last_night) for row in Pause.objects.all()]
    (rested,) = seen(cast.mira)
    assert rows == [(NIGHT - timedelta(days=5), NIGHT - timedelta(days=1))]
    assert (missed.light.kept, rested.light.kept) == (5, 5)
    assert rested.light.brightness == pytest.approx(missed.light.brightness / 0.88**5)


def test_a_pause_may_begin_with_a_night_that_was(cast: Cast, client_of: SignIn):
    client = client_of(cast.mira)
    tonight = reckoning_of(cast.mira.dreamer).night_of(timezone.now())
    client.post("/tonight/pause/", {"since": f"{tonight - timedelta(days=40)}"})
    client.post("/tonight/pause/", {"since": f"{tonight - timedelta(days=4)}"})
    with tenant(dreamer=cast.mira.dreamer_id):
        assert [row.first_night for row in Pause.objects.all()] == [tonight - timedelta(days=4)]


def test_a_pause_that_ends_on_its_first_night_never_was(cast: Cast):
    with tenant(dreamer=cast.mira.dreamer_id):
        observing.pause(by=cast.mira.dreamer, now=NOW)
        observing.go_on(by=cast.mira.dreamer, now=NOW)
        assert Pause.objects.count() == 0


def test_erasing_ones_nights_leaves_nobody_elses_and_needs_no_belonging(cast: Cast, ritual: Ritual):
    keep(cast.mira, ritual)
    keep(cast.lara, ritual)
    with inside(cast.mira):
        belonging.leave(by=cast.mira, colony=ritual.colony)
        assert observing.erase_nights(by=cast.mira, colony=ritual.colony) == 1
        assert [row.membership_id for row in Observance.objects.all()] == [cast.lara.pk]


@pytest.fixture
def company(cast: Cast, ritual: Ritual) -> Iterator[list[Membership]]:
    """Lara, Mira and three more: five who belong."""
    more = [cast.finn, cast.ezra, join(cast.lantern, "Noor", Office.DREAMER)]
    for member in more:
        come_in(member, ritual.colony, by=cast.lara)
    return [cast.lara, cast.mira, *more]


def week(cast: Cast, ritual: Ritual) -> Week:
    with inside(cast.lara):
        (found,) = figures.figures_for(cast.lara, ritual.colony, tonight=NIGHT)
    return found.weeks[-1]


def test_a_week_is_shown_to_leaders_from_five_people_on(
    cast: Cast, ritual: Ritual, company: list[Membership]
):
    monday = date(2026, 11, 16)
    for member in company[:4]:
        keep(member, ritual, night=monday)
    keep(company[4], ritual, night=monday, keeping=Keeping.SKIPPED)
    four = week(cast, ritual)
    keep(company[4], ritual, night=monday + timedelta(days=6), keeping=Keeping.PARTLY)
    assert (four, week(cast, ritual)) == (Week(monday, None, None), Week(monday, 5, 5))


def test_the_week_that_goes_on_is_never_shown(cast: Cast, ritual: Ritual, company: list[Membership]):
    for member in company:
        keep(member, ritual)
    assert not week(cast, ritual).is_shown


def test_whoever_does_not_lead_sees_no_figures(cast: Cast, ritual: Ritual, client_of: SignIn):
    address = f"/g/lantern/colonies/{ritual.colony.slug}/"
    pages = {
        who: client_of(getattr(cast, who)).get(address).content.decode() for who in ("lara", "mira", "ayla")
    }
    assert {who: "How it is kept" in page for who, page in pages.items()} == {
        "lara": True,
        "mira": False,
        "ayla": False,
    }


def test_one_tap_keeps_and_the_page_says_so(cast: Cast, ritual: Ritual, client_of: SignIn):
    client = client_of(cast.mira)
    page = client.get("/tonight/").content.decode()
    assert "The lamp" in page
    reply = client.post(f"/g/lantern/rituals/{ritual.pk}/keep/", {"keeping": "kept"}, follow=True)
    assert reply.redirect_chain == [("/tonight/", 302)]
    assert 'aria-pressed="true"' in reply.content.decode()


def test_a_late_entry_leads_back_to_its_night(cast: Cast, ritual: Ritual, client_of: SignIn):
    client = client_of(cast.mira)
    night = (timezone.now() - timedelta(days=4)).date().isoformat()
    reply = client.post(f"/g/lantern/rituals/{ritual.pk}/keep/", {"keeping": "partly", "night": night})
    assert reply["Location"] == f"/tonight/{night}/"
    assert client.get(reply["Location"]).status_code == 200


@pytest.mark.parametrize("on", ["2020-01-01", "2099-01-01", "tuesday", "2026-13-40"])
def test_a_night_that_cannot_be_looked_at_is_not_found(cast: Cast, client_of: SignIn, on: str):
    assert client_of(cast.mira).get(f"/tonight/{on}/").status_code == 404


def test_tonight_takes_the_same_number_of_queries_for_one_ritual_and_three(
    cast: Cast, ritual: Ritual, django_assert_num_queries
):
    def count(expected: int) -> None:
        with django_assert_num_queries(15), tenant(dreamer=cast.mira.dreamer_id):
            found = tonight.tonight_of(cast.mira.dreamer, night=NIGHT, now=NOW)
        assert len(found) == expected

    keep(cast.lara, ritual)
    count(1)
    for _ in range(2):
        every_night(cast.lara, write(cast.lara, ritual.colony), at=datetime.fromisoformat("2026-11-01T22:00"))
    count(3)


def test_leaving_erases_ones_nights_if_one_likes(cast: Cast, ritual: Ritual, client_of: SignIn):
    keep(cast.mira, ritual)
    address = f"/g/lantern/colonies/{ritual.colony.slug}/leave/"
    client_of(cast.mira).post(address, {"names": "keep", "nights": "erase"})
    with inside(cast.mira):
        assert Observance.objects.count() == 0


def test_the_presence_of_others_is_read_by_those_who_belong(cast: Cast, ritual: Ritual, client_of: SignIn):
    now = timezone.now()
    keep(cast.lara, ritual, night=reckoning_of(cast.lara.dreamer).night_of(now), now=now)
    address = f"/g/lantern/rituals/{ritual.pk}/presence/"
    read = client_of(cast.mira).get(address).content.decode()
    assert (" ".join(read.split()), client_of(cast.finn).get(address).status_code) == (
        "1 other keeps it now",
        403,
    )


def test_the_api_says_and_takes_back_what_the_page_shows(cast: Cast, ritual: Ritual, client_of: SignIn):
    client, night = client_of(cast.mira), reckoning_of(cast.mira.dreamer).night_of(timezone.now())
    address = f"/api/v1/g/lantern/rituals/{ritual.pk}/observances/{night}/"
    said = client.put(address, {"keeping": "partly"}, content_type="application/json")
    (row,) = client.get("/api/v1/tonight/").json()
    assert (said.json(), row["keeping"], row["ritual"]) == ({"keeping": "partly"}, "partly", str(ritual.pk))
    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/tonight/").json()[0]["keeping"] == ""
    wrong = client.put(address, {"keeping": "dreamt"}, content_type="application/json")
    lost = client.put(
        address.replace(str(night), "2026-13-40"), {"keeping": "kept"}, content_type="application/json"
    )
    assert (wrong.status_code, lost.status_code) == (400, 404)


@pytest.mark.parametrize(("night", "answer"), [("0001-01-01", 400), ("9999-12-31", 400), ("", 200)])
def test_the_api_answers_for_nights_that_can_be_reckoned(
    cast: Cast, client_of: SignIn, night: str, answer: int
):
    query = f"?night={night}" if night else ""
    assert client_of(cast.mira).get(f"/api/v1/tonight/{query}").status_code == answer
