"""What members decide about inviting, appointing and terms holds at once, in every room of offices."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from governance.offices import ending, handing_over, invitations, services
from governance.offices.brief import law_in_brief
from governance.offices.codes import read
from governance.offices.errors import InvitationGone
from governance.offices.holding_models import Term
from governance.offices.holdings import how_offices_end
from governance.offices.powers import powers_of
from governance.offices.terms import later
from governance.policies.enums import Action
from governance.policies.errors import Denied
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast, account
from tests.governance.audited import audit, settle, standing
from tests.laws import enacted

Within = Callable[[Membership], AbstractContextManager[Any]]


def now(member: Membership) -> Membership:
    """The member as they are now, under the law as it is now."""
    return Membership.objects.select_related("guild").get(pk=member.pk)


def test_members_invite_where_their_law_says_so_and_only_as_long(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        with pytest.raises(Denied, match="only a steward may invite"):
            invitations.invite(by=cast.mira, uses=1, days=1)
        enacted(cast.mira, invited_by="members")
        made = invitations.invite(by=now(cast.mira), uses=2, days=1)
        with pytest.raises(Denied):  # but nobody revokes what another made
            invitations.revoke(by=now(cast.finn), invitation=made.invitation.pk)
    nova = invitations.accept(named=read(made.code), dreamer=account("Nova").pk, display_name="Nova")
    assert nova.offices == ["dreamer"]
    with within(cast.mira):
        enacted(now(cast.mira), invited_by="stewards")
    with pytest.raises(InvitationGone, match="may invite nobody any more"):
        invitations.accept(named=read(made.code), dreamer=account("Juno").pk, display_name="Juno")


def test_where_members_vote_no_steward_appoints_and_no_steward_hands_over(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
        enacted(cast.ayla, appointed_by="vote")
        ayla, ezra, mira, finn = map(now, (cast.ayla, cast.ezra, cast.mira, cast.finn))
        tries: list[Callable[[], Any]] = [
            lambda: services.appoint(by=ayla, member=mira, office=Office.ARCHITECT),
            lambda: services.appoint(by=ayla, member=ayla, office=Office.ENFORCER),
            lambda: services.dismiss(by=ayla, member=ezra, office=Office.ENFORCER),
            lambda: services.renew_term(by=ayla, member=ezra, office=Office.ENFORCER),
            lambda: services.admit(
                by=ayla, dreamer=account("Nova").pk, display_name="Nova", offices=(Office.ENFORCER,)
            ),
            lambda: handing_over.offer(by=ayla, office=Office.STEWARD, successor=mira),
            lambda: handing_over.accept(by=mira, handover=offered.pk),
        ]
        for attempt in tries:
            with pytest.raises(Denied, match="make a proposal"):
                attempt()
        assert Action.GRANT_OFFICE not in {power.action for power in powers_of(ayla.guild)[Office.STEWARD]}
        assert "make a proposal" in how_offices_end(ayla.guild)[0]
        handing_over.offer(by=finn, office=Office.TECHNICIAN, successor=mira)
        services.appoint_by_vote(guild=ayla.guild, member=mira, office=Office.STEWARD, reference=uuid4())
        services.stand_down(by=ayla, office=Office.STEWARD)
        assert ("steward" in now(mira).offices, "steward" in now(ayla).offices) == (True, False)


def test_a_term_holds_for_offices_given_afterwards(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.appoint(by=cast.ayla, member=cast.finn, office=Office.ARCHITECT)
        enacted(cast.ayla, term_months="6")
        services.appoint(by=now(cast.ayla), member=now(cast.mira), office=Office.ARCHITECT)
        untils = list(Term.objects.order_by("leaf").values_list("until", "since"))
    assert untils[0][0] is None
    assert untils[1][0] == later(untils[1][1], months=6)


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2027, 8, 31), 6, (2028, 2, 29)), ((2026, 11, 5), 14, (2028, 1, 5))],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(begins: Any, months: int, ends: Any) -> None:
    assert later(datetime(*begins, tzinfo=UTC), months=months) == datetime(*ends, tzinfo=UTC)


def test_the_door_tells_the_law_in_brief() -> None:
    told = {line.title: line.value for line in law_in_brief(Guild())}
    assert "60 %" in told["Individuality floor"] or "60%" in told["Individuality floor"]
    assert len(told) == 7


def test_an_audit_finds_nothing_in_terms_by_law(db: None, within: Within) -> None:
    members = settle()
    ayla, mira = members["ayla"], members["mira"]
    with within(ayla):
        enacted(ayla, term_months="1", invited_by="members", appointed_by="vote")
        services.appoint_by_vote(
            guild=now(ayla).guild, member=mira, office=Office.ENFORCER, reference=uuid4()
        )
        made = invitations.invite(by=now(mira), uses=1, days=30)
        until = Term.objects.get(member=mira).until
    invitations.accept(named=read(made.code), dreamer=account("Nova").pk, display_name="Nova")
    assert until is not None
    assert ending.end_due_terms(guild=ayla.guild_id, now=until - timedelta(seconds=1)) == 0
    run = audit(ayla.guild_id)
    found = [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]
    assert (run.state, found) == ("finished", [])
