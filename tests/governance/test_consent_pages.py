"""The pages and the API of a dreamer's consents and uses, and the guild's ledger page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.consent import gate, standings
from governance.consent.enums import ConsentState, Purpose
from governance.ledger import selectors as log
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.lending import WORDS, lend

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
