"""A dream in a dreamscape was corrected: the dreamscape says so, and its host has it made again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from governance.policies.errors import Denied
from guild.journal import selectors as journal
from guild.journal.services import revise_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import performing, selectors, services
from lounges.dreamscapes.enums import Because, RunState
from lounges.dreamscapes.errors import NotToBeRetried
from lounges.dreamscapes.making import Made
from lounges.dreamscapes.models import BlendRun, BlendVoice
from lounges.sessions.models import Contribution
from lounges.sessions.rectifying import rectify
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles
from tests.lounges.dreamscapes_circle import Circle

ClientOf = Callable[[Membership], Client]
CORRECTED = "My workshop was empty. I looked for the loom. A tall woman said it was never there."
WORD = "Blend again"


def correct(circle: Circle, member: Membership, name: str, narrative: str = CORRECTED) -> None:
    """What the dreamer does: change the dream, and have the lent copy follow."""
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        lent = Contribution.objects.get(pk=circle.contributions[name])
        now = journal.dream_for(member.dreamer_id, lent.dream_id)
        draft = replace(now.draft, narrative=narrative)
        revise_dream(by=member.dreamer, dream_id=lent.dream_id, draft=draft, expected_revision=now.revision)
    assert rectify(by=member.dreamer_id, contribution=lent.pk)


def words_in(run: BlendRun) -> str:
    with tenant(guild=run.guild_id):
        return str(selectors.open_dreamscape(run).document)


@pytest.fixture
def circle(cast: Cast) -> Circle:
    return circles.settle(cast, "ayla", "finn")


def test_a_dreamscape_of_a_corrected_dream_says_so_and_offers_its_host_to_make_it_again(
    cast: Cast, circle: Circle, client_of: ClientOf
) -> None:
    run = circles.blend(circle)
    page, listing = (
        reverse("dreamscapes:detail", args=["lantern", run.pk]),
        reverse("dreamscapes:list", args=["lantern"]),
    )
    host, finn = client_of(cast.ayla), client_of(cast.finn)
    assert "corrected" not in host.get(page).content.decode() + host.get(listing).content.decode()

    correct(circle, cast.finn, "finn")

    for client, offers in ((host, True), (finn, False)):
        text = client.get(page).content.decode()
        assert "was corrected by its dreamer after it was blended" in text
        assert (WORD in text) is offers
        assert "one was corrected since" in client.get(listing).content.decode()


def test_made_again_it_holds_what_the_dream_says_now_and_the_old_one_is_gone(
    cast: Cast, circle: Circle, client_of: ClientOf
) -> None:
    run = circles.blend(circle)
    correct(circle, cast.finn, "finn")
    assert "bees" in words_in(run)

    pressed = [
        client_of(cast.ayla).post(reverse("dreamscapes:renew", args=["lantern", run.pk])) for _ in range(2)
    ]

    old = circles.fresh(run)
    assert (old.state, old.because) == (RunState.SUPERSEDED, Because.CORRECTED)
    with tenant(guild=run.guild_id):
        asked = BlendRun.objects.get(supersedes=old)
    detail = reverse("dreamscapes:detail", args=["lantern", asked.pk])
    assert [reply.headers["Location"] for reply in pressed] == [detail, detail]
    performing.perform_blend(guild_id=run.guild_id, run_id=asked.pk)
    new = circles.fresh(asked)
    assert "bees" not in words_in(new)
    assert "never there" in words_in(new)
    with tenant(guild=run.guild_id):
        assert selectors.is_stale(new) is False
        assert set(BlendVoice.objects.filter(run=new).values_list("revision", flat=True)) == {1, 2}


def test_only_the_host_or_a_steward_has_it_made_again(cast: Cast, circle: Circle) -> None:
    run = circles.blend(circle)
    correct(circle, cast.finn, "finn")
    with tenant(guild=run.guild_id, dreamer=cast.finn.dreamer_id), pytest.raises(Denied):
        services.renew(run=run, by=cast.finn)
    assert circles.fresh(run).state == RunState.FINISHED


def test_a_dreamscape_whose_dreams_are_as_they_were_stays(cast: Cast, circle: Circle) -> None:
    run = circles.blend(circle)
    with tenant(guild=run.guild_id, dreamer=cast.ayla.dreamer_id), pytest.raises(NotToBeRetried):
        services.renew(run=run, by=cast.ayla)


def test_a_dream_corrected_while_it_is_blended_is_blended_as_corrected(
    cast: Cast, circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, rounds = performing.make, []

    def make_and_be_overtaken(*args: object, **options: object) -> Made:
        made = real(*args, **options)
        if not rounds:
            correct(circle, cast.finn, "finn")
        rounds.append(made)
        return made

    monkeypatch.setattr(performing, "make", make_and_be_overtaken)
    run = circles.blend(circle)

    assert (run.state, len(rounds)) == (RunState.FINISHED, 2)
    assert "never there" in words_in(run)
    with tenant(guild=run.guild_id):
        assert selectors.is_stale(run) is False
