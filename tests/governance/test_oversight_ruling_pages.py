"""The pages on which enforcers rule, confirm and answer, and on which the concerned appeal."""

import re

import pytest
from django.urls import reverse

from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Appeal, Telling
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, found
from tests.governance.lending import lend
from tests.governance.overseen_pages import REASONS, SHRED, ClientOf, Within, fresh, page, post, ruled


@pytest.fixture
def lara(cast: Cast) -> Membership:
    """A second enforcer."""
    return appoint_enforcer(cast.lara)


def test_a_ruling_is_made_on_the_page(cast: Cast, client_of: ClientOf) -> None:
    finding = found(cast.lantern)
    client = client_of(cast.ezra)
    refused = client.post(
        reverse("oversight:finding", args=["lantern", finding.pk]), {"verdict": "dismissed", "reasons": "no"}
    )
    assert (refused.status_code, "Say in a sentence why" in refused.text) == (422, True)
    answer = post(client, "oversight:finding", finding.pk, verdict="explained", reasons=REASONS)
    assert "The ruling is in force" in answer.text
    assert REASONS in answer.text
    again = post(client, "oversight:finding", finding.pk, verdict="explained", reasons=REASONS)
    assert "ruled on already" in again.text


def test_only_remedies_that_could_do_something_are_offered(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    client = client_of(cast.ezra)
    of_a_dream = page(client, "oversight:finding", found(cast.lantern, contribution=lent.contribution).pk)
    of_a_member = page(client, "oversight:finding", found(cast.lantern, table="tenancy_membership").pk)
    offered = [set(re.findall(r'name="remedies" value="(\w+)"', said)) for said in (of_a_dream, of_a_member)]
    assert offered == [{"notify", "re_blend", "shred", "suspend"}, {"suspend"}]


def test_where_nobody_could_be_the_second_the_page_says_who_must_appoint(
    cast: Cast, client_of: ClientOf
) -> None:
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    ruled(cast, finding, SHRED)
    said = page(client_of(cast.ezra), "oversight:finding", finding.pk)
    assert "Nobody can confirm this ruling" in said
    assert "Ask a steward of this guild to appoint another enforcer" in said


def test_a_second_enforcer_confirms_on_the_page(
    cast: Cast, lara: Membership, client_of: ClientOf, within: Within
) -> None:
    lent = lend(cast.mira)
    finding = found(cast.lantern, contribution=lent.contribution)
    draft = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED, RemedyKind.NOTIFY}))
    made = ruled(cast, finding, draft)
    assert "another enforcer confirms it" in page(client_of(cast.ezra), "oversight:finding", finding.pk)
    assert "Confirm the ruling" in page(client_of(lara), "oversight:finding", finding.pk)
    answer = post(client_of(lara), "oversight:confirm", made.pk)
    assert "what it orders is done" in answer.text
    told = client_of(cast.mira).get("/").text
    assert "ruled on something that was found about a dream you lent" in told
    assert reverse("transparency:ruling", args=["lantern", made.pk]) in told


def test_the_concerned_read_the_ruling_and_appeal_it(
    cast: Cast, lara: Membership, client_of: ClientOf, within: Within
) -> None:
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    made = ruled(cast, finding, Draft(Verdict.DISMISSED, REASONS, frozenset({RemedyKind.NOTIFY})))
    mira, finn = client_of(cast.mira), client_of(cast.finn)
    said = page(mira, "transparency:ruling", made.pk)
    assert "This concerns you" in said
    with within(cast.mira):
        assert Telling.objects.get().read_at is not None
    assert "about a dream you lent" not in mira.get("/").text
    assert "Appeal it" not in page(finn, "transparency:ruling", made.pk)
    assert post(finn, "transparency:ruling", made.pk, reasons=REASONS).status_code == 403
    assert "Your appeal is made" in post(mira, "transparency:ruling", made.pk, reasons=REASONS).text
    with within(lara):
        appeal = Appeal.objects.get()
    own = page(client_of(cast.ezra), "oversight:finding", finding.pk)
    assert "another enforcer answers the appeal" in own
    answer = post(client_of(lara), "oversight:answer", appeal.pk, outcome="overturned", answer=REASONS)
    assert "The appeal is decided" in answer.text
    assert fresh(finding).state == "open"


def test_where_every_enforcer_had_a_part_the_page_says_who_must_appoint(
    cast: Cast, client_of: ClientOf
) -> None:
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    made = ruled(cast, finding)
    post(client_of(cast.mira), "transparency:ruling", made.pk, reasons=REASONS)
    said = page(client_of(cast.ezra), "oversight:finding", finding.pk)
    assert "Nobody can answer this appeal" in said


def test_a_proposal_is_for_enforcers_alone(cast: Cast, client_of: ClientOf) -> None:
    made = ruled(cast, found(cast.lantern, contribution=lend(cast.mira).contribution), SHRED)
    address = reverse("transparency:ruling", args=["lantern", made.pk])
    assert client_of(cast.mira).get(address).status_code == 404
    assert client_of(cast.ezra).get(address).status_code == 200
