"""Offices in the API: invited, in, appointed, handed over and out again, with nothing but requests."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast, account

ClientOf = Callable[[Membership], Client]
GUILD = "/api/v1/g/lantern"


def post(client: Client, address: str, **sent: Any) -> Any:
    return client.post(address, sent, content_type="application/json")


def test_somebody_is_invited_comes_in_and_is_appointed(cast: Cast, client_of: ClientOf) -> None:
    ayla, nova = client_of(cast.ayla), Client()
    nova.force_login(account("Nova"))
    made = post(ayla, f"{GUILD}/invitations/", uses=2, days=3, note="the choir")
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    code = made.json()["link"]
    read = post(nova, "/api/v1/invitations/read/", code=code).json()
    assert (read["guild"], read["members"], read["inviter"], read["refusal"]) == (
        "The Lantern Guild",
        5,
        "Ayla",
        "",
    )
    joined = post(nova, "/api/v1/invitations/join/", code=code, display_name="Nova", hue=4)
    assert joined.status_code == 201
    again = post(nova, "/api/v1/invitations/join/", code=code, display_name="Other")
    assert (
        again.json()
        == joined.json()
        == {
            "guild": "lantern",
            "member": joined.json()["member"],
            "display_name": "Nova",
            "hue": 4,
        }
    )
    member = joined.json()["member"]
    assert post(nova, f"{GUILD}/offices/", member=member, office="steward").status_code == 403
    held = post(ayla, f"{GUILD}/offices/", member=member, office="architect").json()
    assert (held["name"], held["office"], held["how"], held["until"]) == (
        "Nova",
        "architect",
        "by Ayla",
        None,
    )
    assert nova.delete(f"{GUILD}/offices/{member}/architect/").status_code == 204
    listed = ayla.get(f"{GUILD}/invitations/").json()["results"]
    assert [(row["uses"], row["uses_allowed"], row["state"], row["note"]) for row in listed] == [
        (1, 2, "open", "the choir")
    ]
    ayla.delete(f"{GUILD}/invitations/{listed[0]['id']}/")
    vela = Client()
    vela.force_login(account("Vela"))
    refused = post(vela, "/api/v1/invitations/join/", code=code, display_name="Vela")
    assert (refused.status_code, "revoked" in refused.json()["detail"]) == (410, True)


def test_what_cannot_be_is_a_conflict_with_a_sentence(cast: Cast, client_of: ClientOf) -> None:
    ayla = client_of(cast.ayla)
    for address in (f"{GUILD}/offices/{cast.ayla.pk}/steward/", f"{GUILD}/leave/"):
        answer = post(ayla, address) if address.endswith("leave/") else ayla.delete(address)
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            "A guild needs a steward: appoint another one first.",
        )
    for sent in ({"member": str(cast.zed.pk), "office": "steward"}, {"member": str(cast.mira.pk)}):
        assert post(ayla, f"{GUILD}/offices/", **sent).status_code == 400
    assert ayla.delete(f"{GUILD}/offices/{cast.mira.pk}/emperor/").status_code == 404


def test_an_office_is_handed_over_and_told_on_the_page_of_power(cast: Cast, client_of: ClientOf) -> None:
    ezra, mira = client_of(cast.ezra), client_of(cast.mira)
    offered = post(ezra, f"{GUILD}/handovers/", office="enforcer", successor=str(cast.mira.pk)).json()
    assert [row["id"] for row in mira.get(f"{GUILD}/handovers/").json()] == [offered["id"]]
    taken = post(mira, f"{GUILD}/handovers/{offered['id']}/", answer="accept").json()
    assert taken["state"] == "accepted"
    told = {one["office"]: one for one in mira.get(f"{GUILD}/power/").json()["offices"]}
    assert [(held["name"], held["how"]) for held in told["enforcer"]["holders"]] == [
        ("Mira", "handed over by Ezra")
    ]
    assert any("start an audit" in rule["deeds"] for rule in told["enforcer"]["rules"])


def test_codes_cannot_be_guessed_in_the_api_either(cast: Cast, client_of: ClientOf) -> None:
    zed = client_of(cast.zed)
    answers = {post(zed, "/api/v1/invitations/read/", code="A" * 54).status_code for _ in range(20)}
    assert answers == {410}
    assert post(zed, "/api/v1/invitations/read/", code="A" * 54).status_code == 429


def test_two_agree_and_one_does_not(cast: Cast, client_of: ClientOf) -> None:
    ayla, ezra = client_of(cast.ayla), client_of(cast.ezra)
    asked = post(ayla, f"{GUILD}/together/", kind="export").json()
    together = f"{GUILD}/together/{asked['id']}"
    assert post(ayla, f"{together}/agree/").status_code == 403
    assert post(ayla, f"{together}/export/").status_code == 403
    assert post(ezra, f"{together}/agree/").json()["state"] == "agreed"
    packed = post(ayla, f"{together}/export/")
    assert (packed["Content-Type"], packed.content[:2]) == ("application/zip", b"PK")
    with tenant(guild=cast.lantern.pk):
        assert Membership.objects.get(pk=cast.ayla.pk).is_live
