"""The law as members read it, try drafts on it, and are refused by it."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.offices.services import found
from governance.policies import entities, previewing
from governance.policies.drafts import read
from governance.policies.enacting import enact
from governance.policies.enums import Action
from governance.policies.previewing import preview
from governance.policies.refusals import Refusal, record
from governance.policies.services import authorize
from governance.policies.templates import CHAPTERS, TEMPLATES
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from lounges.sessions import services as sessions
from tests.cast import Cast
from tests.laws import enacted

NO_SESSIONS = 'forbid (principal, action == Action::"OpenSession", resource);'
FORBIDDEN = {"forbids": [{"name": "no-sessions", "text": NO_SESSIONS}]}


def inside(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def address(name: str, *args: str) -> str:
    return reverse(f"policies:{name}", args=["lantern", *args])


@pytest.fixture
def lounge(cast: Cast) -> Any:
    with inside(cast.ayla):
        return sessions.make_lounge(by=cast.ayla, name="The lounge")


def forbid(cast: Cast) -> None:
    with inside(cast.ayla):
        enact(guild=cast.lantern, draft=read(FORBIDDEN), reference=uuid4())


def open_session(client: Any, lounge: Any) -> Any:
    place = reverse("api-sessions", args=["lantern"])
    body = {"lounge": lounge.slug, "title": "Tonight"}
    return client.post(place, body, content_type="application/json")


def refusals(cast: Cast) -> list[leaves.Entry]:
    with inside(cast.ayla):
        rows = Leaf.objects.filter(guild_id=cast.lantern.pk, kind=LeafKind.LAW_REFUSED)
        return [leaves.decode(bytes(row.entry)) for row in rows]


def test_the_constitution_says_each_article_and_since_when(cast: Cast, client_of: Any) -> None:
    with inside(cast.ayla):
        made = enacted(cast.ayla, individuality_floor="0.70")
    page = client_of(cast.mira).get(address("constitution")).content.decode()
    assert "A blend keeps at least 70 % of what sets any two dreams apart." in page
    vote = reverse("deliberation:proposal", args=["lantern", made.reference])
    assert f'since {made.enacted_at:%-d %B %Y}, <a href="{vote}">by vote' in page
    assert all(template.title in page for template in TEMPLATES.values())
    api = client_of(cast.mira).get(reverse("api-law", args=["lantern"])).json()
    assert [one["number"] for one in api["laws"]] == [1]
    assert api["document"]["values"]["individuality_floor"] == "0.70"


def test_every_article_has_its_page_and_an_unknown_one_none(cast: Cast, client_of: Any) -> None:
    client = client_of(cast.mira)
    answers = {name: client.get(address("template", name)).status_code for name in [*TEMPLATES, "kindness"]}
    assert answers == dict.fromkeys(TEMPLATES, 200) | {"kindness": 404}


def test_history_tells_every_law_and_what_it_changed(cast: Cast, client_of: Any) -> None:
    with inside(cast.ayla):
        enacted(cast.ayla, individuality_floor="0.70")
        enacted(cast.ayla, individuality_floor="0.80")
    forbid(cast)
    page = client_of(cast.mira).get(address("history")).content.decode()
    assert page.index('id="law-3"') < page.index('id="law-2"') < page.index('id="law-1"')
    assert "Rule “no-sessions”" in page
    assert "70 %" in page


def test_the_first_law_says_where_it_differs_from_the_house(cast: Cast, client_of: Any) -> None:
    founder = found(
        by=cast.mira.dreamer_id,
        display_name="Mira",
        name="The Attic Guild",
        slug="attic",
        description="",
        law={"change_hours": "168"},
    )
    client = client_of(founder)
    pages = [
        reverse("policies:history", args=["attic"]),
        reverse("policies:template", args=["attic", "changing"]),
    ]
    for page in (client.get(each).content.decode() for each in pages):
        assert "How long is a vote open?" in page
        assert ">3 days<" in page
        assert ">7 days<" in page


def test_a_share_is_tried_in_percent_and_a_time_by_the_clock(cast: Cast, client_of: Any) -> None:
    client = client_of(cast.mira)
    form = client.get(address("template", "individuality-floor")).content.decode()
    assert ('value="60"' in form, "In percent." in form) == (True, True)
    tried = client.post(address("try"), {"individuality_floor": "70"}).content.decode()
    assert ("<b>70 %</b>" in tried, "part=individuality-floor" in tried) == (True, True)
    quiet = client.post(address("try"), {"quiet_from": "22:30", "quiet_until": "0:00"}).content.decode()
    assert ("<b>22:30</b>" in quiet, "Until what time" in quiet) == (True, False)


def test_each_article_stands_in_one_chapter() -> None:
    assert sorted(name for _, names in CHAPTERS for name in names) == sorted(TEMPLATES)


def test_a_trial_keeps_nothing_and_says_why_it_refuses(cast: Cast, client_of: Any) -> None:
    client = client_of(cast.mira)
    good = client.post(address("try"), {"individuality_floor": "0.70"})
    assert (good.status_code, "70 %" in good.content.decode()) == (200, True)
    for sent, says in [
        ({"individuality_floor": "0.01"}, "Choose a share from 30% to 100%, in whole percent."),
        ({"individuality_floor": "0.60"}, "This draft changes nothing yet: choose what it is to change."),
        ({"rule": "permit (principal, action, resource);"}, "Members can forbid"),
        ({}, "This draft changes nothing yet"),
    ]:
        answer = client.post(address("try"), sent)
        assert (answer.status_code, says in answer.content.decode()) == (422, True), says
    with inside(cast.ayla):
        assert Guild.objects.get(pk=cast.lantern.pk).law == {}


def test_drafts_are_tried_so_often_and_no_more(
    cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one dreamer, through every door; what could not be tried does not count."""
    monkeypatch.setattr(previewing, "MOST_TRIED", 2)
    client, api = client_of(cast.mira), reverse("api-law-preview", args=["lantern"])
    good, bad = {"individuality_floor": "80"}, {"individuality_floor": "much"}

    def sent(client: Any) -> Any:
        return client.post(api, {"values": {"sponsors": "2"}}, content_type="application/json")

    answers = [client.post(address("try"), what).status_code for what in (bad, good, bad, good, bad)]
    assert answers == [422, 200, 422, 200, 422]
    page = client.post(address("try"), good)
    text = page.content.decode()
    assert (page.status_code, "Wait ten minutes" in text, 'id="replay"' in text) == (429, True, False)
    assert (sent(client).status_code, "Wait ten minutes" in sent(client).json()["detail"]) == (429, True)
    assert sent(client_of(cast.finn)).status_code == 200


