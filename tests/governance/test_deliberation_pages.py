"""The pages of proposals and petitions, as members press and read them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.deliberation import petitions, services
from governance.deliberation.enums import Kind, State
from governance.deliberation.erasing import erase_words
from governance.deliberation.models import Amendment, Argument, Ballot, Petition, Proposal
from governance.deliberation.portable import deliberations_of
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import (
    again,
    at,
    draft,
    ended,
    give_law,
    inside,
    opened,
    proposed,
    ranked,
    rows,
    sponsored,
    vote,
)

Enter = Callable[[Membership], Client]
WORDS = {"title": "Quiet after ten", "text": "We close the lounge at ten, so that everybody sleeps."}


def address(name: str, proposal: Any = None, **more: Any) -> str:
    arguments = {"guild_slug": "lantern"} | ({"decision_id": proposal.pk} if proposal else {})
    return reverse(f"deliberation:{name}", kwargs=arguments | more)


def words_of(answer: Any) -> str:
    """What a reader sees, without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_proposal_is_written_sponsored_and_voted_on_by_pages_alone(cast: Cast, client_of: Enter) -> None:
    give_law(cast.lantern, sponsors="2")
    mira, finn, lara = (client_of(member) for member in (cast.mira, cast.finn, cast.lara))
    made = mira.post(address("new"), {"kind": "free", "method": "majority", **WORDS})
    (proposal,) = rows(cast.lantern.pk, Proposal)
    assert (made.status_code, made["Location"]) == (302, address("proposal", proposal))
    for client in (finn, lara):
        client.post(address("sponsor", proposal), {"version": 1})
    assert again(proposal).state == State.SPONSORED
    assert "2 of the 2 sponsors that it needs. Voting opens within a minute." in words_of(
        finn.get(address("proposal", proposal))
    )


def test_a_draft_that_cannot_stand_comes_back_with_its_words(cast: Cast, client_of: Enter) -> None:
    answer = client_of(cast.mira).post(
        address("new"), {"kind": "free", "method": "ranked", "options": "One\nTwo", **WORDS}
    )
    assert answer.status_code == 422
    assert "Name 3 to 12 options to rank." in words_of(answer)
    assert WORDS["text"] in words_of(answer)


def test_a_ballot_is_one_press_and_its_change_is_shown(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    finn = client_of(cast.finn)
    for choice in ("yes", "no"):
        assert finn.post(address("vote", proposal), {"choice": choice}).status_code == 302
    page = words_of(finn.get(address("proposal", proposal)))
    assert "you voted No changed 1 time, last just now ; only this one counts" in page
    assert "1 of 5 voted" in page
    assert [row.choice for row in rows(cast.lantern.pk, Ballot)] == ["no"]


def test_what_others_chose_is_not_shown_before_the_count(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    vote(proposal, cast.finn, "no")
    page = words_of(client_of(cast.mira).get(address("proposal", proposal)))
    assert ("Who voted how" in page, "1 of 5 voted" in page) == (False, True)
    answer = client_of(cast.mira).get(address("export", proposal), follow=True)
    assert "has not been counted yet" in words_of(answer)


def test_a_page_never_ends_a_vote_and_says_that_it_is_being_counted(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    finn = client_of(cast.finn)
    with at(proposal.closes_at):
        page = words_of(finn.get(address("proposal", proposal)))
        late = finn.post(address("vote", proposal), {"choice": "yes"}, follow=True)
        listed = words_of(finn.get(address("home")))
    assert "Voting has ended and is being counted." in page
    assert "so your ballot was not taken" in words_of(late)
    assert "being counted" in listed
    assert (again(proposal).state, rows(cast.lantern.pk, Ballot)) == (State.OPEN, [])


def test_the_count_is_shown_with_names_numbers_and_its_file(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara])
    for member, choice in ((cast.mira, "yes"), (cast.finn, "yes"), (cast.lara, "no")):
        vote(proposal, member, choice)
    closed = ended(proposal)
    client = client_of(cast.ezra)
    page = words_of(client.get(address("proposal", closed)))
    for said in ("It passed.", "Who voted 3 (60 %)", "Yes, of yes and no 2/3 (66.6 %)", "Finn Yes no"):
        assert said in page
    assert "You did not vote." in page
    exported = json.loads(client.get(address("export", closed)).content)
    assert exported["vote"]["outcome"]["counts"] == {"yes": 2, "no": 1, "abstain": 0}
    assert "Finn" not in json.dumps(exported)


def test_a_tie_is_said_to_be_one(cast: Cast, client_of: Enter) -> None:
    said = {"method": ranked().method, "options": ranked().options}
    proposal = opened(cast.mira, [cast.finn, cast.lara], **said)
    finn, lara, mira = (client_of(member) for member in (cast.finn, cast.lara, cast.mira))
    finn.post(address("vote", proposal), {"choice": "rank", "place_0": 1, "place_1": 2})
    lara.post(address("vote", proposal), {"choice": "rank", "place_0": 2, "place_1": 1})
    mira.post(address("vote", proposal), {"choice": "abstain"})
    assert "Monday, then Thursday" in words_of(finn.get(address("proposal", proposal)))
    page = words_of(finn.get(address("proposal", ended(proposal))))
    assert "Nothing was decided: there is a tie between “Monday” and “Thursday”." in page


def test_a_secret_ballot_is_answered_by_its_receipt(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara], secret=True)
    finn = client_of(cast.finn)
    answer = finn.post(address("vote", proposal), {"choice": "no"})
    receipt = json.loads(finn.get(address("receipt", proposal)).content)
    assert (answer.status_code, receipt["choice"]) == (200, "no")
    assert receipt["nonce"] in answer.content.decode()
    assert client_of(cast.lara).get(address("receipt", proposal)).status_code == 404
    pasted = {"choice": "no", "receipt": "[" * 5000}
    assert finn.post(address("vote", proposal), pasted).status_code == 302
    for member in (cast.mira, cast.lara):
        vote(proposal, member, "yes")
    page = finn.get(address("proposal", ended(proposal))).content.decode()
    assert f'data-nonce="{receipt["nonce"]}"' in page
    assert "Who voted how" not in page


def test_objections_are_answered_and_lifted_on_the_page(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara], method="consent")
    mira, finn = client_of(cast.mira), client_of(cast.finn)
    finn.post(address("vote", proposal), {"choice": "object", "reason": "The bell rings at ten."})
    page = finn.get(address("proposal", proposal))
    assert "The bell rings at ten." in words_of(page)
    (place,) = set(
        re.findall(
            r'action="([^"]+/objections/[^"]+)"', mira.get(address("proposal", proposal)).content.decode()
        )
    )
    mira.post(place, {"answer": "It will be muffled."})
    finn.post(address("vote", proposal), {"choice": "consent"})
    page = words_of(finn.get(address("proposal", proposal)))
    assert ("It will be muffled." in page, "lifted just now" in page) == (True, True)


