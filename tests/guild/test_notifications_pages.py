"""The inbox, its bell and the choices, on the pages and in the API."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from django.test import Client

from guild.dreamers.models import Dreamer
from guild.notifications import portable, selectors, services
from guild.notifications.enums import Channel, Group, Kind, When
from guild.notifications.erasing import erase_own
from guild.notifications.models import Notice
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

SignIn = Callable[[Membership], Client]
EVENING = datetime.fromisoformat("2026-11-24T23:30+00:00")
JSON = "application/json"


def tell(member: Membership, kind: Kind, key: str, **more: object) -> UUID:
    guild = more.pop("guild", member.guild_id)
    services.notify(
        dreamer=member.dreamer_id, kind=kind, guild=guild, path="/consents/", key=key, at=EVENING, **more
    )
    with tenant(dreamer=member.dreamer_id):
        return Notice.objects.get(key=key).pk


def unread(member: Membership) -> int:
    with tenant(dreamer=member.dreamer_id):
        return selectors.unread_count(member.dreamer_id)


@pytest.mark.parametrize("many", [1, 3])
def test_the_inbox_is_by_day_and_guild_and_costs_the_same_for_one_and_for_many(
    cast: Cast, client_of: SignIn, django_assert_num_queries, many: int
) -> None:
    for number in range(many):
        tell(cast.mira, Kind.CONSENT_ASKED, str(number))
    tell(cast.mira, Kind.HALTED, "no guild", guild=None)
    tell(cast.mira, Kind.HALTED, "left", guild=cast.harbour.pk)
    cast.mira.dreamer.time_zone = "Europe/Berlin"
    cast.mira.dreamer.save(update_fields=["time_zone"])
    client = client_of(cast.mira)
    with django_assert_num_queries(11):
        reply = client.get("/notifications/")
    (day,) = reply.context["days"]
    assert f"{day.on:%d}" == "25"  # after midnight there
    assert {(place.name, place.here, len(place.notices)) for place in day.guilds} == {
        ("The Lantern Guild", True, many),
        ("", True, 1),
        ("A guild that you have left", False, 1),
    }
    assert reply["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_bell_says_how_many_wait_in_one_query_and_the_browser_may_keep_it(
    cast: Cast, client_of: SignIn, django_assert_num_queries
) -> None:
    client = client_of(cast.mira)
    assert client.get("/notifications/bell/").content.strip() == b""
    tell(cast.mira, Kind.CONSENT_ASKED, "one")
    reply = client.get("/notifications/bell/")
    assert b">1<" in reply.content
    assert (set(reply["Cache-Control"].split(", ")), reply["Vary"]) == ({"no-cache", "private"}, "Cookie")
    with django_assert_num_queries(7):  # who asks (2), the tenant and its savepoint (4), how many (1)
        again = client.get("/notifications/bell/", HTTP_IF_NONE_MATCH=reply["ETag"])
    assert again.status_code == 304
    services.notify_each(
        [cast.mira.dreamer_id], kind=Kind.HALTED, guild=None, path="/", key="two", at=EVENING
    )
    changed = client.get("/notifications/bell/", HTTP_IF_NONE_MATCH=reply["ETag"])
    assert (changed.status_code, b">2<" in changed.content) == (200, True)


def test_what_a_page_of_one_thing_was_told_of_is_read_with_it(cast: Cast, client_of: SignIn) -> None:
    page = f"/consents/{UUID(int=3)}/"
    for key, path in (("one", page), ("other", f"/consents/{UUID(int=4)}/"), ("home", "/g/lantern/")):
        services.notify(
            dreamer=cast.mira.dreamer_id, kind=Kind.CONSENT_ASKED, guild=None, path=path, key=key, at=EVENING
        )
    client = client_of(cast.mira)
    for open_page, left in (
        (f"http://testserver{page}?a=1", b">2<"),
        ("http://testserver/g/lantern/", b">2<"),
    ):
        assert left in client.get("/notifications/bell/", HTTP_HX_CURRENT_URL=open_page).content


def test_more_than_ninety_nine_are_not_counted(cast: Cast, client_of: SignIn) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        rows = [
            Notice(dreamer_id=cast.mira.dreamer_id, kind=Kind.HALTED, path="/", key=str(number))
            for number in range(120)
        ]
        Notice.objects.bulk_create(rows)
    assert unread(cast.mira) == 100
    assert b"99+" in client_of(cast.mira).get("/notifications/bell/").content


def test_following_a_notice_reads_it_and_another_dreamers_is_not_there(cast: Cast, client_of: SignIn) -> None:
    notice = tell(cast.mira, Kind.CONSENT_ASKED, "one")
    assert client_of(cast.zed).get(f"/notifications/{notice}/").status_code == 404
    client_of(cast.zed).post("/notifications/read/", {"notice": str(notice)})
    assert unread(cast.mira) == 1
    reply = client_of(cast.mira).get(f"/notifications/{notice}/")
    assert (reply.status_code, reply["Location"], unread(cast.mira)) == (302, "/consents/", 0)


def test_a_device_sent_as_something_else_is_refused(cast: Cast, client_of: SignIn) -> None:
    address, mira = "/notifications/devices/", client_of(cast.mira)
    bodies = ("[" * 4_000, "[]", "7", '{"endpoint": "https://x", "keys": "no"}', '{"endpoint": "\\ud800"}')
    replies = [mira.post(address, body, content_type="application/json") for body in bodies]
    assert [reply.status_code for reply in replies] == [400] * len(bodies)


@pytest.mark.parametrize(("given", "left"), [("all", 0), ("one", 1), ("nonsense", 2), ("", 2)])
def test_one_or_all_are_marked_as_read(cast: Cast, client_of: SignIn, given: str, left: int) -> None:
    first = tell(cast.mira, Kind.CONSENT_ASKED, "one")
    tell(cast.mira, Kind.CONSENT_ASKED, "two")
    chosen = str(first) if given == "one" else given
    assert client_of(cast.mira).post("/notifications/read/", {"notice": chosen}).status_code == 302
    assert unread(cast.mira) == left


def form_of(client: Client) -> dict[str, object]:
    form = client.get("/notifications/choices/").context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_choices_are_kept_with_the_hours_of_quiet_and_of_what_is_gathered(
    cast: Cast, client_of: SignIn
) -> None:
    client = client_of(cast.mira)
    given = form_of(client)
    assert (given["mine-email"], given["rituals-email"], given["mine-push"]) == ("at_once", "digest", "never")
    given |= {"mine-email": "digest", "mine-push": "at_once", "every": "week", "weekday": 4, "hour": 8}
    given |= {"quiet_from": "23:00", "quiet_until": "06:30"}
    assert client.post("/notifications/choices/", given).status_code == 302
    after = form_of(client)
    assert (after["mine-email"], after["mine-push"], after["every"]) == ("digest", "at_once", "week")
    assert (after["weekday"], after["hour"]) == (4, 8)
    person = Dreamer.objects.get(pk=cast.mira.dreamer_id)
    assert (person.quiet_from, person.quiet_until) == (time(23), time(6, 30))
    for wrong in ({"mine-email": "sometimes"}, {"hour": 24}, {"quiet_from": "late"}):
        assert client.post("/notifications/choices/", given | wrong).status_code == 422


def test_the_api_lists_reads_and_chooses(cast: Cast, client_of: SignIn) -> None:
    client, notice = client_of(cast.mira), tell(cast.mira, Kind.CONSENT_ASKED, "one")
    (listed,) = client.get("/api/v1/notifications/").json()["results"]
    assert listed == {
        "id": str(notice),
        "guild": str(cast.lantern.pk),
        "kind": "consent_asked",
        "group": "mine",
        "said": "You are asked for a consent about a dream that you lend.",
        "path": "/consents/",
        "made_at": "2026-11-24T23:30:00Z",
        "read_at": None,
    }
    assert client_of(cast.zed).get("/api/v1/notifications/").json()["results"] == []
    read = {"notices": [str(notice)]}
    assert client_of(cast.zed).post("/api/v1/notifications/read/", read, JSON).json()["read"] == 0
    assert client.post("/api/v1/notifications/read/", {}, JSON).json() == {"read": 1, "unread": 0}
    wanted = {
        "choices": [{"group": "mine", "channel": "email", "when": "never"}],
        "gathered": {"every": "week", "weekday": 6, "hour": 7},
    }
    chosen = client.put("/api/v1/notifications/choices/", wanted, JSON).json()
    assert chosen["gathered"] == wanted["gathered"]
    assert chosen == client.put("/api/v1/notifications/choices/", {}, JSON).json()
    assert [one for one in chosen["choices"] if one["group"] == "mine"] == [
        {"group": "mine", "channel": "email", "when": "never"},
        {"group": "mine", "channel": "push", "when": "never"},
    ]
    wrong = {"choices": [{"group": "mine", "channel": "pigeon", "when": "never"}]}
    assert client.put("/api/v1/notifications/choices/", wrong, JSON).status_code == 400


def test_what_one_was_told_and_chose_is_taken_along_and_goes_with_the_account(cast: Cast) -> None:
    tell(cast.mira, Kind.CONSENT_ASKED, "one")
    me = cast.mira.dreamer_id
    with tenant(dreamer=me):
        services.choose(by=me, choices={(Group.MINE, Channel.PUSH): When.AT_ONCE})
        (told,) = portable.told_to(me)
        assert (told["kind"], told["made_at"], told["read_at"]) == (
            "consent_asked",
            EVENING.isoformat(),
            None,
        )
        assert portable.choices_of(me) == {
            "choices": [{"group": "mine", "channel": "push", "when": "at_once"}],
            "gathered": None,
        }
        erase_own(me)
        assert (list(portable.told_to(me)), portable.choices_of(me)["choices"]) == ([], [])


def test_what_waits_is_looked_at_anew_when_the_hours_of_quiet_change(cast: Cast) -> None:
    tell(cast.mira, Kind.CONSENT_ASKED, "one")
    with tenant(dreamer=cast.mira.dreamer_id):
        Notice.objects.update(due_at=EVENING + timedelta(days=90))
        services.set_quiet(by=cast.mira.dreamer_id, since=time(0), until=time(0))
        assert Notice.objects.get().due_at < EVENING + timedelta(days=90)
