"""Rituals that are given by request, on stricter terms or freer ones; and what is said back for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http import Http404
from django.test import Client

from colonies.exchange import asking, selectors, services
from colonies.exchange.enums import Terms
from colonies.exchange.models import Asking, Offer, Word
from colonies.exchange.portable import words_of
from colonies.rituals import writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual, Translation
from colonies.rituals.selectors import newest_of, translations_of
from colonies.rituals.texts import Wording
from governance.policies.errors import Denied
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import LAMP, come_in, found, inside, offer_of, write
from tests.colonies.test_rituals_colonies import leaves

SignIn = Callable[[Membership], Client]


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Lara's, of the Lamplighters."""
    return write(cast.lara, found(cast.lara), replace(LAMP, credit="Rosa"))


@pytest.fixture
def salt(cast: Cast) -> Colony:
    """Ayla's colony."""
    return found(cast.ayla, name="Salt")


@pytest.fixture
def by_request(cast: Cast, ritual: Ritual) -> Offer:
    return offer_of(cast.lara, ritual, terms=Terms.REQUEST)


def ask(by: Membership, row: Offer, colony: Colony) -> Asking:
    with inside(by):
        return asking.ask(by=by, row=selectors.offer_for(by, row.pk), colony=colony, word="May we?")


def answer(by: Membership, row: Asking, terms: str) -> None:
    with inside(by):
        asking.answer(by=by, asking=selectors.asking_for(by, row.pk), terms=terms, reply="Gladly.")


def adopt(by: Membership, row: Offer, colony: Colony) -> Ritual:
    with inside(by):
        return services.adopt(by=by, row=selectors.offer_for(by, row.pk), colony=colony)


def test_what_is_given_by_request_is_taken_up_after_a_yes_on_the_terms_of_the_answer(
    cast: Cast, by_request: Offer, salt: Colony
):
    with pytest.raises(NotNow, match="ask first"):
        adopt(cast.ayla, by_request, salt)
    asked = ask(cast.ayla, by_request, salt)
    with pytest.raises(NotNow, match="ask first"):
        adopt(cast.ayla, by_request, salt)
    answer(cast.lara, asked, Terms.CREDIT)
    taken = adopt(cast.ayla, by_request, salt)
    with inside(cast.ayla):
        origin = selectors.origin_of(taken)
        assert (origin.terms, origin.giver, origin.by_request) == (Terms.CREDIT, "Lamplighters", True)
        with pytest.raises(NotNow, match="gives this ritual by request"):
            services.offer(by=cast.ayla, ritual=taken, terms=Terms.UNCHANGED)
    assert [kind for kind, _ in leaves(cast.mira)][-4:] == [
        "ritual.asked_for",
        "ritual.asking_answered",
        "ritual.written",
        "ritual.adopted",
    ]


def test_a_no_leaves_nothing_to_take_up_and_one_may_ask_again(cast: Cast, by_request: Offer, salt: Colony):
    asked = ask(cast.ayla, by_request, salt)
    with pytest.raises(NotNow, match="asked for it before"):
        ask(cast.ayla, by_request, salt)
    answer(cast.lara, asked, "")
    with pytest.raises(NotNow, match="ask first"):
        adopt(cast.ayla, by_request, salt)
    with pytest.raises(NotNow, match="answered"):
        answer(cast.lara, asked, Terms.CREDIT)
    again = ask(cast.ayla, by_request, salt)
    with inside(cast.ayla):
        asking.take_back(by=cast.ayla, asking=again)
    with pytest.raises(NotNow, match="taken back"):
        answer(cast.lara, again, Terms.CREDIT)


def test_only_those_who_lead_ask_and_answer(cast: Cast, by_request: Offer, salt: Colony):
    with pytest.raises(Denied, match="lead this colony"):
        ask(cast.mira, by_request, salt)
    asked = ask(cast.ayla, by_request, salt)
    with pytest.raises(Denied, match="lead this colony"):
        answer(cast.ayla, asked, Terms.CREDIT)
    with pytest.raises(Invalid, match="on which terms"):
        answer(cast.lara, asked, Terms.REQUEST)


@pytest.mark.parametrize(
    ("came", "on", "may"),
    [
        (Terms.CREDIT, Terms.LINEAGE, True),
        (Terms.LINEAGE, Terms.CREDIT, False),
        (Terms.LINEAGE, Terms.UNCHANGED, True),
        (Terms.UNCHANGED, Terms.LINEAGE, False),
        (Terms.UNCHANGED, Terms.REQUEST, True),
    ],
)
def test_a_ritual_is_given_on_no_more_freely_than_it_came(
    cast: Cast, ritual: Ritual, salt: Colony, came: str, on: str, may: bool
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual, terms=came), salt)
    if may:
        assert offer_of(cast.ayla, taken, terms=on).terms == on
    else:
        with pytest.raises(Invalid, match="no more freely"):
            offer_of(cast.ayla, taken, terms=on)


