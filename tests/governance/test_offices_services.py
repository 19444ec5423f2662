"""Coming, going and holding office: by law, and on the record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import services
from governance.offices.errors import OfficeRefused
from governance.policies.errors import Denied
from governance.policies.services import policy_set
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast, account

Within = Callable[[Membership], AbstractContextManager[Any]]


def recorded() -> list[tuple[str, str | None]]:
    entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    return [(entry.kind.value, entry.detail.get("office")) for entry in entries]


def test_founding_makes_the_first_steward_and_the_first_leaves(db: None) -> None:
    ayla = account("Ayla")
    founder = services.found(by=ayla.pk, display_name="Ayla", name="The Lantern Guild", slug="lantern")
    with tenant(guild=founder.guild_id, dreamer=ayla.pk):
        assert recorded() == [
            ("guild.founded", None),
            ("membership.started", None),
            ("office.granted", "steward"),
        ]
    assert founder.offices == ["dreamer", "steward"]


def test_a_steward_admits_with_offices(cast: Cast, within: Within) -> None:
    newcomer = account("Nobody")
    with within(cast.ayla):
        member = services.admit(
            by=cast.ayla,
            dreamer=newcomer.pk,
            display_name="Somebody",
            offices=(Office.DREAMER, Office.ENFORCER),
        )
        leaf = decode(bytes(Leaf.objects.get(index=0).entry))
        assert recorded() == [("membership.started", None), ("office.granted", "enforcer")]
    assert (leaf.actor, leaf.subjects) == (cast.ayla.pseudonym, (str(member.pseudonym),))
    assert leaf.policy_set == policy_set(cast.lantern)


@pytest.mark.parametrize("who", ["finn", "lara", "ezra", "mira", "zed"])
def test_nobody_but_a_steward_admits_or_appoints(cast: Cast, within: Within, who: str) -> None:
    actor = getattr(cast, who)
    with within(actor):
        if actor is not cast.zed:
            with pytest.raises(Denied):
                services.admit(by=actor, dreamer=cast.zed.dreamer_id, display_name="Zed")
        with pytest.raises(Denied):
            services.appoint(by=actor, member=cast.mira, office=Office.STEWARD)
        with pytest.raises(Denied):
            services.remove(by=actor, member=cast.ayla)
        assert recorded() == []


def test_who_is_no_steward_any_more_admits_nobody(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        mira = services.appoint(by=cast.ayla, member=cast.mira, office=Office.STEWARD)
        services.dismiss(by=mira, member=cast.ayla, office=Office.STEWARD)
        assert Office.STEWARD in cast.ayla.offices  # as a request had read them before
        with pytest.raises(Denied):
            services.admit(by=cast.ayla, dreamer=cast.zed.dreamer_id, display_name="Zed")


def test_appointing_and_dismissing_change_the_row_and_the_log_once(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        held = services.appoint(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        assert held.offices == ["dreamer", "architect"]
        held = services.dismiss(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        services.dismiss(by=cast.ayla, member=cast.mira, office=Office.ARCHITECT)
        assert held.offices == ["dreamer"]
        assert recorded() == [("office.granted", "architect"), ("office.withdrawn", "architect")]


def test_the_last_steward_stays(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        with pytest.raises(OfficeRefused, match="appoint another one first"):
            services.dismiss(by=cast.ayla, member=cast.ayla, office=Office.STEWARD)
        with pytest.raises(OfficeRefused):
            services.leave(by=cast.ayla)
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.STEWARD)
        services.leave(by=cast.ayla)
        assert not Membership.objects.get(pk=cast.ayla.pk).is_live


def test_the_last_member_may_leave(cast: Cast, within: Within) -> None:
    with within(cast.zed):
        services.leave(by=cast.zed)
        assert recorded() == [("membership.ended", None)]


def test_leaving_ends_the_membership_and_says_so(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        services.leave(by=cast.mira)
        leaf = decode(bytes(Leaf.objects.get(kind=LeafKind.MEMBERSHIP_ENDED).entry))
        assert (leaf.actor, leaf.subjects) == (cast.mira.pseudonym, (str(cast.mira.pseudonym),))


def test_whoever_left_may_do_nothing_more(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.mira, office=Office.STEWARD)
        services.leave(by=cast.ayla)
        gone = Membership.objects.select_related("guild").get(pk=cast.ayla.pk)
        with pytest.raises(Denied, match="has ended"):
            services.appoint(by=gone, member=cast.finn, office=Office.STEWARD)
