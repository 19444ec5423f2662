"""The pages and the API of a dreamer's consents and uses, and the guild's ledger page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.consent import gate, selectors, standings
from governance.consent.enums import ConsentState, Purpose
from governance.ledger import selectors as log
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.lending import WORDS, lend, readable

Within = Callable[[Membership], AbstractContextManager[Any]]
ClientOf = Callable[[Membership], Client]


def use(lents: list[gate.Lent], member: Membership, purpose: Purpose = Purpose.BLEND) -> None:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        gate.open_for(lents, purpose=purpose, actor=member.pseudonym, on="blend", subject=uuid4())


def state_of(member: Membership, purpose: Purpose) -> ConsentState:
    with tenant(dreamer=member.dreamer_id):
        (dream,) = standings.statements_for(member.dreamer_id)
    return next(standing.state for standing in dream.standings if standing.purpose is purpose)


def test_the_empty_pages_say_what_will_stand_there(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.mira)
    assert "Nothing is lent" in client.get(reverse("consent:mine")).text
    assert "Nothing was opened" in client.get(reverse("consent:uses")).text


def test_my_consents_show_every_purpose_and_never_anothers(cast: Cast, client_of: ClientOf) -> None:
    mine, theirs = lend(cast.mira, {Purpose.BLEND: True, Purpose.QUOTE: False}), lend(cast.finn)
    page = client_of(cast.mira).get(reverse("consent:mine")).text
    assert str(mine.contribution) in page
    assert "Blend it with the others" in page
    assert "refused" in page
    assert "The Lantern Guild" in page
    assert str(theirs.contribution) not in page
    assert WORDS not in page


def test_one_press_withdraws_everything(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    client = client_of(cast.mira)
    answer = client.post(reverse("consent:withdraw", args=[lent.contribution]), follow=True)
    assert answer.redirect_chain == [(reverse("consent:mine"), 302)]
    assert "opens for nobody any more" in answer.text
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.WITHDRAWN
    assert "Withdraw this dream" not in answer.text


def test_one_press_takes_back_one_purpose(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    answer = client_of(cast.mira).post(
        reverse("consent:withdraw", args=[lent.contribution]), {"purpose": "quote"}, follow=True
    )
    assert "may not be quoted" in answer.text
    assert state_of(cast.mira, Purpose.QUOTE) is ConsentState.WITHDRAWN
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.GIVEN


def test_a_second_press_says_that_it_was_done(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    client, address = client_of(cast.mira), reverse("consent:withdraw", args=[lent.contribution])
    client.post(address, {"purpose": "quote"})
    assert "withdrawn already" in client.post(address, {"purpose": "quote"}, follow=True).text


@pytest.mark.parametrize("who", ["ayla", "zed"])
def test_withdrawing_anothers_dream_is_not_found(cast: Cast, client_of: ClientOf, who: str) -> None:
    lent = lend(cast.mira)
    client = client_of(getattr(cast, who))
    assert client.post(reverse("consent:withdraw", args=[lent.contribution])).status_code == 404
    assert client.post(reverse("api-consents-withdraw", args=[lent.contribution])).status_code == 404
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.GIVEN


def test_an_invented_purpose_is_a_bad_request(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    client = client_of(cast.mira)
    page = client.post(reverse("consent:withdraw", args=[lent.contribution]), {"purpose": "fly"})
    api = client.post(
        reverse("api-consents-withdraw", args=[lent.contribution]),
        {"purpose": "fly"},
        content_type="application/json",
    )
    assert (page.status_code, api.status_code) == (400, 400)
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.GIVEN


def test_withdrawing_needs_a_press_not_a_link(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    assert client_of(cast.mira).get(reverse("consent:withdraw", args=[lent.contribution])).status_code == 405


def test_strangers_to_the_house_are_sent_to_sign_in(client: Client, db: None) -> None:
    for name in ("consent:mine", "consent:uses"):
        answer = client.get(reverse(name))
        assert (answer.status_code, reverse("account_login") in answer["Location"]) == (302, True)
    assert client.get(reverse("api-consents")).status_code == 403


def test_my_uses_say_when_what_for_and_with_how_many(cast: Cast, client_of: ClientOf) -> None:
    mine, theirs = lend(cast.mira), lend(cast.finn)
    use([mine, theirs], cast.ayla)
    page = client_of(cast.mira).get(reverse("consent:uses")).text
    assert "Blended" in page
    assert "1 other dream" in page
    assert "The Lantern Guild" in page
    assert ">6<" in page.replace("\n", "")
    assert client_of(cast.lara).get(reverse("consent:uses")).text.count("Blended") == 0


def test_the_uses_of_one_dream_can_be_shown_alone(cast: Cast, client_of: ClientOf) -> None:
    first, second = lend(cast.mira), lend(cast.mira)
    use([first], cast.ayla)
    use([second], cast.ayla, Purpose.SHARE_IN_SESSION)
    client, address = client_of(cast.mira), reverse("consent:uses")
    alone = client.get(address, {"dream": str(first.contribution)}).text
    assert ("Blended" in alone, "Read in a session" in alone) == (True, False)
    assert client.get(address, {"dream": "nonsense"}).status_code == 404


def test_uses_and_consents_stay_mine_after_i_left(cast: Cast, client_of: ClientOf, within: Within) -> None:
    lent = lend(cast.mira)
    use([lent], cast.ayla)
    with within(cast.mira):
        end_membership(membership=cast.mira)
    client = client_of(cast.mira)
    assert "a guild you have left" in client.get(reverse("consent:uses")).text
    assert client.post(reverse("consent:withdraw", args=[lent.contribution])).status_code == 302
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.WITHDRAWN


def queries_of(client: Client, address: str) -> tuple[int, int]:
    """How many queries a page makes in all, and how many of them read this wing's tables."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    said = [query["sql"] for query in captured.captured_queries]
    return len(said), sum("consent_" in sql or "ledger_" in sql for sql in said)


