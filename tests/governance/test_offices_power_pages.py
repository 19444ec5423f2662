"""Who holds power over what: told by the law and the ledger, to every member; and the way out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.offices import handing_over, services
from governance.offices.holdings import held_in
from governance.offices.leaving import Going, leave_guild
from governance.offices.overview import overview_for
from governance.offices.powers import powers_of, questions
from governance.policies.enums import Action
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of
from tests.cast import Cast
from tests.governance.audited import settle

ClientOf = Callable[[Membership], Client]
Within = Callable[[Membership], AbstractContextManager[Any]]
POWER, LEAVE = reverse("membership:power", args=["lantern"]), reverse("membership:leave", args=["lantern"])


def deeds(guild: Any) -> dict[Office, set[Action]]:
    return {office: {power.action for power in powers} for office, powers in powers_of(guild).items()}


def test_every_action_of_the_law_is_asked_about(cast: Cast) -> None:
    assert {question.action for question in questions()} == set(Action)


def test_powers_are_what_the_law_gives_an_office_alone(cast: Cast) -> None:
    told = deeds(cast.lantern)
    assert told[Office.TECHNICIAN] == set()
    assert told[Office.LEADER] == {Action.FOUND_COLONY}
    assert {Action.GRANT_OFFICE, Action.INVITE_MEMBER, Action.END_MEMBERSHIP} <= told[Office.STEWARD]
    assert {Action.RULE_ON_FINDING, Action.LIFT_SUSPENSION} <= told[Office.ENFORCER]
    everybodys = {Action.LEAVE_GUILD, Action.VIEW_GUILD, Action.GIVE_CONSENT, Action.REMAKE, Action.END_TERM}
    assert [office for office in told if told[office] & everybodys] == []


def test_the_page_tells_how_each_came_to_their_office(db: None, within: Within) -> None:
    members = settle()
    ayla, ezra, mira = members["ayla"], members["ezra"], members["mira"]
    with within(ayla):
        offered = handing_over.offer(by=ezra, office=Office.ENFORCER, successor=mira)
        handing_over.accept(by=mira, handover=offered.pk)
        services.appoint_by_vote(
            guild=ayla.guild, member=members["finn"], office=Office.STEWARD, reference=offered.pk
        )
        told = {
            (held.office.value, held.member.display_name): held.how
            for held in held_in(ayla.guild, members_of(ayla.guild_id))
        }
    assert told == {
        ("architect", "Ayla"): "by themself",
        ("technician", "Finn"): "by Ayla",
        ("leader", "Lara"): "by Ayla",
        ("enforcer", "Mira"): "handed over by Ezra",
        ("steward", "Ayla"): "as founder of the guild",
        ("steward", "Finn"): "by a vote",
    }


def test_one_reads_who_has_power_over_oneself(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        told = overview_for(cast.ayla, members_of(cast.lantern.pk))
    over = {one.by: [member.display_name for member in one.holders] for one in told.over_people}
    assert over == {"Enforcer": ["Ezra"], "Steward": [], "The guild itself": []}
    assert "take an office back from a member" in next(
        one.deeds for one in told.over_people if one.by == "Steward"
    )
    assert {one.by for one in told.over_dreams} >= {"Enforcer", "The guild itself"}


def test_every_member_sees_the_page_and_strangers_do_not(cast: Cast, client_of: ClientOf) -> None:
    for member in cast.members:
        assert client_of(member).get(POWER).status_code == 200
    assert client_of(cast.zed).get(POWER).status_code == 404
    assert "A steward may take an office back." in client_of(cast.mira).get(POWER).text


def test_the_queries_do_not_grow_with_the_holders(cast: Cast, client_of: ClientOf, within: Within) -> None:
    mira, counts = client_of(cast.mira), []
    for member in (cast.finn, cast.lara, cast.ezra):
        with within(cast.ayla):
            services.appoint(by=cast.ayla, member=member, office=Office.ARCHITECT)
        mira.get(POWER)
        with CaptureQueriesContext(connection) as captured:
            mira.get(POWER)
        counts.append(len(captured.captured_queries))
    assert counts == [counts[0]] * 3


def test_an_office_is_offered_accepted_and_laid_down_on_the_pages(cast: Cast, client_of: ClientOf) -> None:
    ezra, mira = client_of(cast.ezra), client_of(cast.mira)
    sent = {"office": "enforcer", "successor": str(cast.mira.pk)}
    hand_over = reverse("membership:hand-over", args=["lantern"])
    for _ in range(2):
        assert ezra.post(hand_over, sent).status_code == 302
    with tenant(guild=cast.lantern.pk):
        (offer,) = handing_over.waiting_for(cast.mira)
    answer = reverse("membership:answer", args=["lantern", offer.pk])
    assert mira.post(answer, {"answer": "accept"}, follow=True).text.count("Enforcer: handed over.") == 1
    assert ezra.post(hand_over, sent).status_code == 422
    mira.post(reverse("membership:lay-down", args=["lantern"]), {"office": "enforcer"})
    with tenant(guild=cast.lantern.pk):
        assert Membership.objects.get(pk=cast.mira.pk).offices == ["dreamer"]


def test_no_endpoint_raises_ones_own_office(cast: Cast, client_of: ClientOf) -> None:
    mira, me = client_of(cast.mira), str(cast.mira.pk)
    addresses = [
        *(reverse(f"offices:{name}", args=["lantern"]) for name in ("home", "end", "renew", "remove")),
        *(reverse(f"membership:{name}", args=["lantern"]) for name in ("hand-over", "lay-down")),
        reverse("joining:join"),
        reverse("dreamers:settings"),
    ]
    for office in Office:
        sent = {"member": me, "office": office.value, "successor": me, "offices": office.value}
        for address in addresses:
            mira.post(address, sent)
    with tenant(guild=cast.lantern.pk):
        now = Membership.objects.get(pk=cast.mira.pk)
    assert (now.offices, now.is_live) == (["dreamer"], True)


def test_whoever_leaves_is_out_at_once_and_the_last_steward_is_not(cast: Cast, client_of: ClientOf) -> None:
    chosen = {"lent": "take_back", "traces": "erase"}
    refused = client_of(cast.ayla).post(LEAVE, chosen)
    assert (refused.status_code, "appoint another one first" in refused.text) == (422, True)
    mira = client_of(cast.mira)
    assert 'href="/rights/export/"' in mira.get(LEAVE).text
    assert mira.post(LEAVE, chosen)["Location"] == reverse("portal:night")
    assert mira.get(POWER).status_code == 404
    with tenant(guild=cast.lantern.pk):
        gone = Membership.objects.get(pk=cast.mira.pk)
        assert (gone.is_live, gone.display_name) == (False, "Former member")
        assert Membership.objects.get(pk=cast.ayla.pk).is_live


def test_leaving_twice_leaves_once(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        assert [leave_guild(by=cast.mira, going=Going()) for _ in range(2)] == [0, 0]
