"""What rulings do to lent dreams and dreamscapes, and what a life story tells of it: never a word."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.oversight import ruling, stories
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.moments import Sort
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Remedy, Ruling
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.dreamscapes.enums import Because, RunState
from lounges.dreamscapes.models import BlendRun
from lounges.sessions import loans
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Contribution
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, found
from tests.isolation.world import DREAMS, World, make_world

Within = Callable[[Membership], AbstractContextManager[Any]]
REASONS = "The sealed text is not the one that was lent; the leaf says so."


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def ruled(world: World, *remedies: RemedyKind, **about: Any) -> Ruling:
    """Ezra upholds a finding about Mira's lent dream, and Lara confirms it where it takes two."""
    ezra, lara = world.cast.ezra, appoint_enforcer(world.cast.lara)
    finding = found(world.cast.lantern, **{"contribution": world.contributions["mira"], **about})
    draft = Draft(Verdict.UPHELD, REASONS, frozenset(remedies))
    with tenant(guild=ezra.guild_id, dreamer=ezra.dreamer_id):
        made = ruling.rule(finding=finding, by=ezra, draft=draft)
    with tenant(guild=lara.guild_id, dreamer=lara.dreamer_id):
        row = Ruling.objects.select_related("finding", "names").get(pk=made.pk)
        return ruling.confirm(ruling=row, by=lara)


def states(world: World) -> list[tuple[str, str]]:
    """(state, why) of every run of the guild, oldest first."""
    with tenant(guild=world.cast.lantern.pk):
        return list(BlendRun.objects.order_by("requested_at", "id").values_list("state", "because"))


def test_a_destroyed_lent_dream_is_gone_and_blended_again_without(world: World) -> None:
    ruled(world, RemedyKind.SHRED, RemedyKind.RE_BLEND)
    with tenant(guild=world.cast.lantern.pk):
        row = Contribution.objects.get(pk=world.contributions["mira"])
        done = dict(Remedy.objects.values_list("kind", "touched"))
        leaf = Leaf.objects.get(kind=LeafKind.CONTRIBUTION_WITHDRAWN)
    assert (row.state, bytes(row.text_sealed)) == (ContributionState.WITHDRAWN, b"")
    with tenant(guild=world.cast.lantern.pk):
        assert vault.is_destroyed(key_id=row.key_id)
    assert states(world) == [(RunState.SUPERSEDED, Because.ENDED), (RunState.REQUESTED, "")]
    assert done == {"shred": 1, "re_blend": 0}  # what the destruction ended needs no second ending
    assert decode(bytes(leaf.entry)).actor == SYSTEM  # nobody says that Mira took it back herself


def test_a_dream_taken_back_meanwhile_needs_no_destroying(world: World) -> None:
    with tenant(guild=world.cast.lantern.pk, dreamer=world.cast.mira.dreamer_id):
        loans.withdraw(by=world.cast.mira, contribution_id=world.contributions["mira"])
    made = ruled(world, RemedyKind.SHRED)
    with tenant(guild=world.cast.lantern.pk):
        assert Remedy.objects.get(ruling=made).touched == 0


def test_blending_again_replaces_every_dreamscape_with_the_dream(world: World) -> None:
    ruled(world, RemedyKind.RE_BLEND)
    assert states(world) == [(RunState.SUPERSEDED, Because.RULED), (RunState.REQUESTED, "")]
    with tenant(guild=world.cast.lantern.pk):
        assert Remedy.objects.get().touched == 1


def test_blending_again_may_be_ordered_for_a_dreamscape_itself(world: World) -> None:
    ruled(world, RemedyKind.RE_BLEND, contribution=None, table="dreamscapes_run", row=str(world.run))
    assert states(world) == [(RunState.SUPERSEDED, Because.RULED), (RunState.REQUESTED, "")]


@pytest.mark.parametrize("row", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_blending_again_what_is_not_there_does_nothing(world: World, row: str) -> None:
    ruled(world, RemedyKind.RE_BLEND, contribution=None, table="dreamscapes_run", row=row)
    assert states(world) == [(RunState.FINISHED, "")]


def story_of(world: World) -> stories.Story:
    ezra = world.cast.ezra
    with tenant(guild=ezra.guild_id, dreamer=ezra.dreamer_id):
        return stories.story_for(ezra, world.contributions["mira"])


def test_a_life_story_tells_everything_in_order_and_no_word(world: World) -> None:
    ruled(world, RemedyKind.SHRED, RemedyKind.NOTIFY)
    story = story_of(world)
    assert {moment.sort for moment in story.moments} == set(Sort)
    assert [moment.at for moment in story.moments] == sorted(moment.at for moment in story.moments)
    assert story.key_destroyed_at is not None
    assert story.withdrawn_at is not None
    text = repr(story)
    assert [word for word in ("heron", "stairs", "swallowed") if word in text] == []
    assert "heron" in DREAMS["mira"]


def test_a_life_story_names_the_leaf_of_every_step_that_has_one(world: World) -> None:
    story = story_of(world)
    with tenant(guild=world.cast.lantern.pk):
        kinds = dict(Leaf.objects.values_list("index", "kind"))
    named = {moment.words: kinds[moment.leaf] for moment in story.moments if moment.leaf is not None}
    assert named == {
        "Consent given": LeafKind.CONSENT_GIVEN,
        "Lent": LeafKind.CONTRIBUTION_LENT,
        "Blended": LeafKind.USE,
        "A dreamscape was made with it": LeafKind.DREAMSCAPE_MADE,
    }
