"""Does it help, over people: consent first, five at least, a leaf each time, and nothing that is kept."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from colonies.diary import helping, portable, services
from colonies.diary.entries import Written
from colonies.diary.models import ComparedNights
from colonies.rituals import observing
from colonies.rituals.errors import NotNow
from colonies.rituals.models import Ritual
from governance.consent import answering
from governance.consent.answering import Target
from governance.consent.enums import Purpose, Scope
from governance.consent.purposes import registered
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast, join
from tests.colonies.colony import a_colony, come_in, every_night, inside

SignIn = Callable[[Membership], Client]
NOW = datetime.fromisoformat("2026-11-24T09:00+00:00")  # a Tuesday; the comparison ends with last Sunday
FIRST = date(2026, 11, 2)
NIGHTS = 10


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Kept every night since the 1st; Lara leads, and Mira, Finn, Ezra and Noor belong."""
    colony, ritual, _ = a_colony(cast)
    every_night(cast.lara, ritual, at=datetime.fromisoformat("2026-11-01T21:30"))
    for member in (cast.finn, cast.ezra, join(cast.lantern, "Noor", Office.DREAMER)):
        come_in(member, colony, by=cast.lara)
    return ritual


@pytest.fixture
def keepers(ritual: Ritual, cast: Cast) -> list[Membership]:
    """Five who belong, each with ten nights, of which every second one was kept: then they slept sooner."""
    with inside(cast.lara):
        found = list(Membership.objects.filter(guild_id=cast.lantern.pk))
    people = [member for member in found if member.pk != cast.ayla.pk]
    for member in people:
        _sleep(member, ritual)
    return people


def _sleep(member: Membership, ritual: Ritual) -> None:
    with inside(member):
        for back in range(NIGHTS):
            night, kept = FIRST + timedelta(days=back), back % 2 == 0
            written = Written(tried_to_sleep=time(22, 30 + back), latency=10 if kept else 25)
            written = Written(
                **{**vars(written), "final_awakening": time(6, 30), "quality": 4 if kept else 3}
            )
            services.write_night(by=member.dreamer, night=night, written=written, now=NOW)
            if kept:
                observing.observe(by=member, ritual=ritual, night=night, keeping="kept", now=NOW)


def allow(member: Membership, purpose: Purpose = Purpose.COMPARISON) -> None:
    target = Target(Scope.GUILD, member.guild_id, member.guild_id)
    read = registered(purpose).notice.digest
    answering.give(by=member.dreamer_id, target=target, purpose=purpose, read=read)


def compare(by: Membership, ritual: Ritual) -> helping.Shared:
    with inside(by):
        return helping.compare(by=by, ritual=ritual, now=NOW)


def comparisons(cast: Cast) -> list[dict]:
    with inside(cast.lara):
        rows = Leaf.objects.filter(guild_id=cast.lantern.pk, kind=LeafKind.COMPARISON_MADE)
        return [(row.kind, ComparedNights.objects.count()) for row in rows]


def test_five_who_allow_it_are_compared_and_a_leaf_and_each_of_them_know(
    cast: Cast, ritual: Ritual, keepers: list[Membership]
):
    for member in keepers:
        allow(member)
    found = compare(cast.lara, ritual)
    latency, quality = found.figures[2:]
    assert (found.people, latency.count, latency.difference, quality.difference) == (5, 5, -15, 1)
    assert comparisons(cast) == [("comparison.made", 5)]
    with inside(cast.mira):
        (part,) = portable.comparisons_of(cast.mira.dreamer_id, guild=cast.lantern.pk)
    assert (part["ritual"], part["people"]) == ("The lamp", 5)


def test_with_four_who_allow_it_no_diary_is_opened_at_all(
    cast: Cast, ritual: Ritual, keepers: list[Membership], monkeypatch: pytest.MonkeyPatch
):
    for member in keepers[1:]:
        allow(member)
    monkeypatch.setattr(helping, "_nights_of", lambda *_, **__: pytest.fail("a diary was opened"))
    with pytest.raises(NotNow, match="Fewer than five"):
        compare(cast.lara, ritual)
    assert comparisons(cast) == []


