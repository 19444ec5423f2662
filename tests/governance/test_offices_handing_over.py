"""An office goes from hand to hand in two steps, and never to somebody who did not accept it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import handing_over, services, suspending
from governance.offices.enums import HandoverState
from governance.offices.errors import OfficeRefused
from governance.offices.holding_models import Handover, Term
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.audited import audit, settle, standing

Within = Callable[[Membership], AbstractContextManager[Any]]


def offices_of(*members: Membership) -> list[list[str]]:
    with tenant(guild=members[0].guild_id):
        return [list(Membership.objects.get(pk=member.pk).offices) for member in members]


def test_an_office_moves_once_it_is_accepted_with_what_is_left_of_its_term(
    cast: Cast, within: Within
) -> None:
    until = timezone.now().replace(microsecond=0) + timedelta(days=100)
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.finn, office=Office.ARCHITECT)
        Term.objects.update(until=until)
        finn = Membership.objects.select_related("guild").get(pk=cast.finn.pk)
        offered = handing_over.offer(by=finn, office=Office.ARCHITECT, successor=cast.mira)
        assert handing_over.offer(by=finn, office=Office.ARCHITECT, successor=cast.mira).pk == offered.pk
        assert offices_of(cast.finn, cast.mira)[1] == ["dreamer"]
        for _ in range(2):
            handing_over.accept(by=cast.mira, handover=offered.pk)
        assert offices_of(cast.finn, cast.mira) == [["dreamer", "technician"], ["dreamer", "architect"]]
        terms = list(Term.objects.order_by("leaf").values_list("until", "ended_leaf"))
        assert terms == [(until, 2), (until, None)]
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    said = [(entry.kind.value, entry.actor, entry.detail.get("handover")) for entry in entries[1:]]
    assert said == [
        ("handover.asked", cast.finn.pseudonym, None),
        ("office.withdrawn", cast.mira.pseudonym, str(offered.pk)),
        ("office.granted", cast.mira.pseudonym, str(offered.pk)),
    ]


def test_the_last_steward_hands_over_and_the_guild_keeps_one(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        offered = handing_over.offer(by=cast.ayla, office=Office.STEWARD, successor=cast.mira)
        handing_over.accept(by=cast.mira, handover=offered.pk)
    assert offices_of(cast.ayla, cast.mira) == [["dreamer", "architect"], ["dreamer", "steward"]]


def test_nobody_offers_what_they_do_not_hold_nor_takes_what_was_not_offered(
    cast: Cast, within: Within
) -> None:
    with within(cast.mira):
        for office in Office:
            with pytest.raises(Denied):
                handing_over.offer(by=cast.mira, office=office, successor=cast.finn)
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.finn)
        for stranger in (cast.mira, cast.lara):
            for answer in (handing_over.accept, handing_over.decline, handing_over.take_back):
                with pytest.raises(Http404):
                    answer(by=stranger, handover=offered.pk)
        with pytest.raises(Denied):
            handing_over.accept(by=cast.ezra, handover=offered.pk)
        with pytest.raises(Denied):
            handing_over.take_back(by=cast.finn, handover=offered.pk)
    assert offices_of(cast.mira, cast.ezra) == [["dreamer"], ["dreamer", "enforcer"]]


def test_an_offer_falls_with_the_office_of_who_made_it(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
        services.dismiss(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
        services.appoint(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
        with pytest.raises(OfficeRefused, match="stands no more"):
            handing_over.accept(by=cast.mira, handover=offered.pk)
        assert Handover.objects.get().state == HandoverState.TAKEN_BACK
    assert offices_of(cast.mira, cast.ezra) == [["dreamer"], ["dreamer", "enforcer"]]


def test_what_is_declined_or_taken_back_moves_nothing(cast: Cast, within: Within) -> None:
    with within(cast.ezra):
        first = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
        with pytest.raises(OfficeRefused, match="You offered this to Mira"):
            handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.finn)
        handing_over.decline(by=cast.mira, handover=first.pk)
        second = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.finn)
        handing_over.take_back(by=cast.ezra, handover=second.pk)
        with pytest.raises(OfficeRefused, match="stands no more"):
            handing_over.accept(by=cast.finn, handover=second.pk)
        states = set(Handover.objects.values_list("state", flat=True))
    assert states == {"declined", "taken_back"}
    assert offices_of(cast.ezra, cast.mira, cast.finn)[0] == ["dreamer", "enforcer"]


def test_what_a_ruling_took_is_not_handed_over_to_them(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.TECHNICIAN)
        mira = Membership.objects.select_related("guild").get(pk=cast.mira.pk)
        offered = handing_over.offer(by=mira, office=Office.TECHNICIAN, successor=cast.lara)
        services.appoint(by=cast.ayla, member=cast.lara, office=Office.TECHNICIAN)
        suspending.suspend(member=cast.lara, office=Office.TECHNICIAN, ruling=uuid4())
        with pytest.raises(OfficeRefused, match="ruling suspended"):
            handing_over.accept(by=cast.lara, handover=offered.pk)
        with pytest.raises(OfficeRefused, match="ruling suspended"):
            handing_over.offer(by=mira, office=Office.TECHNICIAN, successor=cast.lara)


def test_an_audit_finds_nothing_in_handovers(db: None, within: Within) -> None:
    members = settle()
    ayla, ezra, mira, finn = (members[name] for name in ("ayla", "ezra", "mira", "finn"))
    with within(ayla):
        one = handing_over.offer(by=ayla, office=Office.STEWARD, successor=mira)
        handing_over.accept(by=mira, handover=one.pk)
        two = handing_over.offer(by=ezra, office=Office.ENFORCER, successor=finn)
        handing_over.decline(by=finn, handover=two.pk)
        three = handing_over.offer(by=ezra, office=Office.ENFORCER, successor=finn)
        handing_over.take_back(by=ezra, handover=three.pk)
        handing_over.offer(by=ezra, office=Office.ENFORCER, successor=finn)
        services.leave(by=ezra)
    run = audit(ayla.guild_id)
    found = [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]
    assert (run.state, found) == ("finished", [])
