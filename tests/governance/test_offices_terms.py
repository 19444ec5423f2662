"""Offices end with their terms, by the guild itself; but nothing ever leaves a guild without a steward."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import ending, handing_over, services, suspending
from governance.offices.errors import OfficeRefused
from governance.offices.holding_models import Term
from governance.offices.holdings import held_in, terms_ending
from governance.offices.leaving import Going, leave_guild
from governance.offices.tasks import end_terms
from governance.policies.errors import Denied
from guild.portal.rights.erasing import erase_account
from guild.portal.rights.errors import LastSteward
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of
from tests.cast import Cast
from tests.governance.audited import audit, settle, standing

Within = Callable[[Membership], AbstractContextManager[Any]]
UNTIL = datetime(2027, 5, 25, tzinfo=UTC)


@pytest.fixture
def _half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "until_for", lambda guild: UNTIL)


def after(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: instant)


def offices_of(member: Membership) -> list[str]:
    with tenant(guild=member.guild_id):
        return list(Membership.objects.get(pk=member.pk).offices)


def stewards(cast: Cast) -> int:
    with tenant(guild=cast.lantern.pk):
        return sum("steward" in member.offices for member in members_of(cast.lantern.pk))


@pytest.mark.usefixtures("_half_a_year")
def test_an_office_ends_with_its_term_and_the_ledger_says_so(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        (soon,) = terms_ending(cast.lantern.pk, within=timedelta(days=999))
        assert (soon.member_id, soon.until) == (cast.mira.pk, UNTIL)
    after(monkeypatch, UNTIL - timedelta(seconds=1))
    end_terms()
    assert offices_of(cast.mira) == ["dreamer", "architect"]
    after(monkeypatch, UNTIL)
    for _ in range(2):
        end_terms()
    assert offices_of(cast.mira) == ["dreamer"]
    with tenant(guild=cast.lantern.pk):
        given, ended = (decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index"))
    assert dict(given.detail) == {"office": "architect", "until": "2027-05-25T00:00:00Z"}
    assert (ended.actor, dict(ended.detail)) == (
        "system",
        {"office": "architect", "over": "2027-05-25T00:00:00Z"},
    )


@pytest.mark.usefixtures("_half_a_year")
def test_the_last_steward_stays_overdue_until_there_is_another(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    with within(cast.ayla):
        finn = services.appoint(by=cast.ayla, member=cast.finn, office=Office.STEWARD)
        services.dismiss(by=finn, member=cast.ayla, office=Office.STEWARD)
    after(monkeypatch, UNTIL + timedelta(days=3))
    assert ending.end_every_due_term() == 0
    with within(cast.finn):
        held = [one for one in held_in(cast.lantern, members_of(cast.lantern.pk)) if one.office == "steward"]
        assert [(one.member.pk, one.is_overdue) for one in held] == [(cast.finn.pk, True)]
        monkeypatch.setattr(services, "until_for", lambda guild: UNTIL + timedelta(days=300))
        services.appoint(by=finn, member=cast.ayla, office=Office.STEWARD)
    assert ending.end_every_due_term() == 1
    assert ("steward" in offices_of(cast.finn), stewards(cast)) == (False, 1)


@pytest.mark.usefixtures("_half_a_year")
def test_of_two_stewards_whose_terms_end_at_once_one_stays(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    with within(cast.ayla):
        finn = services.appoint(by=cast.ayla, member=cast.finn, office=Office.STEWARD)
        services.appoint(by=finn, member=cast.mira, office=Office.STEWARD)
        services.dismiss(by=finn, member=cast.ayla, office=Office.STEWARD)
    after(monkeypatch, UNTIL)
    assert (ending.end_every_due_term(), ending.end_every_due_term(), stewards(cast)) == (1, 0, 1)


@pytest.mark.usefixtures("_half_a_year")
def test_another_steward_renews_a_term_and_nobody_their_own(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = UNTIL + timedelta(days=180)
    with within(cast.ayla):
        finn = services.appoint(by=cast.ayla, member=cast.finn, office=Office.STEWARD)
        with pytest.raises(Denied, match="Nobody gives themself"):
            services.renew_term(by=finn, member=finn, office=Office.STEWARD)
        with pytest.raises(OfficeRefused, match="does not hold"):
            services.renew_term(by=finn, member=cast.mira, office=Office.STEWARD)
        monkeypatch.setattr(services, "until_for", lambda guild: later)
        services.renew_term(by=cast.ayla, member=finn, office=Office.STEWARD)
        untils = list(Term.objects.order_by("leaf").values_list("until", "ended_leaf"))
    assert untils == [(UNTIL, 1), (later, None)]


def test_an_office_from_before_there_were_terms_has_none(cast: Cast) -> None:
    assert ending.end_every_due_term(now=UNTIL + timedelta(days=9999)) == 0
    assert stewards(cast) == 1


@pytest.mark.usefixtures("_half_a_year")
def test_what_a_suspension_took_comes_back_for_what_is_left_of_its_term(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        ruling = uuid4()
        suspending.suspend(member=cast.mira, office=Office.ARCHITECT, ruling=ruling)
        suspending.restore(guild=cast.lantern, ruling=ruling)
        assert list(Term.objects.order_by("leaf").values_list("until", "ended_leaf")) == [
            (UNTIL, 1),
            (UNTIL, None),
        ]


def test_nothing_leaves_a_guild_without_a_steward(cast: Cast, within: Within) -> None:
    """Each way out of the last stewardship, tried."""
    ayla, steward = cast.ayla, Office.STEWARD
    tries: list[Callable[[], Any]] = [
        lambda: services.dismiss(by=ayla, member=ayla, office=steward),
        lambda: services.stand_down(by=ayla, office=steward),
        lambda: services.dismiss_by_vote(guild=cast.lantern, member=ayla, office=steward, reference=uuid4()),
        lambda: services.leave(by=ayla),
        lambda: services.remove(by=ayla, member=ayla),
        lambda: leave_guild(by=ayla, going=Going(without_trace=True)),
        lambda: suspending.suspend(member=ayla, office=steward, ruling=uuid4()),
    ]
    for attempt in tries:
        with within(ayla), pytest.raises(OfficeRefused):
            attempt()
    with tenant(dreamer=ayla.dreamer_id), pytest.raises(LastSteward):
        erase_account(by=ayla.dreamer)
    with within(ayla):
        offered = handing_over.offer(by=ayla, office=steward, successor=cast.mira)
        services.remove(by=ayla, member=cast.mira)
        with pytest.raises(Denied):
            handing_over.accept(by=cast.mira, handover=offered.pk)
    assert stewards(cast) == 1


def at_once(*works: tuple[Membership, Callable[[], Any]]) -> None:
    """Each as its member, on a connection of its own, begun together; refusals are what is hoped for."""
    together = Barrier(len(works))

    def run(work: tuple[Membership, Callable[[], Any]]) -> Any:
        member, do = work
        try:
            with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
                together.wait(timeout=20)
                return do()
        except (OfficeRefused, Denied) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(run, works))


def test_stewards_who_go_all_at_once_leave_one(live_cast: Cast) -> None:
    ayla, finn, mira = live_cast.ayla, live_cast.finn, live_cast.mira
    with tenant(guild=ayla.guild_id, dreamer=ayla.dreamer_id):
        for member in (finn, mira):
            services.appoint(by=ayla, member=member, office=Office.STEWARD)
    finn, mira = _fresh(finn), _fresh(mira)
    at_once(
        (ayla, lambda: services.leave(by=ayla)),
        (finn, lambda: services.stand_down(by=finn, office=Office.STEWARD)),
        (mira, lambda: leave_guild(by=mira, going=Going())),
        (finn, lambda: services.dismiss(by=finn, member=mira, office=Office.STEWARD)),
    )
    assert stewards(live_cast) == 1


def _fresh(member: Membership) -> Membership:
    with tenant(guild=member.guild_id):
        return Membership.objects.select_related("guild").get(pk=member.pk)


@pytest.mark.usefixtures("_half_a_year")
def test_an_audit_finds_nothing_in_terms(db: None, within: Within, monkeypatch: pytest.MonkeyPatch) -> None:
    members = settle()
    ayla, mira, lara = members["ayla"], members["mira"], members["lara"]
    with within(ayla):
        services.appoint(by=ayla, member=mira, office=Office.STEWARD)
        services.renew_term(by=ayla, member=lara, office=Office.LEADER)
        services.leave(by=members["finn"])
    after(monkeypatch, UNTIL + timedelta(days=1))
    ended = ending.end_every_due_term()
    run = audit(ayla.guild_id)
    found = [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]
    # Ayla's two, Lara's and Ezra's; Mira stays as the last steward.
    assert (ended, run.state, found) == (4, "finished", [])