@pytest.mark.parametrize(
    ("address", "member", "count"),
    [("/consents/", "mira", 3), ("/consents/uses/", "mira", 3), ("/g/lantern/ledger/", "finn", 3)],
)
def test_the_queries_of_a_page_do_not_grow_with_its_rows(
    cast: Cast, client_of: ClientOf, address: str, member: str, count: int
) -> None:
    client = client_of(getattr(cast, member))
    use([lend(cast.mira)], cast.ayla)
    one_row = queries_of(client, address)
    for _ in range(2):
        use([lend(cast.mira)], cast.ayla)
    assert (queries_of(client, address), one_row[1]) == (one_row, count)


def test_the_api_lists_my_consents_as_the_page_does(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: True}, depth=0.3)
    lend(cast.finn)
    answer = client_of(cast.mira).get(reverse("api-consents")).json()
    (consent,) = answer["results"]
    assert (answer["count"], consent["contribution"]) == (1, str(lent.contribution))
    (standing,) = consent["standings"]
    assert {key: standing[key] for key in ("purpose", "state", "depth", "leaf_index")} == {
        "purpose": "blend",
        "state": "given",
        "depth": 0.3,
        "leaf_index": 0,
    }


def test_the_api_withdraws_and_lists_uses(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira)
    use([lent], cast.ayla)
    client = client_of(cast.mira)
    (listed,) = client.get(reverse("api-uses")).json()["results"]
    assert (listed["purpose"], listed["count"], listed["leaf_index"]) == ("blend", 1, 3)
    answer = client.post(reverse("api-consents-withdraw", args=[lent.contribution]))
    assert (answer.status_code, answer.json()["whole"]) == (200, True)
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.WITHDRAWN


def answer(client: Client, name: str = "consent:answer", **sent: Any) -> Any:
    return client.post(reverse(name), sent, follow=True)


def about(lent: gate.Lent, purpose: Purpose, **more: Any) -> dict[str, Any]:
    return {
        "scope": "contribution",
        "about": lent.contribution,
        "purpose": purpose.value,
        "notice": readable(purpose),
        **more,
    }


def pressed(page: str, purpose: Purpose) -> list[str]:
    """Which answers of a purpose are shown as the saved choice, on the page of one dream."""
    forms = re.findall(r'<form class="answer-form".*?</form>', page, re.DOTALL)
    (form,) = [form for form in forms if f'name="purpose" value="{purpose.value}"' in form]
    buttons = re.findall(r'<button name="answer" value="(\w+)"([^>]*)>', form)
    return [value for value, attributes in buttons if 'aria-pressed="true"' in attributes]


def test_nothing_is_preselected_and_the_saved_choice_is_always_shown(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True, Purpose.QUOTE: False})
    client, address = client_of(cast.mira), reverse("consent:dream", args=[lent.contribution])
    page = client.get(address).text
    assert [pressed(page, purpose) for purpose in (Purpose.SHARE_IN_SESSION, Purpose.QUOTE)] == [
        ["given"],
        ["refused"],
    ]
    assert pressed(page, Purpose.BLEND) == pressed(page, Purpose.EXCHANGE) == []
    assert "checked" not in page
    assert WORDS not in page