def test_amendments_are_offered_and_taken_over(cast: Cast, client_of: Enter) -> None:
    proposal = proposed(cast.mira)
    mira, finn = client_of(cast.mira), client_of(cast.finn)
    finn.post(
        address("amend", proposal), {**WORDS, "title": "Quiet after nine", "because": "Earlier is better."}
    )
    (offered,) = rows(cast.lantern.pk, Amendment)
    place = reverse("deliberation:answer-amendment", args=["lantern", offered.pk])
    assert finn.post(place, {"decision": "accept"}).status_code == 403
    mira.post(place, {"decision": "accept"})
    assert again(proposal).title == "Quiet after nine"
    page = finn.get(address("versions", proposal)).content.decode()
    assert "Quiet after <del>ten</del><ins>nine</ins>" in page


def test_an_amendment_says_what_it_would_do_otherwise(cast: Cast, client_of: Enter) -> None:
    quiet = {"quiet_from": "1320", "quiet_until": "420"}
    document = {"values": quiet}
    proposal = proposed(cast.mira, kind=Kind.POLICY, document=document)
    later = {"values": quiet | {"quiet_from": "1350"}}
    with inside(cast.finn):
        row = services.amend(proposal=proposal, by=cast.finn, document=later, **WORDS)
    offered = words_of(client_of(cast.mira).get(address("proposal", proposal)))
    assert "What The proposal The amendment From what time is the guild quiet? 22:00 22:30" in offered
    assert "Until what time is the guild quiet? 07:00 07:00" not in offered
    with inside(cast.mira):
        services.accept(amendment=row, by=cast.mira)
    taken = client_of(cast.mira).get(address("proposal", proposal))
    assert f'{address("versions", proposal)}?from=1&amp;to=2">it became version 2' in taken.content.decode()
    versions = words_of(client_of(cast.mira).get(address("versions", proposal)))
    assert "What Version 1 Version 2 From what time is the guild quiet? 22:00 22:30" in versions


def test_the_first_page_and_the_guilds_ask_for_a_vote_until_it_is_cast(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.finn, [cast.ayla])
    client = client_of(cast.mira)
    homes = ["/", reverse("portal:guild", args=["lantern"])]
    asked = [f'href="{address("proposal", proposal)}"' in client.get(home).content.decode() for home in homes]
    vote(proposal, cast.mira, "yes")
    after = ["Your vote is wanted" in client.get(home).content.decode() for home in homes]
    assert (asked, after) == ([True, True], [False, False])


