"""A host asks those who lend for a consent: once, with nothing chosen ahead, and never after a no."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from governance.consent.enums import ConsentState, Purpose
from governance.consent.models import Statement
from governance.policies.errors import Denied
from guild.tenancy.models import Membership
from lounges.sessions import asking, loans
from lounges.sessions.enums import Extent
from lounges.sessions.errors import NotNow
from lounges.sessions.lending import ASKED, LoanTerms, Passage
from lounges.sessions.models import SessionEvent
from tests.cast import Cast
from tests.lounges.sessions_stage import EVERYTHING, NOTICES, Stage, dream_of, in_guild_of

ClientOf = Callable[[Membership], Client]
NO_QUOTE = EVERYTHING | {"quote": False}


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """Mira was not asked about quoting, Finn said no to it, and the host lends too."""
    stage = Stage(cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("associating")
    return stage


def asked_states(stage: Stage, lent: str) -> list[str]:
    with in_guild_of(stage.host):
        rows = Statement.objects.filter(contribution=lent, purpose=Purpose.QUOTE).order_by("leaf_index")
        return list(rows.values_list("state", flat=True))


def address(stage: Stage) -> str:
    return reverse("sessions:ask", args=["lantern", stage.id])


@pytest.fixture
def unanswered(stage: Stage, cast: Cast) -> str:
    """Mira's dream, lent without a word about quoting."""
    answers = {purpose: True for purpose in ASKED if purpose is not Purpose.QUOTE}
    dream = dream_of(cast.mira)
    with in_guild_of(cast.mira):
        terms = LoanTerms(answers, 0.5, None)
        passage = Passage(Extent.WHOLE)
        row, _ = loans.share(
            session=stage.session, by=cast.mira, dream_id=dream, passage=passage, terms=terms
        )
    return str(row.pk)


def test_the_host_asks_once_and_the_dreamer_answers_with_nothing_chosen(
    cast: Cast, stage: Stage, unanswered: str, client_of: ClientOf
) -> None:
    refused, own = stage.share(cast.finn, purposes=NO_QUOTE), stage.share(cast.ayla, purposes=NO_QUOTE)
    ayla, mira = client_of(cast.ayla), client_of(cast.mira)
    shown = ayla.get(address(stage)).text
    assert re.findall(r'name="purpose" value="(\w+)"', shown) == ["quote"]
    assert ("It can be asked about 1 dream." in shown, "checked" in shown) == (True, False)

    for _ in range(2):  # a double click
        assert ayla.post(address(stage), {"purpose": "quote"}).status_code in (302, 422)
    assert asked_states(stage, unanswered) == ["requested"]
    assert (asked_states(stage, refused), asked_states(stage, own)) == (["refused"], ["refused"])

    live = reverse("sessions:live", args=["lantern", stage.id])
    assert "You are asked" in mira.get(live).text
    assert "You are asked" not in client_of(cast.finn).get(live).text + ayla.get(live).text
    page = mira.get(reverse("consent:dream", args=[unanswered])).text
    control = page.partition('name="purpose" value="quote"')[2].partition("</form>")[0]
    answers = re.findall(r'<button name="answer" value="(\w+)"( aria-pressed="true")?', control)
    assert answers == [("given", ""), ("refused", ""), ("deferred", "")]


def test_every_open_page_looks_again_at_what_was_asked_about(
    cast: Cast, stage: Stage, unanswered: str
) -> None:
    with in_guild_of(cast.ayla):
        assert asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.QUOTE) == 1
        newest = SessionEvent.objects.filter(session_id=stage.session.pk).order_by("-offset")[0]
        assert (newest.type, newest.data) == ("dream.restated", {"id": unanswered})
        with pytest.raises(NotNow, match="Nobody is left to ask"):
            asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.QUOTE)


def test_what_the_house_does_not_do_is_asked_of_nobody(cast: Cast, stage: Stage, unanswered: str) -> None:
    with in_guild_of(cast.ayla), pytest.raises(NotNow):
        asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.PUBLISH_BEYOND)


def test_what_was_taken_back_is_not_asked_about(cast: Cast, stage: Stage, unanswered: str) -> None:
    stage.do(cast.mira, "session.withdraw", contribution=unanswered)
    with in_guild_of(cast.ayla), pytest.raises(NotNow):
        asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.QUOTE)


@pytest.mark.parametrize("who", ["finn", "ezra"])
def test_only_who_may_and_takes_part_asks(cast: Cast, stage: Stage, unanswered: str, who: str) -> None:
    member = getattr(cast, who)
    with in_guild_of(member), pytest.raises(Denied):
        asking.ask(session=stage.session, by=member, purpose=Purpose.QUOTE)
    assert asked_states(stage, unanswered) == []


def test_a_steward_who_stepped_out_asks_nobody(cast: Cast, stage: Stage, unanswered: str) -> None:
    stage.do(cast.ayla, "session.step_out")
    with in_guild_of(cast.ayla), pytest.raises(Denied):
        asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.QUOTE)


def test_an_answer_ends_the_question(cast: Cast, stage: Stage, unanswered: str, client_of: ClientOf) -> None:
    with in_guild_of(cast.ayla):
        asking.ask(session=stage.session, by=cast.ayla, purpose=Purpose.QUOTE)
    mira = client_of(cast.mira)
    sent = {"scope": "contribution", "about": unanswered, "purpose": "quote", "answer": "refused"}
    sent["notice"] = NOTICES["quote"]
    mira.post(reverse("consent:answer"), sent)
    assert asked_states(stage, unanswered) == [ConsentState.REQUESTED, ConsentState.REFUSED]
    assert "You are asked" not in mira.get(reverse("sessions:live", args=["lantern", stage.id])).text