def test_what_members_forbid_is_forbidden_and_the_page_names_the_rule(
    cast: Cast, client_of: Any, lounge: Any
) -> None:
    forbid(cast)
    answer = open_session(client_of(cast.ayla), lounge)
    assert answer.status_code == 403
    assert "The members of this guild forbade this: see “no-sessions” in its law." in answer.json()["detail"]


def test_the_page_of_a_refusal_says_which_rule_of_members_it_was_and_leads_to_it(
    cast: Cast, client_of: Any, lounge: Any
) -> None:
    forbid(cast)
    place = reverse("sessions:lounge", args=["lantern", lounge.slug])
    sent = {"title": "Tonight", "format": "open_circle", "confidentiality": "session", "when": "now"}
    page = client_of(cast.ayla).post(place, sent)
    said, place = page.content.decode(), f"{address('constitution')}#rule-no-sessions"
    assert page.status_code == 403
    assert "The members of this guild forbade this: see “no-sessions” in its law." in said
    assert f'<a href="{place}">the rule “no-sessions”</a>' in said
    law = client_of(cast.mira).get(address("constitution")).content.decode()
    assert '<article class="card" id="rule-no-sessions"><h3>no-sessions</h3>' in law


def test_a_refusal_of_the_law_leaves_one_leaf_an_hour(cast: Cast, client_of: Any, lounge: Any) -> None:
    forbid(cast)
    client = client_of(cast.ayla)
    assert [open_session(client, lounge).status_code for _ in range(3)] == [403] * 3
    (entry,) = refusals(cast)
    assert (entry.actor, entry.detail["action"]) == (cast.ayla.pseudonym, "OpenSession")
    assert entry.detail["rules"] == ["forbid:no-sessions"]
    assert "Tonight" not in str(entry.detail)
    cache.clear()
    open_session(client, lounge)
    assert len(refusals(cast)) == 2


def test_a_refusal_of_the_house_leaves_no_leaf(cast: Cast, client_of: Any, lounge: Any) -> None:
    assert open_session(client_of(cast.mira), lounge).status_code == 403
    assert refusals(cast) == []


