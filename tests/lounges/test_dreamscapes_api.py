"""The API of dreamscapes: the same decisions and the same 404s as the pages."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from governance.consent.services import withdraw
from guild.tenancy.models import Membership
from lounges.dreamscapes.services import perform_blend
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

ClientOf = Callable[[Membership], Client]
ROOT = "/api/v1/g/lantern"


def fetched(client: Client, path: str, *, status: int = 200, root: str = ROOT) -> Any:
    response = client.get(f"{root}/{path}")
    assert response.status_code == status, response.content
    return response.json()


def asked(client: Client, session: UUID, body: Any, *, status: int, root: str = ROOT) -> Any:
    response = client.post(f"{root}/sessions/{session}/blends/", body, content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


def test_a_blend_is_asked_for_and_read(cast: Cast, client_of: ClientOf) -> None:
    circle, key = circles.settle(cast), str(uuid4())
    client = client_of(cast.ayla)
    sent = asked(client, circle.session.pk, {"key": key}, status=202)
    assert (sent["state"], sent["session"]) == ("requested", str(circle.session.pk))
    assert asked(client, circle.session.pk, {"key": key}, status=202)["id"] == sent["id"]
    perform_blend(guild_id=circle.guild, run_id=UUID(sent["id"]))
    made = fetched(client, f"dreamscapes/{sent['id']}/")
    assert made["state"] == "finished"
    assert {speaker["voice"] for speaker in made["speakers"]} == {
        str(contribution) for contribution in circle.contributions.values()
    }
    assert {speaker["name"] for speaker in made["speakers"] if speaker["is_mine"]} == {"Ayla"}
    assert set(made["document"]) == {"motifs", "arc", "weave", "constellation", "report"}
    assert fetched(client, "dreamscapes/")["results"][0]["id"] == sent["id"]


def test_a_reflection_is_my_own(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    mine = fetched(client_of(cast.finn), f"dreamscapes/{run.pk}/reflection/")
    assert mine["run"] == str(run.pk)
    assert [part["voice"] for part in mine["parts"]] == [str(circle.contributions["finn"])]


def test_a_listener_has_no_reflection(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    answer = fetched(client_of(cast.mira), f"dreamscapes/{run.pk}/reflection/", status=404)
    assert answer["detail"] == "No dream of yours is in this blend, so there is no reflection of it."


def test_a_stranger_is_answered_as_if_nothing_were_there(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run, client, key = circles.blend(circle), client_of(cast.zed), {"key": str(uuid4())}
    for root in (ROOT, "/api/v1/g/harbour"):
        for path in (f"dreamscapes/{run.pk}/", f"dreamscapes/{run.pk}/reflection/"):
            assert client.get(f"{root}/{path}").status_code == 404
        blends = f"{root}/sessions/{circle.session.pk}/blends/"
        assert client.post(blends, key, content_type="application/json").status_code == 404
    assert fetched(client, "dreamscapes/", root="/api/v1/g/harbour")["results"] == []


def test_a_member_who_did_not_take_part_is_refused(cast: Cast, client_of: ClientOf) -> None:
    session = circles.open_session(cast.ayla, [cast.ayla, cast.finn])
    circles.set_stage(session, cast.ayla, "sharing")
    lent = {who: circles.lend(session, getattr(cast, who), circles.DREAMS[who]) for who in ("ayla", "finn")}
    circles.set_stage(session, cast.ayla, "associating", "blending")
    run, client = circles.blend(circles.Circle(session, cast.ayla, lent)), client_of(cast.ezra)
    for path in (f"dreamscapes/{run.pk}/", f"dreamscapes/{run.pk}/reflection/"):
        assert "took part" in fetched(client, path, status=403)["detail"]
    assert fetched(client, "dreamscapes/")["results"] == []


def test_only_the_host_asks_in_the_right_stage_with_a_key(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    session, key = circle.session.pk, {"key": str(uuid4())}
    assert "host" in asked(client_of(cast.mira), session, key, status=403)["detail"]
    assert set(asked(client_of(cast.ayla), session, {}, status=400)) == {"key"}
    assert set(asked(client_of(cast.ayla), session, {"key": "now"}, status=400)) == {"key"}
    asked(client_of(cast.ayla), session, key, status=202)
    assert "wait" in asked(client_of(cast.ayla), session, {"key": str(uuid4())}, status=409)["detail"]
    circles.set_stage(circle.session, cast.ayla, "sharing")
    assert "stage" in asked(client_of(cast.ayla), session, {"key": str(uuid4())}, status=409)["detail"]


def test_a_replaced_dreamscape_is_empty_and_names_its_successor(cast: Cast, client_of: ClientOf) -> None:
    circle = circles.settle(cast)
    run, client = circles.blend(circle), client_of(cast.mira)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    gone = fetched(client, f"dreamscapes/{run.pk}/")
    following = fetched(client, "dreamscapes/")["results"][0]
    assert (gone["state"], gone["because"], gone["replaced_by"]) == (
        "superseded",
        "withdrawn",
        following["id"],
    )
    assert (gone["title"], gone["speakers"], gone["document"]) == ("", [], None)
    assert following["supersedes"] == str(run.pk)
    fetched(client, f"dreamscapes/{run.pk}/reflection/", status=410)


def test_a_failed_blend_says_why(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast, "ayla"))
    answer = fetched(client_of(cast.ayla), f"dreamscapes/{run.pk}/")
    assert (answer["state"], answer["document"], answer["failure"]) == ("failed", None, run.failure)
