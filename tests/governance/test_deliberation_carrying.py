"""A petition that has enough signatures without another one, since members left or the law changed."""

from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.deliberation import petitions, turning
from governance.deliberation.enums import Kind
from governance.deliberation.models import Petition, Proposal
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.tenancy import services as tenancy
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast
from tests.governance.deliberating import draft, give_law, inside, proposed, rows
from tests.governance.test_deliberation_appointments import Office, appointing
from tests.told_of import forget, told


def signed(author: Membership, by: list[Membership], **said: Any) -> Petition:
    """A petition of `author`, which these others signed as well."""
    with inside(author):
        petition = petitions.start(by=author, draft=draft(**said))
    for member in by:
        with inside(member):
            petition = petitions.sign(petition=petition, by=member)
    return petition


def visiting(cast: Cast) -> Membership:
    """Ayla, in the other guild."""
    with tenant(guild=cast.harbour.pk):
        return tenancy.add_member(guild=cast.harbour.pk, dreamer=cast.ayla.dreamer_id, display_name="Ayla")


def leave(*members: Membership) -> None:
    for member in members:
        with tenant(guild=member.guild_id):
            tenancy.end_membership(membership=member)


def states(guild: Guild) -> dict[str, str]:
    return {one.title: one.state for one in rows(guild.pk, Petition)}


def carrying(guild: Guild, petition: Petition) -> list[tuple[Any, ...]]:
    """What the log says of the petition's last step and of the proposal that it became."""
    (made,) = rows(guild.pk, Proposal, petition=petition.pk)
    names = {str(petition.pk): "petition", str(made.pk): "proposal"}
    with tenant(guild=guild.pk):
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
        held = Petition.objects.get(pk=petition.pk)
    assert (held.state, held.proposal_id) == ("carried", made.pk)
    about = [one for one in entries if str(made.pk) in one.subjects]
    detail = [{name: names.get(str(value), value) for name, value in one.detail.items()} for one in about]
    return [
        (one.kind.value, one.actor, [names[subject] for subject in one.subjects], one.policy_set, said)
        for one, said in zip(about, detail, strict=True)
    ]


def test_the_clock_carries_it_when_members_have_left_as_a_signature_would(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    by_hand = signed(cast.mira, [cast.finn, cast.lara])
    by_clock = signed(cast.mira, [cast.finn])
    leave(cast.ezra, cast.lara)
    forget(cast)
    assert turning.turn_every_guild() == 1
    assert carrying(cast.lantern, by_clock) == carrying(cast.lantern, by_hand)
    (made,) = rows(cast.lantern.pk, Proposal, petition=by_clock.pk)
    notice = ("petition_became_proposal", f"/g/lantern/proposals/{made.pk}/")
    assert (made.state, told(cast)) == ("sponsored", {"mira": [notice], "finn": [notice]})


def test_it_stays_open_while_too_few_have_signed(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    petition = signed(cast.mira, [cast.finn])
    leave(cast.lara)
    assert (turning.turn_every_guild(), petitions.carry(guild=cast.lantern.pk, petition=petition.pk)) == (
        0,
        False,
    )
    assert (states(cast.lantern), rows(cast.lantern.pk, Proposal)) == ({"Quiet after ten": "open"}, [])


def test_whoever_left_stands_behind_nothing(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    signed(cast.mira, [cast.finn])
    leave(cast.ezra, cast.finn)
    assert (turning.turn_every_guild(), states(cast.lantern)) == (0, {"Quiet after ten": "open"})


def test_a_law_that_asks_for_fewer_carries_it_for_the_last_who_signed_where_its_author_left(
    cast: Cast,
) -> None:
    give_law(cast.lantern, petition_share="0.80")
    petition = signed(cast.mira, [cast.finn, cast.lara])
    leave(cast.mira)
    assert turning.turn_every_guild() == 0
    give_law(cast.lantern, petition_share="0.40")
    assert turning.turn_every_guild() == 1
    assert [one.author_id for one in rows(cast.lantern.pk, Proposal)] == [cast.lara.pk]
    assert petitions.carry(guild=cast.harbour.pk, petition=petition.pk) is False


def test_the_ledger_is_held_before_the_petition(cast: Cast) -> None:
    petition = signed(cast.mira, [])
    with CaptureQueriesContext(connection) as asked:
        petitions.carry(guild=cast.lantern.pk, petition=petition.pk)
    locks = [
        "ledger" if "pg_advisory_xact_lock" in one["sql"] else "petition"
        for one in asked.captured_queries
        if "pg_advisory_xact_lock" in one["sql"] or "FOR UPDATE" in one["sql"]
    ]
    assert locks == ["ledger", "petition"]


def test_it_is_carried_once_however_often_the_clock_comes_by(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    petition = signed(cast.mira, [cast.finn])
    leave(cast.ezra, cast.lara)
    assert [turning.turn_every_guild() for _ in range(3)] == [1, 0, 0]
    assert petitions.carry(guild=cast.lantern.pk, petition=petition.pk) is False
    assert len(rows(cast.lantern.pk, Proposal)) == 1


def test_what_cannot_be_done_any_more_waits_without_a_word_and_keeps_no_other(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    give_law(cast.lantern, petition_share="0.60")
    signed(cast.mira, [cast.finn], title="Ezra leads", **appointing("appoint", cast.ezra, Office.LEADER))
    signed(cast.mira, [cast.finn])
    leave(cast.ezra, cast.lara)
    assert turning.turn_every_guild() == 1
    assert states(cast.lantern) == {"Ezra leads": "open", "Quiet after ten": "carried"}
    assert (rows(cast.lantern.pk, Proposal, kind=Kind.APPOINTMENT), caplog.messages) == ([], [])


def test_one_that_breaks_keeps_neither_the_others_nor_another_guild_from_it(cast: Cast) -> None:
    give_law(cast.lantern, petition_share="0.60")
    other = visiting(cast)
    broken, here = signed(cast.mira, [cast.finn]), signed(cast.mira, [cast.finn], title="A lamp")
    there = signed(cast.zed, [])
    leave(cast.ezra, cast.lara, other)
    carried = petitions.carry

    def carry(**which: Any) -> bool:
        if which["petition"] == broken.pk:
            raise ValueError("broken")
        return carried(**which)

    guilds = [cast.lantern.pk, cast.harbour.pk]
    with (
        mock.patch.object(petitions, "carry", carry),
        mock.patch.object(turning, "every_guild", return_value=guilds),
    ):
        assert turning.turn_every_guild() == 2
    assert states(cast.lantern) == {"Quiet after ten": "open", "A lamp": "carried"}
    assert (here.state, there.state, states(cast.harbour)) == ("open", "open", {"Quiet after ten": "carried"})


def test_a_guild_whose_law_cannot_be_read_keeps_no_other_from_it(cast: Cast) -> None:
    other = visiting(cast)
    signed(cast.zed, [])
    signed(cast.mira, [])
    proposed(cast.mira)
    leave(other)
    with tenant(guild=cast.lantern.pk):
        Guild.objects.filter(pk=cast.lantern.pk).update(law={"values": {"sponsors": "many"}})
    guilds = [cast.lantern.pk, cast.harbour.pk]
    with mock.patch.object(turning, "every_guild", return_value=guilds):
        assert turning.turn_every_guild() == 1
    assert states(cast.harbour) == {"Quiet after ten": "carried"}
