"""What was written on the page of a proposal stays there when it is refused, and the page says why."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance.deliberation import arguing, services, voting
from governance.deliberation.counting import Method
from governance.deliberation.enums import Stance
from governance.deliberation.models import Amendment, Argument, Ballot, Objection, Proposal, Receipt
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import OPTIONS, at, draft, ended, inside, opened, proposed, rows, vote

Enter = Callable[[Membership], Client]
LONG = "Bells. " * 300
A_SENTENCE = "Say it in a sentence at least."


def address(name: str, row: Any, **more: Any) -> str:
    return reverse(f"deliberation:{name}", args=["lantern", row.pk, *more.values()])


def by_consent(cast: Cast) -> tuple[Proposal, Objection]:
    """A vote in which Finn objected."""
    proposal = opened(cast.mira, [cast.finn, cast.lara], method=Method.CONSENT)
    vote(proposal, cast.finn, "object", reason="The bell rings at ten.")
    return proposal, rows(cast.lantern.pk, Objection)[0]


def amended(cast: Cast) -> Amendment:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        return services.amend(proposal=proposal, by=cast.finn, title="Quiet after nine", text=draft().text)


def argued(cast: Cast) -> Argument:
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        return arguing.argue(proposal=proposal, by=cast.finn, stance=Stance.FOR, text="I dream late.")


def objecting(cast: Cast) -> tuple[Membership, str, dict[str, str]]:
    return cast.lara, address("vote", by_consent(cast)[0]), {"choice": "object", "reason": "Bells!"}


def answering(cast: Cast) -> tuple[Membership, str, dict[str, str]]:
    proposal, objection = by_consent(cast)
    return cast.mira, address("answer-objection", proposal, of=objection.pk), {"answer": "Muffled."}


def declining(cast: Cast) -> tuple[Membership, str, dict[str, str]]:
    return cast.mira, address("answer-amendment", amended(cast)), {"decision": "decline", "answer": "Ten."}


def replying(cast: Cast) -> tuple[Membership, str, dict[str, str]]:
    return cast.lara, address("reply", argued(cast)), {"text": "I"}


def editing(cast: Cast) -> tuple[Membership, str, dict[str, str]]:
    return cast.finn, address("edit-argument", argued(cast)), {"text": "I"}


FORMS = {each.__name__: each for each in (objecting, answering, declining, replying, editing)}


def form_at(page: str, place: str) -> str:
    """The form that is sent to an address and has text: the last one there."""
    return page[page.rindex(f'action="{place}"') :].partition("</form>")[0]


@pytest.mark.parametrize("written", FORMS.values(), ids=FORMS)
def test_what_was_refused_comes_back_with_the_reason_and_its_draft_goes_once_it_is_taken(
    cast: Cast, client_of: Enter, written: Callable[[Cast], tuple[Membership, str, dict[str, str]]]
) -> None:
    member, place, said = written(cast)
    name = next(each for each in said if each not in ("choice", "decision"))
    client = client_of(member)
    too_long, too_short = client.post(place, said | {name: LONG}), client.post(place, said)
    shown = [form_at(unescape(answer.content.decode()), place) for answer in (too_long, too_short)]
    assert (too_long.status_code, too_short.status_code) == (422, 422)
    assert [
        f">\n{text}</textarea>" in form for form, text in zip(shown, (LONG, said[name]), strict=True)
    ] == [
        True,
        True,
    ]
    assert ["at most 2000 characters" in shown[0], A_SENTENCE in shown[1]] == [True, True]
    assert (
        shown[1].count(A_SENTENCE) == 2
    )  # above the form, where it leads to the field, and beside the field
    key = shown[1].partition('data-draft="')[2].partition('"')[0]
    done = client.post(place, said | {name: "Because the bell rings at ten."}, follow=True)
    assert (done.status_code, len(done.redirect_chain), key != "") == (200, 1, True)
    assert f'data-draft-saved="{key}"' in done.content.decode()


def test_an_objection_that_came_too_late_is_kept_on_the_page(cast: Cast, client_of: Enter) -> None:
    proposal, objection = by_consent(cast)
    lara, mira = client_of(cast.lara), client_of(cast.mira)
    said = {"choice": "object", "reason": "It rings until eleven."}
    answer = {"answer": "It will be muffled."}
    assert proposal.closes_at is not None
    with at(proposal.closes_at):
        late = lara.post(address("vote", proposal), said)
        answered = mira.post(address("answer-objection", proposal, of=objection.pk), answer)
    ended(proposal)
    later = lara.post(address("vote", proposal), said)
    for refused, words in ((late, said["reason"]), (answered, answer["answer"]), (later, said["reason"])):
        page = refused.content.decode()
        assert (refused.status_code, f">\n{words}</textarea>" in page) == (422, True)
        assert "so your ballot was not taken." in page


def test_an_answer_to_what_was_decided_meanwhile_is_kept_on_the_page(cast: Cast, client_of: Enter) -> None:
    offered = amended(cast)
    with inside(cast.mira):
        services.accept(amendment=offered, by=cast.mira)
    place = address("answer-amendment", offered)
    refused = client_of(cast.mira).post(place, {"decision": "decline", "answer": "Nine is too early."})
    form = form_at(refused.content.decode(), place)
    assert (refused.status_code, "Nine is too early." in form) == (422, True)
    assert "This amendment has been decided already." in form
    assert "Take it over" not in refused.content.decode()


def test_what_is_said_of_a_proposal_that_was_withdrawn_is_kept_on_the_page(
    cast: Cast, client_of: Enter
) -> None:
    said = argued(cast)
    with inside(cast.mira):
        services.withdraw(proposal=said.proposal, by=cast.mira)
    lara, finn = client_of(cast.lara), client_of(cast.finn)
    answers = [
        lara.post(address("argue", said.proposal), {"stance": "for", "text": "So do I, and Ayla."}),
        lara.post(address("reply", said), {"text": "So do I, and Ayla."}),
        finn.post(address("edit-argument", said), {"text": "So do I, and Ayla."}),
    ]
    for answer in answers:
        page = answer.content.decode()
        assert (answer.status_code, ">\nSo do I, and Ayla.</textarea>" in page) == (422, True)
        assert "This proposal was withdrawn." in page


def test_a_receipt_that_opens_nothing_is_shown_again_with_the_order_chosen(
    cast: Cast, client_of: Enter
) -> None:
    proposal = opened(cast.mira, [cast.finn, cast.lara], secret=True, method=Method.RANKED, options=OPTIONS)
    with inside(cast.finn):
        voting.cast(proposal=proposal, by=cast.finn, choice="1>0>2")
        Receipt.objects.all().delete()
    receipt = json.dumps({"ballot": str(proposal.pk), "nonce": "00"})
    sent = {"choice": "rank", "place_0": "3", "place_1": "", "place_2": "1", "receipt": receipt}
    refused = client_of(cast.finn).post(address("vote", proposal), sent)
    page = unescape(refused.content.decode())
    assert (refused.status_code, f">\n{receipt}</textarea>" in page) == (422, True)
    assert "This receipt opens no ballot of this vote that still counts." in page
    assert page.count("selected>3</option>") == page.count("selected>1</option>") == 1
    assert len(rows(cast.lantern.pk, Ballot)) == 1