def test_what_is_given_with_its_credit_is_changed_without_saying_why(
    cast: Cast, ritual: Ritual, salt: Colony
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual, terms=Terms.CREDIT), salt)
    with inside(cast.ayla):
        text = newest_of(taken).text
        with pytest.raises(Invalid, match="Keep the credit"):
            writing.revise(by=cast.ayla, ritual=taken, text=replace(text, credit="Us"), note="", on=1)
        writing.revise(by=cast.ayla, ritual=taken, text=replace(text, title="Dark"), note="", on=1)


def test_translations_come_along_with_whoever_made_them(cast: Cast, ritual: Ritual, salt: Colony):
    come_in(cast.mira, ritual.colony, by=cast.lara)
    with inside(cast.mira):
        version = newest_of(ritual)
        version.ritual = ritual
        writing.translate(by=cast.mira, version=version, wording=Wording("pt", "A lâmpada", ("Apaga.",)))
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    with inside(cast.ayla):
        (carried,) = translations_of(newest_of(taken))
        assert (carried.wording, carried.translator) == (Wording("pt", "A lâmpada", ("Apaga.",)), cast.mira)
        assert Translation.objects.count() == 2


def test_thanks_go_back_to_the_source_and_their_author_takes_them_back(
    cast: Cast, ritual: Ritual, salt: Colony, client_of: SignIn
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    words, lineage = f"/g/lantern/rituals/{taken.pk}/words/", f"/g/lantern/rituals/{ritual.pk}/lineage/"
    said = {"kind": "story", "text": "We keep it by the stove."}
    ayla = client_of(cast.ayla)
    assert client_of(cast.mira).post(words, said).status_code == 403
    assert ayla.post(words, said).status_code == 302
    assert "We keep it by the stove." in client_of(cast.lara).get(lineage).content.decode()
    with inside(cast.ayla):
        (word,) = Word.objects.all()
        (portable,) = words_of(cast.ayla.dreamer_id, guild=cast.lantern.pk)
        assert (portable["text"], portable["kind"]) == (said["text"], "story")
    with inside(cast.lara), pytest.raises(Http404):
        selectors.word_of(cast.lara, word.pk)
    ayla.post(f"/g/lantern/exchange/words/{word.pk}/delete/")
    assert "by the stove" not in ayla.get(lineage).content.decode()
    refused = ayla.post(words, {"kind": "story", "text": " "}, follow=True).content.decode()
    assert "Write a few words first." in refused


def test_asking_and_answering_from_the_pages(cast: Cast, by_request: Offer, salt: Colony, client_of: SignIn):
    ayla, lara = client_of(cast.ayla), client_of(cast.lara)
    taking = f"/g/lantern/exchange/{by_request.pk}/"
    assert "Ask for it" in ayla.get(taking).content.decode()
    ayla.post(f"{taking}ask/", {"colony": "salt", "word": "We have the stove."})
    page = lara.get("/g/lantern/exchange/").content.decode()
    with inside(cast.lara):
        (asked,) = Asking.objects.all()
    answering = f"/g/lantern/exchange/asked/{asked.pk}/"
    assert answering in page
    assert answering in lara.get("/g/lantern/").content.decode()
    assert answering not in ayla.get("/g/lantern/").content.decode()
    assert "We have the stove." in lara.get(answering).content.decode()
    assert lara.post(answering, {"reply": "?"}).status_code == 422  # no answer was chosen
    assert lara.post(answering, {"terms": "unchanged", "reply": "Word for word."}).status_code == 302
    assert "Word for word." in ayla.get("/g/lantern/exchange/").content.decode()
    reply = ayla.post(f"{taking}adopt/", {"colony": "salt"}, follow=True)
    assert "Salt has taken it up" in reply.content.decode()


def test_what_was_changed_is_shown_beside_what_was_given(
    cast: Cast, ritual: Ritual, salt: Colony, client_of: SignIn
):
    taken = adopt(cast.ayla, offer_of(cast.lara, ritual), salt)
    with inside(cast.ayla):
        text = replace(newest_of(taken).text, title="Dark")
        writing.revise(by=cast.ayla, ritual=taken, text=text, note="It is about the dark.", on=1)
    page = client_of(cast.mira).get(f"/g/lantern/rituals/{taken.pk}/adapted/").content.decode()
    assert ("It is about the dark." in page, "<ins>Dark</ins>" in page) == (True, True)
    assert client_of(cast.mira).get(f"/g/lantern/rituals/{ritual.pk}/adapted/").status_code == 404