def test_reasons_are_given_answered_and_edited(cast: Cast, client_of: Enter) -> None:
    proposal = proposed(cast.mira)
    finn, lara = client_of(cast.finn), client_of(cast.lara)
    finn.post(address("argue", proposal), {"stance": "against", "text": "I dream late."})
    (said,) = rows(cast.lantern.pk, Argument)
    lara.post(reverse("deliberation:reply", args=["lantern", said.pk]), {"text": "So do I."})
    edit = reverse("deliberation:edit-argument", args=["lantern", said.pk])
    finn.post(edit, {"text": "I dream late in winter."})
    lara.post(edit, {"text": "Not mine."})
    page = words_of(lara.get(address("proposal", proposal)))
    for words in ("I dream late in winter.", "version 2, edited just now", "So do I.", "Against (1)"):
        assert words in page
    assert "Not mine." not in page


def test_what_moderation_hid_is_not_shown(cast: Cast, client_of: Enter) -> None:
    proposal = proposed(cast.mira)
    finn = client_of(cast.finn)
    finn.post(address("argue", proposal), {"stance": "for", "text": "A rude word."})
    with tenant(guild=cast.lantern.pk):
        Argument.objects.update(hidden_at=proposal.drafted_at, hidden_reason="It names a dreamer.")
    page = words_of(finn.get(address("proposal", proposal)))
    assert ("A rude word." in page, "It names a dreamer." in page) == (False, True)


def test_the_moving_part_reloads_the_page_when_the_rest_no_longer_holds(cast: Cast, client_of: Enter) -> None:
    proposal = sponsored(cast.mira, [cast.finn, cast.lara])
    client = client_of(cast.ezra)
    mark = re.search(r"mark=([\w-]+)", client.get(address("proposal", proposal)).content.decode())[1]
    same = client.get(address("standing", proposal), {"mark": mark})
    other = client.get(address("standing", proposal), {"mark": "draft-1-"})
    assert (same.headers.get("HX-Refresh"), other.headers.get("HX-Refresh")) == (None, "true")


def test_a_petition_with_enough_names_becomes_a_proposal(cast: Cast, client_of: Enter) -> None:
    give_law(cast.lantern, petition_share="0.50")
    client_of(cast.mira).post(address("petition-new"), {"kind": "free", **WORDS})
    (petition,) = rows(cast.lantern.pk, Petition)
    sign = address("sign", petition_id=petition.pk)
    client_of(cast.finn).post(sign, {"signed": "yes"})
    assert rows(cast.lantern.pk, Proposal) == []
    client_of(cast.lara).post(sign, {"signed": "yes"})
    (proposal,) = rows(cast.lantern.pk, Proposal)
    assert (proposal.state, proposal.petition, proposal.title) == ("sponsored", petition.pk, WORDS["title"])
    page = words_of(client_of(cast.ezra).get(address("petition", petition_id=petition.pk)))
    assert "became a proposal" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    cast: Cast, client_of: Enter, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        vote(opened(cast.mira, [cast.finn, cast.lara]), cast.finn, "yes")
        proposed(cast.mira)
        ended(opened(cast.mira, [cast.finn, cast.lara]))
    client = client_of(cast.finn)
    with django_assert_num_queries(QUERIES):
        client.get(address("home"))


QUERIES = 16


@pytest.mark.parametrize("number", [1, 3])
def test_petitions_take_as_many_queries_for_three_as_for_one(
    cast: Cast, client_of: Enter, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        with inside(cast.mira):
            petitions.start(by=cast.mira, draft=draft())
    client = client_of(cast.finn)
    with django_assert_num_queries(QUERIES_OF_PETITIONS):
        client.get(address("petitions"))


QUERIES_OF_PETITIONS = 12


def test_when_voting_opens_is_read_by_ones_own_clock(cast: Cast, client_of: Enter) -> None:
    Dreamer.objects.filter(pk=cast.mira.dreamer_id).update(time_zone="Asia/Tokyo")
    wish = (timezone.now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    said = {"kind": "free", "method": "majority", "opens_at": f"{wish:%Y-%m-%dT}21:00", **WORDS}
    client_of(cast.mira).post(address("new"), said)
    (proposal,) = rows(cast.lantern.pk, Proposal)
    assert proposal.opens_at == wish


def test_whoever_goes_takes_their_words_along_and_erases_them(cast: Cast, client_of: Enter) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara], method="consent")
    finn = client_of(cast.finn)
    finn.post(address("argue", proposal), {"stance": "for", "text": "I sleep early."})
    finn.post(address("vote", proposal), {"choice": "object", "reason": "The bell rings at ten."})
    finn.post(address("petition-new"), {"kind": "free", **WORDS})
    with inside(cast.finn):
        taken = [line["kind"] for line in deliberations_of(cast.finn.dreamer_id, guild=cast.lantern.pk)]
        erased = erase_words(cast.finn.dreamer_id, guild=cast.lantern.pk)
    assert taken == ["petition", "argument", "objection", "sponsor", "signature", "ballot"]
    page = words_of(client_of(cast.mira).get(address("proposal", proposal)))
    assert (erased, "I sleep early." in page, "The bell rings" in page) == (2, False, False)
    assert ("Erased by whoever said it." in page, "it stands" in page) == (True, True)
