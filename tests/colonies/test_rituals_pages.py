"""The pages of colonies and rituals, as forms are sent and read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from colonies.rituals import selectors
from colonies.rituals.enums import Admission
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.texts import Step
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import a_colony, found, inside, write

SignIn = Callable[[Membership], Client]


def at(name: str, **arguments: object) -> str:
    return reverse(f"colonies:{name}", kwargs={"guild_slug": "lantern", **arguments})


def steps(*texts: str, places: tuple[int, ...] = ()) -> dict[str, object]:
    """The fields of so many steps, each a minute of silence unless its words say otherwise."""
    fields: dict[str, object] = {"steps": len(texts)}
    for index, text in enumerate(texts):
        place = places[index] if places else index + 1
        fields |= {f"step-{index}-kind": "silence", f"step-{index}-text": text, f"step-{index}-place": place}
        fields |= {f"step-{index}-minutes": "1.5", f"step-{index}-picture": ""}
    return fields


def test_a_colony_is_founded_from_its_form(cast: Cast, client_of: SignIn):
    body = {"name": "Salt and Bread", "charter": "We keep it.", "admission": "open"}
    reply = client_of(cast.lara).post(at("colonies"), body)
    assert (reply.status_code, reply["Location"]) == (302, at("colony", colony_slug="salt-and-bread"))


def test_a_refused_form_says_why_beside_the_field(cast: Cast, client_of: SignIn):
    found(cast.lara)
    reply = client_of(cast.lara).post(at("colonies"), {"name": "Lamplighters", "admission": "open"})
    assert reply.status_code == 422
    assert "There is a colony of this name already" in reply.content.decode()


@pytest.mark.parametrize(
    ("admission", "word"),
    [(Admission.OPEN, "Join this colony"), (Admission.REQUEST, "Ask to join"), (Admission.INVITATION, "")],
)
def test_the_page_offers_the_way_in_that_there_is(cast: Cast, client_of: SignIn, admission: str, word: str):
    colony = found(cast.lara, admission=admission)
    page = client_of(cast.mira).get(at("colony", colony_slug=colony.slug)).content.decode()
    offered = [label for label in ("Join this colony", "Ask to join") if label in page]
    assert offered == ([word] if word else [])


def test_only_those_who_lead_see_who_asks(cast: Cast, client_of: SignIn):
    colony, _, _ = a_colony(cast)
    address = at("colony", colony_slug=colony.slug)
    seen = {
        who: "Let in" in client_of(getattr(cast, who)).get(address).content.decode()
        for who in ("lara", "mira")
    }
    assert seen == {"lara": True, "mira": False}


def test_steps_are_kept_in_the_order_of_their_places_and_empty_ones_are_left_out(
    cast: Cast, client_of: SignIn
):
    colony = found(cast.lara)
    body = {"title": "Dusk", "language": "en"} | steps("Second.", "", "First.", places=(2, 3, 1))
    reply = client_of(cast.lara).post(at("write", colony_slug=colony.slug), body)
    assert reply.status_code == 302
    with inside(cast.lara):
        ritual = Ritual.objects.get()
        text = selectors.newest_of(ritual).text
    assert text.steps == (Step("silence", "First.", 90), Step("silence", "Second.", 90))


def test_more_steps_come_without_losing_what_was_written(cast: Cast, client_of: SignIn):
    colony = found(cast.lara)
    body = {"title": "", "language": "en", "more": "yes"} | steps("Only this.")
    reply = client_of(cast.lara).post(at("write", colony_slug=colony.slug), body)
    page = reply.content.decode()
    assert reply.status_code == 200
    assert ("Only this." in page, page.count('name="step-'), 'value="3"' in page) == (True, 15, True)
    assert "This needs a change" not in page


def test_a_ritual_without_a_step_is_refused_with_a_sentence(cast: Cast, client_of: SignIn):
    colony = found(cast.lara)
    reply = client_of(cast.lara).post(
        at("write", colony_slug=colony.slug), {"title": "Dusk", "language": "en"} | steps("", "")
    )
    assert (reply.status_code, "Write at least one step." in reply.content.decode()) == (422, True)


def test_a_new_version_begins_with_the_words_of_the_newest(cast: Cast, client_of: SignIn):
    ritual = write(cast.lara, found(cast.lara))
    client = client_of(cast.lara)
    page = client.get(at("revise", ritual_id=ritual.pk)).content.decode()
    assert "Put out the lamp and say whose light it was." in page
    body = {"title": "The lamp", "language": "en", "on": 1, "note": "Quieter."} | steps("Put out the lamp.")
    reply = client.post(at("revise", ritual_id=ritual.pk), body)
    assert reply["Location"] == at("version", ritual_id=ritual.pk, number=2)
    shown = client.get(reply["Location"]).content.decode()
    assert "Quieter." in shown
    assert "<del>" in shown


def test_what_people_wrote_is_escaped(cast: Cast, client_of: SignIn):
    colony = found(cast.lara)
    body = {"title": "<script>x</script>", "language": "en"} | steps("<img src=x>")
    client = client_of(cast.lara)
    client.post(at("write", colony_slug=colony.slug), body)
    with inside(cast.lara):
        ritual = Ritual.objects.get()
    for name in ("ritual", "card", "revise", "translate"):
        page = client.get(at(name, ritual_id=ritual.pk)).content.decode()
        assert ("<script>x" in page, "<img src=x>" in page) == (False, False)


def test_a_translation_is_read_where_it_is_asked_for(cast: Cast, client_of: SignIn):
    _, ritual, _ = a_colony(cast)
    client = client_of(cast.mira)
    body = {"language": "pt", "title": "A lâmpada", "step_0": "Apaga a lâmpada."}
    reply = client.post(at("translate", ritual_id=ritual.pk), body)
    assert reply["Location"] == at("ritual", ritual_id=ritual.pk) + "?language=pt"
    assert "Apaga a lâmpada." in client.get(reply["Location"]).content.decode()
    assert "Put out the lamp" in client.get(at("ritual", ritual_id=ritual.pk)).content.decode()


def test_the_api_writes_and_reads_the_same_ritual(cast: Cast, client_of: SignIn):
    colony = found(cast.lara)
    client = client_of(cast.lara)
    text = {"title": "Tea", "steps": [{"kind": "tea", "text": "Pour.", "seconds": 60}], "credit": "Rosa"}
    address = f"/api/v1/g/lantern/colonies/{colony.slug}/rituals/"
    made = client.post(address, text, content_type="application/json").json()
    assert made["text"]["steps"] == [{"kind": "tea", "text": "Pour.", "seconds": 60, "picture": ""}]
    ritual = f"/api/v1/g/lantern/rituals/{made['id']}/"
    assert client.get(ritual).json() == made
    stale = client.put(ritual, {**text, "title": "Dusk", "on": 2}, content_type="application/json")
    assert stale.status_code == 409
    refused = client.put(ritual, {**text, "steps": [], "on": 1}, content_type="application/json")
    assert (refused.status_code, list(refused.json())) == (400, ["steps"])


def test_the_guilds_page_leads_to_its_colonies(cast: Cast, client_of: SignIn):
    assert at("colonies") in client_of(cast.mira).get("/g/lantern/").content.decode()


def test_leaving_says_what_becomes_of_ones_data(cast: Cast, client_of: SignIn):
    colony, _, _ = a_colony(cast)
    client = client_of(cast.mira)
    address = at("leave", colony_slug=colony.slug)
    page = client.get(address).content.decode()
    assert "Your belonging ends at once" in page
    assert client.post(address, {"names": "keep", "nights": "keep"}).status_code == 302
    with inside(cast.mira):
        assert not selectors.belongs(Colony.objects.get(), cast.mira)
