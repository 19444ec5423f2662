"""The exchange in the API: offers, asking, taking up, lineage, other guilds, and diversity."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from colonies.rituals.models import Ritual
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.colony import LAMP, found, offer_to_house, open_to_house, write

SignIn = Callable[[Membership], Client]
AT = "/api/v1/g/lantern/exchange"


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Lara's, of the Lamplighters; Ayla leads Salt."""
    found(cast.ayla, name="Salt")
    return write(cast.lara, found(cast.lara), replace(LAMP, credit="Rosa", tradition="Quay houses"))


@pytest.fixture
def lara(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.lara)


@pytest.fixture
def ayla(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.ayla)


def send(client: Client, address: str, **body: Any) -> tuple[int, Any]:
    reply = client.post(address, body, content_type="application/json")
    return reply.status_code, reply.json()


def test_a_ritual_is_offered_taken_up_and_withdrawn(ritual: Ritual, lara: Client, ayla: Client):
    status, offer = send(lara, f"{AT}/offers/", ritual=str(ritual.pk), terms="lineage", word="Dark.")
    assert (status, offer["colony"], offer["title"]) == (201, "lamplighters", "The lamp")
    assert [row["id"] for row in ayla.get(f"{AT}/offers/").json()] == [offer["id"]]
    status, taken = send(ayla, f"{AT}/offers/{offer['id']}/adoptions/", colony="salt")
    assert (status, taken["colony"], taken["version"]) == (201, "salt", 1)
    again, refused = send(ayla, f"{AT}/offers/{offer['id']}/adoptions/", colony="salt")
    assert (again, refused["detail"]) == (409, "This colony keeps this ritual already.")
    assert lara.delete(f"{AT}/offers/{offer['id']}/").status_code == 204
    assert ayla.get(f"{AT}/offers/{offer['id']}/").status_code == 404


def test_asking_is_answered_with_terms(ritual: Ritual, lara: Client, ayla: Client):
    _, offer = send(lara, f"{AT}/offers/", ritual=str(ritual.pk), terms="request")
    status, asked = send(ayla, f"{AT}/offers/{offer['id']}/askings/", colony="salt", word="May we?")
    assert (status, asked["answer"], asked["colony"]) == (201, "open", "salt")
    assert [row["id"] for row in lara.get(f"{AT}/askings/").json()] == [asked["id"]]
    _, answered = send(lara, f"{AT}/askings/{asked['id']}/answer/", terms="credit", reply="Gladly.")
    assert (answered["answer"], answered["terms"], answered["reply"]) == ("given", "credit", "Gladly.")
    status, _ = send(ayla, f"{AT}/offers/{offer['id']}/adoptions/", colony="salt")
    assert status == 201


def test_a_no_is_null(ritual: Ritual, lara: Client, ayla: Client):
    _, offer = send(lara, f"{AT}/offers/", ritual=str(ritual.pk), terms="request")
    _, asked = send(ayla, f"{AT}/offers/{offer['id']}/askings/", colony="salt")
    _, answered = send(lara, f"{AT}/askings/{asked['id']}/answer/", terms=None)
    assert (answered["answer"], answered["terms"]) == ("declined", "")


def test_the_lineage_names_credit_language_and_tradition_and_what_was_sent_back(
    ritual: Ritual, lara: Client, ayla: Client
):
    _, offer = send(lara, f"{AT}/offers/", ritual=str(ritual.pk), terms="lineage")
    _, taken = send(ayla, f"{AT}/offers/{offer['id']}/adoptions/", colony="salt")
    address = f"/api/v1/g/lantern/rituals/{taken['id']}/lineage/"
    status, lineage = send(ayla, address, kind="thanks", text="It keeps us.")
    assert status == 201
    words = [(word["kind"], word["text"], word["sender"]) for word in lineage["words"]]
    assert words == [("thanks", "It keeps us.", "Ayla")]
    kept = {"title": "The lamp", "language": "en", "tradition": "Quay houses", "credit": "Rosa"}
    assert lineage["places"] == [
        {
            "ritual": str(ritual.pk),
            "source": None,
            "source_version": None,
            "colony": "lamplighters",
            "terms": None,
            "is_adapted": False,
            **kept,
        },
        {
            "ritual": taken["id"],
            "source": str(ritual.pk),
            "source_version": 1,
            "colony": "salt",
            "terms": "lineage",
            "is_adapted": False,
            **kept,
        },
    ]
    status, refused = send(lara, f"/api/v1/g/lantern/rituals/{ritual.pk}/lineage/", kind="thanks", text="x")
    assert (status, "written here" in refused["detail"]) == (409, True)


def test_what_another_guild_offers_is_taken_up(cast: Cast, ritual: Ritual, ayla: Client):
    assert ayla.get(f"{AT}/house/").json() == []
    open_to_house(cast.ayla, cast.zed)
    offer = offer_to_house(cast.zed, write(cast.zed, found(cast.zed, name="Night Shift"), LAMP))
    (row,) = ayla.get(f"{AT}/house/").json()
    assert (row["giver"], row["digest"], row["document"]["colony"]) == (
        str(cast.harbour.pk),
        offer.digest,
        "Night Shift",
    )
    status, taken = send(ayla, f"{AT}/house/{offer.pk}/adoptions/", colony="salt")
    lineage = ayla.get(f"/api/v1/g/lantern/rituals/{taken['id']}/lineage/").json()
    assert (status, [one["guild"] for one in lineage["stations"]]) == (201, ["The Harbour Guild"])


def test_diversity_is_told_month_by_month(ritual: Ritual, ayla: Client):
    read = ayla.get(f"{AT}/diversity/").json()
    (month,) = read["months"]
    assert (month["colonies"], month["rituals"], month["distinctness"], read["notices"]) == (1, 1, 1.0, [])
    assert [part["order"] for part in month["partitions"]] == [0.0, 1.0, 2.0]


def test_the_lineage_is_read_with_the_same_number_of_queries(
    cast: Cast, ritual: Ritual, lara: Client, ayla: Client, django_assert_num_queries: Any
):
    _, offer = send(lara, f"{AT}/offers/", ritual=str(ritual.pk), terms="lineage")
    for names in (("Ferry",), ("Rope", "Sail")):
        for name in names:
            found(cast.ayla, name=name)
            send(ayla, f"{AT}/offers/{offer['id']}/adoptions/", colony=name.lower())
        with django_assert_num_queries(26):
            assert lara.get(f"/g/lantern/rituals/{ritual.pk}/lineage/").status_code == 200
