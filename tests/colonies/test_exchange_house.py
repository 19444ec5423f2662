"""Exchange between guilds: only what was offered on purpose crosses, with its credit and its lineage."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client

from colonies.exchange import house, lineages, selectors
from colonies.exchange.enums import Terms
from colonies.exchange.house_models import HouseAdoption, HouseOffer, Letter
from colonies.exchange.lineages import Station
from colonies.models import (
    Adoption,
    Belonging,
    Colony,
    Evening,
    Offer,
    Ritual,
    RitualVersion,
    Schedule,
    Translation,
    Word,
)
from colonies.rituals import services as colonies
from colonies.rituals import writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.selectors import newest_of, translations_of
from colonies.rituals.texts import RitualText, Wording
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast
from tests.colonies.colony import LAMP, found, inside, offer_to_house, open_to_house, write
from tests.colonies.test_rituals_colonies import leaves
from tests.laws import enacted

SignIn = Callable[[Membership], Client]
BORROWED = replace(LAMP, credit="Rosa", tradition="Quay houses")


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Lara's, in a guild that lets rituals travel; the Harbour guild does, too."""
    open_to_house(cast.ayla, cast.zed)
    return write(cast.lara, found(cast.lara), BORROWED)


@pytest.fixture
def shift(cast: Cast) -> Colony:
    """Zed's colony in the Harbour guild."""
    return found(cast.zed, name="Night Shift")


def seen_by(member: Membership) -> list[UUID]:
    with inside(member):
        return [row.pk for row in house.house_offers_for(member)]


def take_up(by: Membership, offer: HouseOffer, colony: Colony) -> Ritual:
    with inside(by):
        return house.adopt_from_house(by=by, row=house.house_offer_for(by, offer.pk), colony=colony)


def test_a_ritual_crosses_with_its_words_its_credit_its_languages_and_its_lineage(
    cast: Cast, ritual: Ritual, shift: Colony
):
    with inside(cast.lara):
        version = newest_of(ritual)
        version.ritual = ritual
        writing.carry_over(
            by=cast.lara, ritual=ritual, wordings=[writing.Carried(Wording("pt", "A lâmpada", ("Apaga.",)))]
        )
    offer = offer_to_house(cast.lara, ritual)
    taken = take_up(cast.zed, offer, shift)
    with inside(cast.zed):
        assert newest_of(taken).text == BORROWED
        (carried,) = translations_of(newest_of(taken))
        assert (carried.wording, carried.translator) == (Wording("pt", "A lâmpada", ("Apaga.",)), None)
        lineage = lineages.lineage_of(taken)
        came = selectors.origin_of(taken)
    station = Station("The Lantern Guild", "Lamplighters", "The lamp", "en", "Quay houses", "Rosa")
    assert (lineage.stations, lineage.root.ritual) == ((station,), taken)
    assert (came.giver, came.terms, came.credit) == ("Lamplighters (The Lantern Guild)", "lineage", "Rosa")


def test_both_ledgers_hold_the_same_digest(cast: Cast, ritual: Ritual, shift: Colony):
    offer = offer_to_house(cast.lara, ritual)
    take_up(cast.zed, offer, shift)
    given, taken = leaves(cast.mira)[-1], leaves(cast.zed)[-1]
    assert given == ("ritual.offered_beyond", {"terms": "lineage", "offer": offer.digest})
    assert taken == (
        "ritual.adopted",
        {"terms": "lineage", "giver": str(cast.lantern.pk), "offer": offer.digest},
    )
    assert house.digest_of(offer.document) == offer.digest


def test_a_lineage_goes_on_growing_from_guild_to_guild(cast: Cast, ritual: Ritual, shift: Colony):
    taken = take_up(cast.zed, offer_to_house(cast.lara, ritual), shift)
    with inside(cast.zed):
        own = replace(BORROWED, title="The crane")
        writing.revise(by=cast.zed, ritual=taken, text=own, note="We have a crane.", on=1)
    back = take_up(cast.lara, offer_to_house(cast.zed, taken), ritual.colony)
    with inside(cast.lara):
        stations = lineages.lineage_of(back).stations
    assert [(one.guild, one.title) for one in stations] == [
        ("The Lantern Guild", "The lamp"),
        ("The Harbour Guild", "The crane"),
    ]


