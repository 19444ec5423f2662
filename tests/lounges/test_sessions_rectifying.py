"""A dream was changed in its journal: the lent copy is corrected, or left, and nobody else can touch it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.http import Http404

from governance.consent import restrictions
from governance.consent import services as consent
from governance.consent.enums import Told
from governance.consent.models import RecipientNotice, Subject
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.journal import selectors as journal
from guild.journal.services import delete_dream, revise_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault.errors import SealBroken
from lounges.sessions import hearing
from lounges.sessions.contents import content_commitment
from lounges.sessions.enums import EventType
from lounges.sessions.errors import Invalid
from lounges.sessions.models import Contribution, SessionEvent
from lounges.sessions.rectifying import (
    OldCopy,
    dreams_with_old_copies,
    has_old_copies,
    old_copies,
    rectify,
)
from tests.cast import Cast
from tests.lounges.sessions_stage import NARRATIVE, Stage, dream_of, in_guild_of

DRIER = NARRATIVE.replace("water ran down them slowly", "nothing came down them")


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """Ayla's session at its sharing stage, with Mira and Finn in it."""
    stage = Stage(host=cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("sharing")
    return stage


def revise(member: Membership, dream: UUID, **changes: Any) -> None:
    with tenant(dreamer=member.dreamer_id):
        now = journal.dream_for(member.dreamer_id, dream)
        revise_dream(
            by=member.dreamer,
            dream_id=dream,
            draft=replace(now.draft, **changes),
            expected_revision=now.revision,
        )


def old_copies_of(member: Membership, dream: UUID) -> list[OldCopy]:
    with tenant(dreamer=member.dreamer_id):
        now = journal.dream_for(member.dreamer_id, dream)
        found = old_copies(member.dreamer_id, now)
        assert has_old_copies(member.dreamer_id, dream) == bool(found)
        assert dreams_with_old_copies(member.dreamer_id) == ([dream] if found else [])
        return found


def row_of(member: Membership, contribution: str) -> Contribution:
    with in_guild_of(member):
        return Contribution.objects.get(pk=contribution)


def leaves_of(member: Membership, kind: LeafKind) -> list[dict[str, Any]]:
    with tenant(guild=member.guild_id):
        rows = Leaf.objects.filter(kind=kind).order_by("index")
        return [dict(decode(bytes(row.entry)).detail) for row in rows]


def heard_by(member: Membership, stage: Stage) -> list[str]:
    with in_guild_of(member):
        return [telling.text for telling in hearing.transcript_for(member, stage.session)]


def test_a_corrected_copy_says_what_the_dream_says_now(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    before = row_of(cast.mira, lent)
    revise(cast.mira, dream, narrative=DRIER, title="The dry house")
    (copy,) = old_copies_of(cast.mira, dream)
    assert (copy.text, copy.session, copy.fits, copy.revision) == (NARRATIVE, "Thursday circle", False, 1)

    assert rectify(by=cast.mira.dreamer_id, contribution=UUID(lent)) is True

    after = row_of(cast.mira, lent)
    assert (after.revision, after.dream_revision, after.key_id) == (2, 2, before.key_id)
    assert heard_by(cast.finn, stage) == [DRIER]
    assert old_copies_of(cast.mira, dream) == []
    with in_guild_of(cast.mira):
        commitment = content_commitment(after)
        assert commitment != content_commitment(before)
    (leaf,) = leaves_of(cast.mira, LeafKind.DREAM_RECTIFIED)
    assert leaf == {"session": stage.id, "revision": 2, "content": commitment}
    assert [leaf["content"] for leaf in leaves_of(cast.mira, LeafKind.CONTRIBUTION_LENT)] != [commitment]


def test_the_words_of_before_open_no_more_in_the_corrected_row(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    before = row_of(cast.mira, lent)
    revise(cast.mira, dream, narrative=DRIER)
    rectify(by=cast.mira.dreamer_id, contribution=UUID(lent))

    with in_guild_of(cast.mira):
        Contribution.objects.filter(pk=lent).update(text_sealed=before.text_sealed)
    with pytest.raises(SealBroken):
        heard_by(cast.finn, stage)


def test_those_whom_it_had_reached_are_told_and_open_pages_look_again(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    revise(cast.mira, dream, narrative=DRIER)

    rectify(by=cast.mira.dreamer_id, contribution=UUID(lent))

    with tenant(guild=cast.lantern.pk):
        told = RecipientNotice.objects.filter(what=Told.RECTIFIED).values_list("dreamer_id", flat=True)
        assert set(told) == {cast.ayla.dreamer_id, cast.finn.dreamer_id}
        last = SessionEvent.objects.filter(session_id=stage.session.pk).order_by("-offset").first()
        assert (last.type, last.data) == (EventType.DREAM_RESTATED, {"id": lent})


def test_corrected_twice_is_corrected_once(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    revise(cast.mira, dream, narrative=DRIER)

    done = [rectify(by=cast.mira.dreamer_id, contribution=UUID(lent)) for _ in range(2)]

    assert done == [True, False]
    assert len(leaves_of(cast.mira, LeafKind.DREAM_RECTIFIED)) == 1


def test_a_copy_that_says_the_same_already_is_left_as_it_is(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    revise(cast.mira, dream, tags=("water",))
    assert len(old_copies_of(cast.mira, dream)) == 1

    assert rectify(by=cast.mira.dreamer_id, contribution=UUID(lent)) is False

    assert (row_of(cast.mira, lent).revision, old_copies_of(cast.mira, dream)) == (1, [])
    assert leaves_of(cast.mira, LeafKind.DREAM_RECTIFIED) == []


def test_a_lent_part_is_corrected_with_words_that_are_in_the_dream(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream, extent="excerpt", excerpt="water ran down them slowly")
    revise(cast.mira, dream, narrative=DRIER)
    assert [(copy.text, copy.fits) for copy in old_copies_of(cast.mira, dream)] == [
        ("water ran down them slowly", False)
    ]

    with pytest.raises(Invalid, match="These words are not in the dream"):
        rectify(by=cast.mira.dreamer_id, contribution=UUID(lent), words="water ran down them slowly")
    assert rectify(by=cast.mira.dreamer_id, contribution=UUID(lent), words="nothing came down") is True

    assert heard_by(cast.finn, stage) == ["nothing came down"]


def test_nobody_else_corrects_a_copy_nor_learns_of_it(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    revise(cast.mira, dream, narrative=DRIER)

    for other in (cast.finn, cast.ezra, cast.zed):
        with pytest.raises(Http404):
            rectify(by=other.dreamer_id, contribution=UUID(lent))
        with tenant(dreamer=other.dreamer_id):
            assert has_old_copies(other.dreamer_id, dream) is False
    assert heard_by(cast.finn, stage) == [NARRATIVE]


def test_what_was_taken_back_or_is_gone_from_the_journal_is_not_corrected(cast: Cast, stage: Stage) -> None:
    gone, deleted = dream_of(cast.mira), dream_of(cast.mira, title="Another")
    taken_back, orphan = stage.share(cast.mira, gone), stage.share(cast.mira, deleted)
    revise(cast.mira, gone, narrative=DRIER)
    consent.withdraw(by=cast.mira.dreamer_id, contribution=UUID(taken_back))
    with tenant(dreamer=cast.mira.dreamer_id):
        delete_dream(by=cast.mira.dreamer, dream_id=deleted)

    for contribution in (taken_back, orphan):
        with pytest.raises(Http404):
            rectify(by=cast.mira.dreamer_id, contribution=UUID(contribution))


def test_a_restricted_copy_is_corrected_where_it_is_stored(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    restrictions.restrict(by=cast.mira.dreamer_id, contribution=UUID(lent))
    revise(cast.mira, dream, narrative=DRIER)

    assert rectify(by=cast.mira.dreamer_id, contribution=UUID(lent)) is True
    assert heard_by(cast.finn, stage) == []

    restrictions.lift_restriction(by=cast.mira.dreamer_id, contribution=UUID(lent))
    assert heard_by(cast.finn, stage) == [DRIER]
    with tenant(guild=cast.lantern.pk):
        assert Subject.objects.get(contribution=lent).restricted_at is None