def test_whoever_takes_it_back_is_in_no_later_one(cast: Cast, ritual: Ritual, keepers: list[Membership]):
    for member in keepers:
        allow(member)
    compare(cast.lara, ritual)
    target = Target(Scope.GUILD, cast.lantern.pk, cast.lantern.pk)
    read = registered(Purpose.COMPARISON).notice.digest
    answering.refuse(by=cast.mira.dreamer_id, target=target, purpose=Purpose.COMPARISON, read=read)
    with pytest.raises(NotNow, match="Fewer than five"):
        compare(cast.lara, ritual)


def test_within_a_week_it_is_over_the_same_people_or_not_at_all(
    cast: Cast, ritual: Ritual, keepers: list[Membership]
):
    for member in keepers:
        allow(member)
    assert compare(cast.lara, ritual).figures == compare(cast.lara, ritual).figures
    come_in(cast.ayla, ritual.colony, by=cast.lara)
    _sleep(cast.ayla, ritual)
    allow(cast.ayla)
    with pytest.raises(NotNow, match="again from Monday"):
        compare(cast.lara, ritual)
    with inside(cast.lara):
        later = helping.compare(by=cast.lara, ritual=ritual, now=NOW + timedelta(days=6))
    assert later.people == 6


def test_five_who_allow_it_and_four_who_wrote_enough_are_too_few(
    cast: Cast, ritual: Ritual, keepers: list[Membership]
):
    for member in keepers:
        allow(member)
    with inside(cast.mira):
        for back in range(0, NIGHTS, 2):
            services.delete_night(by=cast.mira.dreamer, night=FIRST + timedelta(days=back))
    with pytest.raises(NotNow, match="Fewer than five"):
        compare(cast.lara, ritual)
    assert comparisons(cast) == []


def test_only_those_who_lead_compare(cast: Cast, ritual: Ritual):
    with pytest.raises(Denied, match="lead this colony"):
        compare(cast.mira, ritual)


def test_nights_of_a_pause_are_left_out(cast: Cast, ritual: Ritual, keepers: list[Membership]):
    with inside(cast.mira):
        observing.pause(by=cast.mira.dreamer, now=NOW - timedelta(days=20))
        (one,) = helping.own_comparisons(cast.mira, ritual.colony, now=NOW)
    assert (len(one.slept.kept), len(one.slept.without)) == (1, 0)


def test_ones_own_page_shows_ones_own_and_asks_nobody(
    cast: Cast, ritual: Ritual, keepers: list[Membership], client_of: SignIn
):
    page = client_of(cast.mira).get(f"/g/lantern/colonies/{ritual.colony.slug}/helps/").content.decode()
    assert ("My own nights" in page, "Until asleep" in page, "Compare for" in page) == (True, True, False)
    assert "You do not allow this" in page


def test_a_leader_sees_figures_with_their_warning_and_without_a_name(
    cast: Cast, ritual: Ritual, keepers: list[Membership], client_of: SignIn
):
    for member in keepers:
        allow(member)
    address = f"/g/lantern/colonies/{ritual.colony.slug}/helps/"
    page = client_of(cast.lara).post(address, {"ritual": str(ritual.pk)}).content.decode()
    assert ("5 people together" in page, "Few people stand behind this" in page) == (True, True)
    assert "It cannot show why" in page
    assert not any(name in page for name in ("Mira", "Finn", "Ezra", "Noor"))


def test_another_colonys_ritual_or_none_is_refused(cast: Cast, ritual: Ritual, client_of: SignIn):
    address = f"/g/lantern/colonies/{ritual.colony.slug}/helps/"
    assert client_of(cast.lara).post(address, {"ritual": "lamp"}).status_code == 400
