"""The guild itself appoints and dismisses as a vote says, and an audit understands it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import services, suspending
from governance.offices.errors import OfficeRefused
from governance.offices.holding_models import Term
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.audited import audit, settle, standing

Within = Callable[[Membership], AbstractContextManager[Any]]


def recorded() -> list[tuple[str, str, dict[str, Any]]]:
    entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    return [(entry.kind.value, str(entry.actor), dict(entry.detail)) for entry in entries]


def test_a_vote_appoints_and_dismisses_once(cast: Cast, within: Within) -> None:
    vote = uuid4()
    with within(cast.mira):
        for _ in range(2):
            services.appoint_by_vote(
                guild=cast.lantern, member=cast.mira, office=Office.ENFORCER, reference=vote
            )
        for _ in range(2):
            services.dismiss_by_vote(
                guild=cast.lantern, member=cast.mira, office=Office.ENFORCER, reference=vote
            )
        said = {"office": "enforcer", "vote": str(vote)}
        assert recorded() == [
            ("office.granted", "system", said),
            ("office.renewed", "system", said),  # whoever holds it already holds it for another term
            ("office.withdrawn", "system", said),
        ]
        assert Membership.objects.get(pk=cast.mira.pk).offices == ["dreamer"]
        terms = [(term.leaf, term.ended_leaf) for term in Term.objects.order_by("leaf")]
        assert terms == [(0, 1), (1, 2)]


def test_a_vote_does_not_dismiss_the_last_steward(cast: Cast, within: Within) -> None:
    with within(cast.mira), pytest.raises(OfficeRefused, match="needs a steward"):
        services.dismiss_by_vote(
            guild=cast.lantern, member=cast.ayla, office=Office.STEWARD, reference=uuid4()
        )


def test_a_vote_gives_nothing_to_who_left_nor_what_a_ruling_took(cast: Cast, within: Within) -> None:
    given = {"guild": cast.lantern, "reference": uuid4()}
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.mira)
        with pytest.raises(OfficeRefused, match="left the guild"):
            services.appoint_by_vote(member=cast.mira, office=Office.ENFORCER, **given)
        suspending.suspend(member=cast.finn, office=Office.TECHNICIAN, ruling=uuid4())
        with pytest.raises(OfficeRefused, match="ruling suspended"):
            services.appoint_by_vote(member=cast.finn, office=Office.TECHNICIAN, **given)


def test_who_holds_an_office_lays_it_down_but_not_the_last_stewardship(cast: Cast, within: Within) -> None:
    with within(cast.ezra):
        services.stand_down(by=cast.ezra, office=Office.ENFORCER)
        assert Membership.objects.get(pk=cast.ezra.pk).offices == ["dreamer"]
    with within(cast.ayla), pytest.raises(OfficeRefused, match="needs a steward"):
        services.stand_down(by=cast.ayla, office=Office.STEWARD)


def test_an_audit_finds_nothing_in_votes_and_offices_laid_down(db: None, within: Within) -> None:
    members = settle()
    ayla, mira = members["ayla"], members["mira"]
    given = {"guild": ayla.guild, "reference": uuid4()}
    with within(ayla):
        services.appoint_by_vote(member=mira, office=Office.STEWARD, **given)
        services.appoint_by_vote(member=mira, office=Office.STEWARD, **given)
        services.dismiss_by_vote(member=ayla, office=Office.ARCHITECT, **given)
        services.stand_down(by=ayla, office=Office.STEWARD)
    run = audit(ayla.guild_id)
    assert (run.state, [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]) == (
        "finished",
        [],
    )
