"""A ritual that moderation hid is read by nobody, and its place says why."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from governance.moderation import services as moderation
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.experiences import services as experiences
from tests.cast import Cast
from tests.colonies.colony import kept_in

SignIn = Callable[[Membership], Client]
WHY = "Somebody could come to harm by it."


def hidden(cast: Cast, kind: str, target: Any) -> None:
    """Mira reports it, and Ezra hides it."""
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
        row = moderation.report(by=cast.mira, kind=kind, target=target, reason="dangerous", words="")
    with tenant(guild=cast.lantern.pk, dreamer=cast.ezra.dreamer_id):
        moderation.decide(by=cast.ezra, report=row, decision="hidden", reasons=WHY)


def test_hidden_ritual_is_read_nowhere_and_its_colony_says_why(cast: Cast, client_of: SignIn) -> None:
    known, slug = kept_in(cast), cast.lantern.slug
    ritual, mira = known["ritual_id"], client_of(cast.mira)
    before = mira.get(reverse("colonies:ritual", args=[slug, ritual]))
    assert (before.status_code, "Report this ritual" in before.content.decode()) == (200, True)
    hidden(cast, "ritual", ritual)
    reading = [
        mira.get(reverse(name, args=[slug, ritual])).status_code
        for name in ("colonies:ritual", "colonies:card", "colonies:guided", "api-ritual")
    ]
    assert reading == [404, 404, 404, 404]
    colony = mira.get(reverse("colonies:colony", args=[slug, known["colony_slug"]])).content.decode()
    assert "Hidden by moderation: somebody could come to harm by it." in colony


def test_hidden_description_of_an_experience_is_shown_as_hidden(cast: Cast, client_of: SignIn) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        version = experiences.write(by=cast.ayla, name="Deep", description="Stay awake for it.", numbers={})
    hidden(cast, "experience", version.experience_id)
    mira, slug = client_of(cast.mira), cast.lantern.slug
    pages = [
        mira.get(reverse("experiences:list", args=[slug])),
        mira.get(reverse("experiences:detail", args=[slug, version.experience_id])),
        mira.get(reverse("api-experience", args=[slug, version.experience_id])),
    ]
    shown = [page.content.decode() for page in pages]
    assert ["Stay awake" in text for text in shown] == [False] * 3
    assert ["Hidden by moderation" in text for text in shown] == [True, True, False]
