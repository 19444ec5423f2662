"""The page of offices: stewards give and take, the last of them stays, and every change is a leaf."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import services
from governance.offices.errors import OfficeRefused
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast

ClientOf = Callable[[Membership], Client]
Within = Callable[[Membership], AbstractContextManager[Any]]
HOME, END = reverse("offices:home", args=["lantern"]), reverse("offices:end", args=["lantern"])


def send(client: Client, address: str, member: Membership, office: Office) -> Any:
    return client.post(address, {"member": str(member.pk), "office": office.value})


def offices_of(member: Membership) -> list[str]:
    with tenant(guild=member.guild_id):
        return list(Membership.objects.get(pk=member.pk).offices)


def recorded(member: Membership) -> list[tuple[str, str, str]]:
    with tenant(guild=member.guild_id):
        leaves = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    return [(leaf.kind.value, str(leaf.actor), str(leaf.detail.get("office"))) for leaf in leaves]


def test_a_steward_appoints_a_second_enforcer_and_takes_it_back(cast: Cast, client_of: ClientOf) -> None:
    ayla = client_of(cast.ayla)
    page = ayla.get(HOME).text
    assert "<bdi>Ezra</bdi>" in page
    assert re.findall(r'<option value="([^"]*)" selected', page) == ["", ""]  # nobody, nothing
    for _ in range(2):  # a double click appoints once
        assert send(ayla, HOME, cast.lara, Office.ENFORCER).status_code == 302
    assert offices_of(cast.lara) == ["dreamer", "leader", "enforcer"]
    for _ in range(2):
        assert send(ayla, END, cast.lara, Office.ENFORCER).status_code == 302
    assert offices_of(cast.lara) == ["dreamer", "leader"]
    by = str(cast.ayla.pseudonym)
    assert recorded(cast.lara)[-2:] == [
        ("office.granted", by, "enforcer"),
        ("office.withdrawn", by, "enforcer"),
    ]


def test_the_last_steward_stays(cast: Cast, client_of: ClientOf) -> None:
    answer = send(client_of(cast.ayla), END, cast.ayla, Office.STEWARD)
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said == ["A guild needs a steward: appoint another one first."]
    assert "steward" in offices_of(cast.ayla)


def test_a_steward_who_stands_down_is_led_where_they_may_be(cast: Cast, client_of: ClientOf) -> None:
    ayla = client_of(cast.ayla)
    send(ayla, HOME, cast.finn, Office.STEWARD)
    answer = send(ayla, END, cast.ayla, Office.STEWARD)
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:guild", args=["lantern"]))
    assert ayla.get(HOME).status_code == 403
    assert 'href="/g/lantern/offices/"' not in ayla.get(answer["Location"]).text


def test_nobody_appoints_themself(cast: Cast, client_of: ClientOf) -> None:
    for member in (cast.mira, cast.ezra):
        client = client_of(member)
        assert [send(client, address, member, Office.STEWARD).status_code for address in (HOME, END)] == [
            403,
            403,
        ]
        assert "steward" not in offices_of(member)


def test_who_is_of_another_guild_or_left_is_offered_nothing(
    cast: Cast, client_of: ClientOf, within: Within
) -> None:
    with within(cast.mira):
        end_membership(membership=cast.mira)
    ayla = client_of(cast.ayla)
    assert [send(ayla, HOME, one, Office.ENFORCER).status_code for one in (cast.zed, cast.mira)] == [422, 422]
    assert "enforcer" not in offices_of(cast.zed) + offices_of(cast.mira)


def test_who_left_meanwhile_is_given_nothing(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        end_membership(membership=Membership.objects.get(pk=cast.mira.pk))
        with pytest.raises(OfficeRefused, match="left the guild meanwhile"):
            services.appoint(by=cast.ayla, member=cast.mira, office=Office.ENFORCER)
    assert "enforcer" not in offices_of(cast.mira)


def test_of_two_stewards_who_dismiss_each_other_at_once_one_stays(cast: Cast, within: Within) -> None:
    """Each request read who acts before either had the ledger."""
    with within(cast.ayla):
        finn = services.appoint(by=cast.ayla, member=cast.finn, office=Office.STEWARD)
        services.dismiss(by=finn, member=cast.ayla, office=Office.STEWARD)
        assert "steward" in cast.ayla.offices  # what the slower request still believes
        with pytest.raises(Denied, match="steward"):
            services.dismiss(by=cast.ayla, member=finn, office=Office.STEWARD)
    assert ("steward" in offices_of(cast.ayla), "steward" in offices_of(cast.finn)) == (False, True)


def test_the_queries_do_not_grow_with_the_holders(cast: Cast, client_of: ClientOf) -> None:
    ayla, counts = client_of(cast.ayla), []
    for member in (cast.finn, cast.mira, cast.lara):
        send(ayla, HOME, member, Office.ENFORCER)
        ayla.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            assert ayla.get(HOME).status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts == [counts[0]] * 3


def test_a_steward_removes_somebody_for_good_and_undoes_that(cast: Cast, client_of: ClientOf) -> None:
    ayla, sent = client_of(cast.ayla), {"member": str(cast.mira.pk), "is_barred": "on"}
    remove, unbar = (reverse(f"offices:{name}", args=["lantern"]) for name in ("remove", "unbar"))
    assert ayla.post(remove, sent).status_code == 302
    assert "Let invitations reach <bdi>Mira</bdi> again" in ayla.get(HOME).text
    assert client_of(cast.mira).get(reverse("portal:guild", args=["lantern"])).status_code == 404
    ayla.post(unbar, {"member": str(cast.mira.pk)})
    assert "Let invitations reach" not in ayla.get(HOME).text
    refused = ayla.post(remove, {"member": str(cast.ayla.pk)})
    assert [str(said) for said in get_messages(refused.wsgi_request)] == [
        "A guild needs a steward: appoint another one first."
    ]