def test_giving_and_taking_back_are_one_press_each(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True, Purpose.BLEND: False})
    client = client_of(cast.mira)
    given = answer(client, **about(lent, Purpose.BLEND, answer="given", depth="0.35"))
    assert given.redirect_chain == [(reverse("consent:dream", args=[lent.contribution]), 302)]
    assert (pressed(given.text, Purpose.BLEND), state_of(cast.mira, Purpose.BLEND)) == (
        ["given"],
        ConsentState.GIVEN,
    )
    taken = answer(client, **about(lent, Purpose.BLEND, answer="refused"))
    assert (pressed(taken.text, Purpose.BLEND), state_of(cast.mira, Purpose.BLEND)) == (
        ["refused"],
        ConsentState.WITHDRAWN,
    )
    history = re.findall(r'data-label="Said"><span>([a-z ]+)', taken.text)
    assert history == ["withdrawn", "given", "refused", "given"]


def test_a_page_with_an_old_text_saves_nothing_and_says_why(cast: Cast, client_of: ClientOf) -> None:
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True})
    client = client_of(cast.mira)
    page = answer(client, **about(lent, Purpose.QUOTE, answer="given") | {"notice": "0" * 64}).text
    assert "has changed since this page was opened. Nothing was saved" in page
    assert pressed(page, Purpose.QUOTE) == []
    sent = about(lent, Purpose.QUOTE, answer="given") | {"notice": "0" * 64}
    api = client.post(reverse("api-consents-answer"), sent, content_type="application/json")
    assert (api.status_code, "Nothing was saved" in api.json()["detail"]) == (400, True)


def test_an_answer_that_cannot_be_read_is_a_bad_request(cast: Cast, client_of: ClientOf) -> None:
    lent, client = lend(cast.mira), client_of(cast.mira)
    for wrong in ({"answer": "perhaps"}, {"purpose": "fly"}, {"scope": "planet"}, {"depth": "2"}):
        sent = about(lent, Purpose.QUOTE, answer="given") | wrong
        assert client.post(reverse("consent:answer"), sent).status_code == 400


def test_another_depth_pressed_on_the_page_keeps_the_end_that_stood(cast: Cast, client_of: ClientOf) -> None:
    """Whoever moves the depth alone does not lend for ever by it."""
    Dreamer.objects.filter(pk=cast.mira.dreamer_id).update(time_zone="Pacific/Auckland")
    end = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    lent, client = lend(cast.mira, depth=0.5, expires_at=end), client_of(cast.mira)
    page = client.get(reverse("consent:dream", args=[lent.contribution])).text
    shown = re.findall(r'id="until-blend-[^"]*" name="expires_at" value="([^"]+)"', page)
    assert shown == [f"{end.astimezone(ZoneInfo('Pacific/Auckland')):%Y-%m-%dT%H:%M}"]
    answer(client, **about(lent, Purpose.BLEND, answer="given", depth="0.35", expires_at=shown[0]))
    with tenant(guild=lent.guild):
        assert selectors.terms_of(lent.contribution).expires_at == end