def test_terms_hold_in_the_other_guild_too(cast: Cast, ritual: Ritual, shift: Colony):
    with pytest.raises(Invalid, match="on which terms"):
        offer_to_house(cast.lara, ritual, terms=Terms.REQUEST)
    taken = take_up(cast.zed, offer_to_house(cast.lara, ritual, terms=Terms.UNCHANGED), shift)
    with inside(cast.zed), pytest.raises(Invalid, match="stays as it is"):
        writing.revise(by=cast.zed, ritual=taken, text=replace(BORROWED, title="x"), note="x", on=1)
    with pytest.raises(Invalid, match="no more freely"):
        offer_to_house(cast.zed, taken, terms=Terms.CREDIT)


def test_nothing_of_a_guild_is_read_in_another_but_what_it_offered_on_purpose(
    cast: Cast, ritual: Ritual, shift: Colony
):
    """Row by row, past every selector: what Postgres shows in the other guild's tenant."""
    offer = offer_to_house(cast.lara, ritual)
    theirs = (Adoption, Belonging, Colony, Evening, Offer, Ritual, RitualVersion, Schedule, Translation, Word)
    with inside(cast.zed):
        shown = {
            model.__name__: model.objects.exclude(guild_id=cast.harbour.pk).count()
            for model in (*theirs, HouseAdoption, Letter, Leaf)
        }
        assert (set(shown.values()), Guild.objects.count()) == ({0}, 1)
        (row,) = HouseOffer.objects.all()
        assert row.pk == offer.pk
    with tenant():
        assert HouseOffer.objects.count() == 0
    with inside(cast.lara):
        house.withhold(by=cast.lara, row=house.house_offer_of(ritual))
    with inside(cast.zed):
        assert HouseOffer.objects.count() == 0


MINE = "current_setting('app.guild_id')::uuid"


@pytest.mark.parametrize("change", ["terms = 'credit'", f"guild_id = {MINE}", "withdrawn_at = now()"])
def test_what_another_guild_offers_is_not_changed(cast: Cast, ritual: Ritual, change: str):
    offer = offer_to_house(cast.lara, ritual)
    statement = f"UPDATE colonies_houseoffer SET {change} WHERE id = %s"
    with inside(cast.zed), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement, [offer.pk])
    with inside(cast.lara):
        kept = HouseOffer.objects.get(pk=offer.pk)
        assert (kept.terms, kept.guild_id, kept.withdrawn_at) == ("lineage", cast.lantern.pk, None)


def test_what_another_guild_offers_is_not_removed(cast: Cast, ritual: Ritual):
    offer = offer_to_house(cast.lara, ritual)
    with inside(cast.zed):
        assert HouseOffer.objects.filter(pk=offer.pk).delete()[0] == 0
    with inside(cast.lara):
        assert HouseOffer.objects.filter(pk=offer.pk).exists()


def test_an_offer_is_read_by_the_guilds_that_the_policy_names_alone(cast: Cast, ritual: Ritual):
    open_to_house(cast.ayla, partners=[uuid4()])
    offer = offer_to_house(cast.lara, ritual)
    assert seen_by(cast.zed) == []
    open_to_house(cast.ayla, partners=[cast.harbour.pk])
    assert seen_by(cast.zed) == [offer.pk]
    open_to_house(cast.zed, partners=[uuid4()])
    assert seen_by(cast.zed) == []


def test_a_guild_that_closes_itself_offers_nothing_any_more_and_takes_nothing_up(
    cast: Cast, ritual: Ritual, shift: Colony
):
    offer = offer_to_house(cast.lara, ritual)
    with inside(cast.zed):
        row = house.house_offer_for(cast.zed, offer.pk)
        enacted(cast.zed, exchange_reach="guild")
        with pytest.raises(Http404):
            house.house_offer_for(cast.zed, offer.pk)
        with pytest.raises(Denied, match="taken up from within it"):
            house.adopt_from_house(by=cast.zed, row=row, colony=shift)
    with inside(cast.ayla):
        enacted(cast.ayla, exchange_reach="guild")
    with inside(cast.lara):
        assert house.house_offer_of(ritual) is None
    with pytest.raises(Denied, match="not offered beyond it"):
        offer_to_house(cast.lara, ritual)


