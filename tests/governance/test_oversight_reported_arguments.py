"""What is said about a proposal, when somebody reports it: hidden with the reason, and shown again."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from governance.deliberation import arguing
from governance.deliberation.enums import Stance
from governance.deliberation.models import Argument
from governance.moderation import services
from governance.moderation.models import Report
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.deliberating import again, inside, proposed

SAID, WHY = "Whoever votes for this is a coward.", "It hurts those who think otherwise."
Enter = Callable[[Membership], Client]


def argued(cast: Cast) -> Argument:
    """Finn says something about what Mira proposed."""
    proposal = proposed(cast.mira)
    with inside(cast.finn):
        return arguing.argue(proposal=proposal, by=cast.finn, stance=Stance.AGAINST, text=SAID)


def reported(by: Membership, said: Argument) -> Report:
    with inside(by):
        return services.report(by=by, kind="argument", target=said.pk, reason="hurtful", words="")


def page(cast: Cast, client_of: Enter, said: Argument) -> str:
    address = reverse("deliberation:proposal", args=["lantern", said.proposal_id])
    return client_of(cast.mira).get(address).content.decode()


def test_what_is_said_is_hidden_with_the_reason_and_shown_again(cast: Cast, client_of: Enter) -> None:
    said = argued(cast)
    report = reverse("moderation:report", args=["lantern", "argument", said.pk])
    assert report in page(cast, client_of, said)
    row = reported(cast.mira, said)
    with inside(cast.ezra):
        assert services.look(by=cast.ezra, report=row).words == SAID
        services.decide(by=cast.ezra, report=row, decision="hidden", reasons=WHY)
    shown = page(cast, client_of, said)
    assert SAID not in shown
    assert "Hidden by moderation: it hurts or threatens somebody." in shown
    assert report not in shown
    with inside(cast.finn):
        services.appeal(by=cast.finn, report=row, reasons="I spoke of nobody here.")
    with inside(cast.ayla):
        services.answer(by=cast.ayla, report=row, outcome="overturned", words="It names nobody, so it stays.")
    assert SAID in page(cast, client_of, said)


def test_only_what_a_member_can_see_is_reported(cast: Cast) -> None:
    said = argued(cast)
    with inside(cast.zed), pytest.raises(Http404):
        services.report(by=cast.zed, kind="argument", target=said.pk, reason="hurtful", words="")
    with inside(cast.mira), pytest.raises(Http404):
        services.report(by=cast.mira, kind="argument", target=uuid4(), reason="hurtful", words="")
    assert again(said.proposal).pk == said.proposal_id