@pytest.mark.parametrize("wrong", [{"depth": "2"}, {"expires_at": "soon"}])
def test_a_no_holds_whatever_stands_in_the_fields_of_a_yes(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    lent, client = lend(cast.mira), client_of(cast.mira)
    answer(client, **about(lent, Purpose.BLEND, answer="refused"), **wrong)
    assert state_of(cast.mira, Purpose.BLEND) is ConsentState.WITHDRAWN


def test_a_standing_choice_is_one_press_and_says_what_it_changes(cast: Cast, client_of: ClientOf) -> None:
    own_yes = lend(cast.mira)
    client, guild = client_of(cast.mira), cast.lantern.id
    here = {"scope": "guild", "about": guild, "guild": guild, "purpose": "quote"}
    said = answer(client, **here, notice=readable(Purpose.QUOTE), answer="refused")
    assert said.redirect_chain == [(f"{reverse('consent:standing')}#place-{guild}", 302)]
    assert pressed(said.text, Purpose.QUOTE) == ["refused"]
    assert "1 lent dream says yes by its own answer" in said.text
    after = answer(client, "consent:take-back-in-each", **here)
    assert "Taken back in 1 dream." in after.text
    assert state_of(cast.mira, Purpose.QUOTE) is ConsentState.WITHDRAWN
    assert "own answer" not in after.text
    assert str(own_yes.contribution) not in after.text
    assert "The Harbour Guild" not in after.text


def test_setting_aside_and_back_are_one_press_each(cast: Cast, client_of: ClientOf) -> None:
    lent, client = lend(cast.mira), client_of(cast.mira)
    for name, said in (("restrict", "Set aside: it is kept"), ("lift", "It may be used again")):
        page = client.post(reverse(f"consent:{name}", args=[lent.contribution]), follow=True).text
        assert said in page
    page = client.get(reverse("consent:dream", args=[lent.contribution])).text
    assert re.findall(r'data-label="Said"><span>([a-z ]*set aside)', page) == [
        "no longer set aside",
        "set aside",
    ]


def test_a_withdrawn_dream_shows_its_history_and_no_control(cast: Cast, client_of: ClientOf) -> None:
    lent, client = lend(cast.mira), client_of(cast.mira)
    client.post(reverse("consent:withdraw", args=[lent.contribution]))
    page = client.get(reverse("consent:dream", args=[lent.contribution])).text
    assert "its key is gone" in page
    assert "It had reached nobody." in page
    assert "answer-form" not in page
    refused = answer(client, **about(lent, Purpose.QUOTE, answer="given")).text
    assert "lend it again" in refused


@pytest.mark.parametrize("address", ["consent:dream", "consent:standing"])
def test_the_queries_of_the_new_pages_do_not_grow(cast: Cast, client_of: ClientOf, address: str) -> None:
    client, lents = client_of(cast.mira), [lend(cast.mira)]
    arguments = [lents[0].contribution] if address == "consent:dream" else []
    before = queries_of(client, reverse(address, args=arguments))
    for _ in range(2):
        lends = lend(cast.mira)
        if address == "consent:dream":
            answer(client, **about(lents[0], Purpose.QUOTE, answer="given"))
        lents.append(lends)
    assert queries_of(client, reverse(address, args=arguments)) == before


def test_the_api_answers_as_the_pages_do(cast: Cast, client_of: ClientOf) -> None:
    lent, client = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True}), client_of(cast.mira)
    texts = {row["purpose"]: row for row in client.get(reverse("api-notices")).json()}
    sent = {
        "scope": "guild",
        "about": str(cast.lantern.id),
        "guild": str(cast.lantern.id),
        "purpose": "blend",
        "answer": "given",
        "notice": texts["blend"]["digest"],
        "depth": 0.2,
    }
    done = client.post(reverse("api-consents-answer"), sent, content_type="application/json").json()
    assert (done["opened"], done["shut"]) == ([str(lent.contribution)], [])
    receipt = client.get(reverse("api-consents-receipt", args=done["statements"])).json()
    assert receipt["terms"]["scope_id"] == str(cast.lantern.id)
    places = client.get(reverse("api-consents-standing")).json()
    (blend,) = [
        choice["standing"] for choice in places[0]["choices"] if choice["standing"]["purpose"] == "blend"
    ]
    assert (places[0]["scope"], blend["state"], blend["depth"]) == ("guild", "given", 0.2)
    for name, changed in (("restrict", True), ("restrict", False), ("lift", True)):
        said = client.post(reverse(f"api-consents-{name}", args=[lent.contribution])).json()
        assert (said["changed"], said["restricted"]) == (changed, name == "restrict")
    history = client.get(reverse("api-consents-history", args=[lent.contribution])).json()
    assert [entry["said"] for entry in history][:2] == ["no longer set aside", "set aside"]
    assert client.get(reverse("api-consents-told")).json()["results"] == []


def test_the_ledger_page_shows_size_root_and_who(cast: Cast, client_of: ClientOf, within: Within) -> None:
    use([lend(cast.mira)], cast.ayla)
    with within(cast.ayla):
        ledger.append(guild=cast.lantern.id, kind=LeafKind.CONSENT_EXPIRED, actor=SYSTEM)
        head = log.head(cast.lantern.id)
    page = client_of(cast.finn).get(reverse("ledger:guild", args=["lantern"])).text
    assert head.root.hex() in page
    assert "Lent dreams were used" in page
    assert "1 dream, to be blended" in page
    assert "Ayla" in page
    assert "the house" in page
    assert WORDS not in page


def test_the_empty_ledger_page_shows_the_empty_root(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.zed).get(reverse("ledger:guild", args=["harbour"])).text
    assert "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" in page


def test_the_ledger_of_another_guild_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.zed).get(reverse("ledger:guild", args=["lantern"])).status_code == 404