def test_an_offer_that_is_not_what_its_digest_says_is_not_taken_up(cast: Cast, ritual: Ritual, shift: Colony):
    offer = offer_to_house(cast.lara, ritual)
    with inside(cast.lara):
        HouseOffer.objects.filter(pk=offer.pk).update(document=offer.document | {"word": "Other words."})
    with pytest.raises(NotNow, match="not what it says it is"):
        take_up(cast.zed, offer, shift)


def test_an_offer_that_was_withdrawn_leaves_the_copy_and_its_lineage(
    cast: Cast, ritual: Ritual, shift: Colony
):
    offer = offer_to_house(cast.lara, ritual)
    taken = take_up(cast.zed, offer, shift)
    with pytest.raises(NotNow, match="already"):
        take_up(cast.zed, offer, shift)
    with inside(cast.lara):
        house.withhold(by=cast.lara, row=house.house_offer_of(ritual))
        Ritual.objects.filter(pk=ritual.pk).update(title="Gone")
    with inside(cast.zed):
        assert lineages.lineage_of(taken).stations[0].title == "The lamp"


@pytest.mark.parametrize("end", ["rest", "archive"])
def test_what_is_kept_no_more_is_offered_to_no_other_guild(cast: Cast, ritual: Ritual, end: str):
    offer = offer_to_house(cast.lara, ritual)
    assert seen_by(cast.zed) == [offer.pk]
    with inside(cast.lara):
        if end == "rest":
            writing.lay_to_rest(by=cast.lara, ritual=ritual)
        else:
            colonies.archive(by=cast.lara, colony=ritual.colony)
    assert seen_by(cast.zed) == []


def test_a_letter_is_read_in_both_guilds_and_names_nobody(
    cast: Cast, ritual: Ritual, shift: Colony, client_of: SignIn
):
    taken = take_up(cast.zed, offer_to_house(cast.lara, ritual), shift)
    said = {"kind": "thanks", "text": "It is dark at nine now."}
    client_of(cast.zed).post(f"/g/harbour/rituals/{taken.pk}/words/", said)
    page = client_of(cast.mira).get(f"/g/lantern/rituals/{ritual.pk}/lineage/").content.decode()
    assert (said["text"] in page, "Night Shift, The Harbour Guild" in page, "Zed" in page) == (
        True,
        True,
        False,
    )
    with inside(cast.lara):
        (letter,) = Letter.objects.all()
        assert Letter.objects.filter(pk=letter.pk).delete()[0] == 0
    with tenant(guild=uuid4()):
        assert Letter.objects.count() == 0


def test_taking_up_from_another_guild_from_the_pages(
    cast: Cast, ritual: Ritual, shift: Colony, client_of: SignIn
):
    lara, zed = client_of(cast.lara), client_of(cast.zed)
    beyond = f"/g/lantern/rituals/{ritual.pk}/offer-beyond/"
    lara.post(beyond, {"terms": "lineage", "word": "Keep it dark."})
    with inside(cast.lara):
        offer = house.house_offer_of(ritual)
    address = f"/g/harbour/exchange/house/{offer.pk}/"
    assert address in zed.get("/g/harbour/exchange/").content.decode()
    page = zed.get(address).content.decode()
    assert ("Keep it dark." in page, offer.digest in page) == (True, True)
    reply = zed.post(f"{address}adopt/", {"colony": "night-shift"}, follow=True)
    assert "Night Shift has taken it up" in reply.content.decode()
    lara.post(beyond, {"withdraw": "yes"})
    assert zed.get(address).status_code == 404


def test_text_of_a_document_is_checked_again_where_it_is_taken_up(cast: Cast, ritual: Ritual, shift: Colony):
    """A guild that was tampered with cannot bring in more than anybody may write."""
    offer = offer_to_house(cast.lara, ritual)
    document = offer.document | {"text": offer.document["text"] | {"title": ""}}
    with inside(cast.lara):
        HouseOffer.objects.filter(pk=offer.pk).update(document=document, digest=house.digest_of(document))
    with pytest.raises(Invalid) as refused:
        take_up(cast.zed, offer, shift)
    assert refused.value.field == "title"
    assert isinstance(house.read(offer.document)[0], RitualText)
