"""Offices that a ruling took: nobody appoints past it, and it takes two to lift."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import services, suspending
from governance.offices.errors import OfficeRefused
from governance.offices.models import Suspension
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, comes_back

Within = Callable[[Membership], AbstractContextManager[Any]]
RULING = uuid4()


def suspend(member: Membership, office: Office) -> Suspension:
    with tenant(guild=member.guild_id):
        return suspending.suspend(member=member, office=office, ruling=RULING)


def offices_of(member: Membership) -> list[str]:
    with tenant(guild=member.guild_id):
        return Membership.objects.get(pk=member.pk).offices


def test_a_suspended_office_is_gone_and_the_leaf_says_why(cast: Cast) -> None:
    suspend(cast.finn, Office.TECHNICIAN)
    assert offices_of(cast.finn) == [Office.DREAMER]
    with tenant(guild=cast.lantern.pk):
        entry = decode(bytes(Leaf.objects.get().entry))
    assert (entry.kind, entry.actor) == (LeafKind.OFFICE_WITHDRAWN, SYSTEM)
    assert entry.detail == {"office": "technician", "ruling": str(RULING)}


def test_nobody_is_appointed_to_a_suspended_office(cast: Cast, within: Within) -> None:
    suspend(cast.finn, Office.TECHNICIAN)
    with within(cast.ayla):
        with pytest.raises(OfficeRefused, match="two enforcers can lift"):
            services.appoint(by=cast.ayla, member=cast.finn, office=Office.TECHNICIAN)
        services.appoint(by=cast.ayla, member=cast.finn, office=Office.LEADER)
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.TECHNICIAN)
    assert offices_of(cast.finn) == [Office.DREAMER, Office.LEADER]


def test_leaving_and_coming_back_does_not_get_around_it(cast: Cast, within: Within) -> None:
    suspend(cast.finn, Office.TECHNICIAN)
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.finn)
        with pytest.raises(OfficeRefused, match="suspended"):
            services.admit(
                by=cast.ayla,
                dreamer=cast.finn.dreamer_id,
                display_name="Finn",
                offices=(Office.DREAMER, Office.TECHNICIAN),
            )


def test_the_last_steward_and_an_office_not_held_are_not_suspended(cast: Cast) -> None:
    with pytest.raises(OfficeRefused, match="appoint another one first"):
        suspend(cast.ayla, Office.STEWARD)
    with pytest.raises(OfficeRefused, match="does not hold this office"):
        suspend(cast.mira, Office.LEADER)


def test_two_enforcers_lift_a_suspension(cast: Cast, within: Within) -> None:
    lara = appoint_enforcer(cast.lara)
    held = suspend(cast.finn, Office.TECHNICIAN)
    with within(cast.ezra):
        with pytest.raises(Denied, match="It takes two enforcers"):
            suspending.lift(by=cast.ezra, suspension=held.pk)
        suspending.ask_to_lift(by=cast.ezra, suspension=held.pk)
        with pytest.raises(Denied, match="It takes two enforcers"):
            suspending.lift(by=cast.ezra, suspension=held.pk)
    with within(lara):
        suspending.ask_to_lift(by=lara, suspension=held.pk)
        done = [suspending.lift(by=lara, suspension=held.pk) for _ in range(2)]
        kinds = [leaf.kind for leaf in Leaf.objects.order_by("index")]
    assert (done, offices_of(cast.finn)) == ([True, False], [Office.DREAMER, Office.TECHNICIAN])
    assert kinds == [LeafKind.OFFICE_WITHDRAWN, LeafKind.LIFTING_ASKED, LeafKind.OFFICE_GRANTED]


def test_what_somebody_asked_who_is_no_enforcer_any_more_is_not_lifted(cast: Cast, within: Within) -> None:
    lara = appoint_enforcer(cast.lara)
    held = suspend(cast.finn, Office.TECHNICIAN)
    with within(lara):
        suspending.ask_to_lift(by=lara, suspension=held.pk)
    suspend(lara, Office.ENFORCER)
    with within(cast.ezra):
        with pytest.raises(OfficeRefused, match="no enforcer any more"):
            suspending.lift(by=cast.ezra, suspension=held.pk)
        again = suspending.ask_to_lift(by=cast.ezra, suspension=held.pk)
        with pytest.raises(Denied, match="It takes two enforcers"):
            suspending.lift(by=cast.ezra, suspension=held.pk)
    assert again.asked_by_id == cast.ezra.pk
    assert offices_of(cast.finn) == [Office.DREAMER]


def test_nobody_lifts_what_was_taken_from_themself(cast: Cast, within: Within) -> None:
    finn = appoint_enforcer(cast.finn)
    held = suspend(finn, Office.TECHNICIAN)
    with within(finn), pytest.raises(Denied, match="taken from you yourself"):
        suspending.ask_to_lift(by=finn, suspension=held.pk)


def test_nobody_lifts_what_was_taken_before_they_left_and_came_back(cast: Cast, within: Within) -> None:
    held = suspend(cast.finn, Office.TECHNICIAN)
    with within(cast.ezra):
        suspending.ask_to_lift(by=cast.ezra, suspension=held.pk)
    back = comes_back(cast.finn, by=cast.ayla)
    with within(back), pytest.raises(Denied, match="taken from you yourself"):
        suspending.lift(by=back, suspension=held.pk)
    with within(back):
        assert Suspension.objects.get().lifted_at is None


def test_a_suspension_of_another_guild_is_not_found(cast: Cast, within: Within) -> None:
    zed = appoint_enforcer(cast.zed)
    held = suspend(cast.finn, Office.TECHNICIAN)
    with within(zed), pytest.raises(Exception, match="no such suspension"):
        suspending.ask_to_lift(by=zed, suspension=held.pk)


def test_whoever_left_gets_nothing_back(cast: Cast, within: Within) -> None:
    suspend(cast.finn, Office.TECHNICIAN)
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.finn)
        assert suspending.restore(guild=cast.lantern, ruling=RULING) == 1
    assert offices_of(cast.finn) == [Office.DREAMER]
