"""Lending to a session: what is copied, under which terms, and what cannot be lent."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404
from django.utils import timezone

from governance.consent import selectors as consents
from governance.consent import standings
from governance.consent.enums import Purpose
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from lounges.sessions import hearing, loans, selectors
from lounges.sessions.errors import Invalid, NotNow
from lounges.sessions.models import CommandReceipt, Contribution
from tests.cast import Cast
from tests.lounges.sessions_stage import EVERYTHING, NARRATIVE, Stage, dream_of, in_guild_of


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return Stage(cast.ayla)


def test_shared_dream_is_a_sealed_copy_heard_through_the_gate(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    with in_guild_of(cast.ayla):
        row = Contribution.objects.get(pk=lent)
        session = selectors.heard_session_for(cast.ayla, stage.session.pk)
        before = Leaf.objects.count()
        (telling,) = hearing.transcript_for(cast.ayla, session)
        assert Leaf.objects.count() == before + 1
    assert NARRATIVE.encode()[:20] not in bytes(row.text_sealed)
    assert (telling.title, telling.text, telling.note) == ("The house", NARRATIVE, "")
    assert (telling.name, telling.is_mine, telling.extent) == ("Mira", False, "the whole dream")
    with tenant(dreamer=cast.mira.dreamer_id):
        (use,) = standings.uses_for(cast.mira.dreamer_id)
    assert (use.purpose, use.contribution, use.on, use.subject) == (
        Purpose.SHARE_IN_SESSION,
        UUID(lent),
        "session",
        stage.session.pk,
    )


def test_every_answer_is_stated_refusals_too(cast, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    until = timezone.now() + timedelta(days=3)
    answers = {**EVERYTHING, "quote": False}
    stage.share(cast.mira, purposes=answers, depth=0.25, expires_at=until.isoformat())
    with tenant(dreamer=cast.mira.dreamer_id):
        (dream,) = standings.statements_for(cast.mira.dreamer_id)
    stated = {standing.purpose.value: standing.state.value for standing in dream.standings}
    assert stated == {
        "share_in_session": "given",
        "blend": "given",
        "quote": "refused",
        "publish_to_guild": "refused",
    }
    assert {(standing.depth, standing.expires_at) for standing in dream.standings} == {(0.25, until)}


def test_a_dream_lent_to_the_blend_alone_is_not_told(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    lent = stage.share(cast.mira, purposes={**EVERYTHING, "share_in_session": False})
    with in_guild_of(cast.ayla):
        telling = hearing.telling_for(cast.ayla, stage.session, UUID(lent))
        assert [item.contribution for item in selectors.lent_in(stage.session)] == [UUID(lent)]
    assert (telling.text, telling.note) == ("", hearing.UNTOLD)
    with pytest.raises(NotNow, match="blend alone"):
        stage.do(cast.ayla, "session.associate", contribution=lent, text="Nothing.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purposes": {}}, "share_in_session"),
        ({"purposes": {**EVERYTHING, "blend": None}}, "blend"),
        ({"purposes": {**EVERYTHING, "blend": "yes"}}, "purposes"),
        ({"purposes": {**EVERYTHING, "share_in_session": False, "blend": False}}, "share_in_session"),
        ({"depth": None}, "depth"),
        ({"depth": 1.5}, "depth"),
        ({"depth": float("nan")}, "depth"),
        ({"depth": True}, "depth"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"depth": 10**400}, "depth"),
        ({"\ud800": 1}, "?"),
        ({"extent": "half"}, "extent"),
        ({"extent": "excerpt", "excerpt": "words that were never dreamt"}, "excerpt"),
        ({"extent": "excerpt", "excerpt": "  "}, "excerpt"),
        ({"extent": "retold", "excerpt": "x" * 20_001}, "excerpt"),
        ({"extent": "retold", "excerpt": "\x00"}, "excerpt"),
        ({"dream": "nonsense"}, "dream"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_terms_that_cannot_stand_name_their_field(cast, stage, changes, field):
    stage.join(cast.mira)
    stage.go_to("sharing")
    dream = dream_of(cast.mira)
    with pytest.raises(Invalid) as refused:
        stage.share(cast.mira, **{"dream": str(dream), **changes})
    assert refused.value.field == field
    assert str(refused.value).rstrip("?").endswith((".", "blended", "session"))
    with in_guild_of(cast.mira):
        assert (
            Contribution.objects.count(),
            CommandReceipt.objects.filter(method="session.share").count(),
        ) == (
            0,
            0,
        )


def test_nobody_crowds_the_others_out_of_a_blend(cast, stage, monkeypatch):
    monkeypatch.setattr(loans, "MOST_LENT", 2)
    stage.join(cast.mira, cast.finn)
    stage.go_to("sharing")
    first = stage.share(cast.mira)
    stage.share(cast.mira)
    with pytest.raises(NotNow, match="withdraw one first"):
        stage.share(cast.mira)
    stage.share(cast.finn)
    stage.do(cast.mira, "session.withdraw", contribution=first)
    stage.share(cast.mira)


def test_depth_is_nothing_where_blending_is_refused(cast, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira, purposes={**EVERYTHING, "blend": False}, depth=0.9)
    with in_guild_of(cast.mira):
        assert consents.terms_of(UUID(lent)).depth == 0


@pytest.mark.parametrize(
    ("extent", "words", "lent"),
    [
        ("excerpt", "The walls   were\nwarm.", "The walls   were\nwarm."),
        ("excerpt", "  kept adding rooms ", "kept adding rooms"),
        ("retold", "A house grew while I walked in it.", "A house grew while I walked in it."),
    ],
)
def test_a_part_of_a_dream_is_lent_without_its_title(cast, stage, extent, words, lent):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    contribution = stage.share(cast.mira, extent=extent, excerpt=words)
    with in_guild_of(cast.ayla):
        telling = hearing.telling_for(cast.ayla, stage.session, UUID(contribution))
    assert (telling.title, telling.text) == ("", lent)


def test_only_ones_own_dream_is_lent_and_only_once_at_a_time(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    dream = dream_of(cast.mira)
    with pytest.raises(Http404):
        stage.share(cast.ayla, dream)
    first = stage.share(cast.mira, dream)
    with pytest.raises(NotNow, match="withdraw it first"):
        stage.share(cast.mira, dream)
    stage.do(cast.mira, "session.withdraw", contribution=first)
    assert stage.share(cast.mira, dream) != first


def test_nobody_drowns_a_session_in_words(cast, stage, monkeypatch):
    monkeypatch.setattr(loans, "MOST_SAID", 2)
    stage.join(cast.mira, cast.finn)
    stage.go_to("associating")
    lent = stage.share(cast.mira)
    for _ in range(2):
        stage.do(cast.finn, "session.associate", contribution=lent, text="A lift between floors.")
    with pytest.raises(NotNow, match="let others speak"):
        stage.do(cast.finn, "session.associate", contribution=lent, text="And one more.")
    stage.do(cast.mira, "session.associate", contribution=lent, text="The same lift.")