def test_a_draft_is_tried_on_what_the_law_refused(cast: Cast, client_of: Any, lounge: Any) -> None:
    forbid(cast)
    open_session(client_of(cast.ayla), lounge)
    with inside(cast.mira):
        member = Membership.objects.select_related("guild").get(pk=cast.mira.pk)
        found = preview(by=member, draft=read({"repealed": ["no-sessions"]}))
    assert found.counts == ((Action.OPEN_SESSION, 1, 0, 1),)
    assert (found.denied, found.allowed) == (0, 1)
    assert [(one.name, one.allowed, one.because) for one in found.turned] == [("Ayla", True, ())]
    said = client_of(cast.mira).post(
        reverse("api-law-preview", args=["lantern"]),
        {"repealed": ["no-sessions"]},
        content_type="application/json",
    )
    assert (said.status_code, said.json()["allowed"]) == (200, 1)


def test_a_refused_appointment_would_be_allowed_under_another_law(cast: Cast, client_of: Any) -> None:
    with inside(cast.ayla):
        enacted(cast.ayla, appointed_by="vote")
    place, sent = reverse("offices:home", args=["lantern"]), {"member": cast.mira.pk, "office": "leader"}
    assert client_of(cast.ayla).post(place, sent).status_code == 403
    assert len(refusals(cast)) == 1
    with inside(cast.mira):
        member = Membership.objects.select_related("guild").get(pk=cast.mira.pk)
        found = preview(by=member, draft=read({"values": {"appointed_by": "stewards"}}))
    assert found.counts == ((Action.GRANT_OFFICE, 1, 0, 1),)


def test_what_was_asked_about_somebody_else_is_tried_without_naming_them(cast: Cast) -> None:
    with inside(cast.ayla):
        enacted(cast.ayla, appointed_by="vote", exchange_reach="none")
        mira = entities.member(
            id=cast.mira.pk, guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id, live=True
        )
        leaders = [cast.mira.pk, cast.ayla.pk]
        colony = entities.colony(
            id=uuid4(), guild=cast.lantern.pk, leaders=leaders, admission="open", archived=False
        )
        for action, resource, context in [
            (Action.GRANT_OFFICE, mira, {}),
            (Action.OFFER_RITUAL, colony, {"beyond": False}),
        ]:
            decision = authorize(actor=cast.ayla, action=action, resource=resource, **context)
            record(Refusal(cast.ayla, action, resource, context, decision.rules, decision.policy_set))
        draft = read({"values": {"appointed_by": "stewards", "exchange_reach": "guild"}})
        found = preview(by=cast.ayla, draft=draft)
    assert sorted(found.counts) == [(Action.GRANT_OFFICE, 1, 0, 1), (Action.OFFER_RITUAL, 1, 0, 1)]
    told = str([entry.detail for entry in refusals(cast)])
    assert str(cast.mira.dreamer_id) not in told


def test_the_page_of_a_refusal_leads_to_the_article(cast: Cast, client_of: Any) -> None:
    with inside(cast.ayla):
        enacted(cast.ayla, appointed_by="vote")
    page = client_of(cast.ayla).get(reverse("offices:home", args=["lantern"]))
    assert (page.status_code, f'href="{address("template", "appointing")}"' in page.content.decode()) == (
        403,
        True,
    )
    page = client_of(cast.mira).get(reverse("oversight:home", args=["lantern"]))
    assert (page.status_code, "/law/" in page.content.decode()) == (403, False)


@pytest.mark.parametrize(
    "law",
    [
        '{"values": {"individuality_floor": "0.01"}}',
        '{"values": {"individuality_floor": null}}',
        '{"values": {"sponsors": [1]}}',
        '{"values": [], "forbids": []}',
        '{"forbids": [{"name": "x"}]}',
        '{"forbids": [{"name": "x", "text": "permit nonsense"}]}',
        "[]",
    ],
)
def test_a_broken_law_denies_and_breaks_nothing(cast: Cast, client_of: Any, superuser: Any, law: str) -> None:
    with inside(cast.ayla), _cursor() as cursor:
        cursor.execute("UPDATE tenancy_guild SET law = %s::jsonb WHERE id = %s", [law, cast.lantern.pk])
    client = client_of(cast.mira)
    answers = {
        "constitution": client.get(address("constitution")).status_code,
        "history": client.get(address("history")).status_code,
        "article": client.get(address("template", "group")).status_code,
        "try": client.post(address("try"), {"individuality_floor": "0.70"}).status_code,
        "api": client.get(reverse("api-law", args=["lantern"])).status_code,
        "preview": client.post(
            reverse("api-law-preview", args=["lantern"]),
            {"values": {"individuality_floor": "0.70"}},
            content_type="application/json",
        ).status_code,
    }
    assert answers == dict.fromkeys(answers, 403)
    assert client.get("/").status_code == 200  # one's own first page stays


def _cursor() -> Any:
    return connection.cursor()
