"""Who is told of what moves an office, and of what takes two persons."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from governance.offices import ending, handing_over, joint, services
from governance.offices.enums import GuildActKind
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.told_of import forget, told

Within = Callable[[Membership], AbstractContextManager[Any]]
POWER, TOGETHER = "/g/lantern/power/", "/g/lantern/together/"


@pytest.mark.parametrize("answer", [handing_over.accept, handing_over.decline])
def test_an_offer_is_told_to_the_successor_and_its_answer_to_the_giver(
    cast: Cast, within: Within, answer: Callable[..., Any]
) -> None:
    with within(cast.ezra):
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
    with within(cast.mira):
        answer(by=cast.mira, handover=offered.pk)
    assert told(cast) == {"mira": [("office_handed_over", POWER)], "ezra": [("handover_answered", POWER)]}


def test_whose_term_ends_is_told(cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    until = datetime(2027, 5, 25, tzinfo=UTC)
    monkeypatch.setattr(services, "until_for", lambda guild: until)
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
    forget(cast)
    assert ending.end_every_due_term(now=until) == 1
    assert told(cast) == {"mira": [("office_withdrawn", "/g/lantern/")]}


@pytest.mark.parametrize("kind", GuildActKind)
def test_what_takes_two_is_told_to_who_could_agree_and_a_closing_to_everybody(
    cast: Cast, within: Within, kind: GuildActKind
) -> None:
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=kind)
    assert told(cast) == {"ezra": [("second_wanted", TOGETHER)]}
    forget(cast)
    everybody = [member.display_name.lower() for member in cast.members]
    all_of_it = everybody if kind is GuildActKind.CLOSE else []
    with within(cast.ezra):
        joint.agree(by=cast.ezra, act=asked.pk)
    assert told(cast) == {name: [("guild_closing", TOGETHER)] for name in all_of_it}
    forget(cast)
    if all_of_it:
        with within(cast.mira):
            joint.object_to(by=cast.mira, act=asked.pk)
        assert told(cast) == {name: [("closing_halted", TOGETHER)] for name in everybody}


def test_whose_term_ends_soon_is_told_once(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime(2027, 5, 25, tzinfo=UTC)
    monkeypatch.setattr(services, "until_for", lambda guild: until)
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
    forget(cast)
    assert ending.end_every_due_term(now=until - timedelta(days=14, seconds=1)) == 0
    assert told(cast) == {}
    for days in (14, 14, 3):
        assert ending.end_every_due_term(now=until - timedelta(days=days)) == 0
        assert told(cast) == {"mira": [("term_ending", POWER)]}


def test_a_successor_is_told_that_an_offer_was_taken_back_or_fell_with_the_office(
    cast: Cast, within: Within
) -> None:
    with within(cast.ezra):
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
    forget(cast)
    with within(cast.ezra):
        for _ in range(2):
            handing_over.take_back(by=cast.ezra, handover=offered.pk)
    assert told(cast) == {"mira": [("handover_taken_back", POWER)]}
    with within(cast.ezra):
        handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
    forget(cast)
    with within(cast.ezra):
        services.stand_down(by=cast.ezra, office=Office.ENFORCER)
    assert told(cast) == {"mira": [("handover_taken_back", POWER)]}


@pytest.mark.parametrize("kind", GuildActKind)
@pytest.mark.parametrize("agreed", [False, True])
def test_what_takes_two_and_is_taken_back_is_told_to_who_knew_of_it(
    cast: Cast, within: Within, kind: GuildActKind, agreed: bool
) -> None:
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=kind)
    if agreed:
        with within(cast.ezra):
            joint.agree(by=cast.ezra, act=asked.pk)
    forget(cast)
    with within(cast.ayla):
        for _ in range(2):
            joint.take_back(by=cast.ayla, act=asked.pk)
    everybody = [member.display_name.lower() for member in cast.members if member.pk != cast.ayla.pk]
    heard = everybody if agreed and kind is GuildActKind.CLOSE else ["ezra"]
    assert told(cast) == {name: [("guild_act_taken_back", TOGETHER)] for name in heard}
