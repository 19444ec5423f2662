import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.http import Http404

from guild.journal import selectors, services
from guild.journal.enums import Emotion
from guild.journal.errors import DraftRefused, EditedElsewhere, StagedImportGone
from guild.journal.highlights import Query
from guild.journal.models import STAGED_FOR, Dream, DreamRevision, StagedImport
from guild.journal.records import Draft, Ratings
from guild.journal.sealed_rows import Keyring, fill_dream, open_dream, open_revision
from guild.tenancy.context import tenant
from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed, SealBroken
from tests.cast import Cast

Within = Callable[[Any], AbstractContextManager[Any]]
NIGHT = date(2025, 5, 3)
LANE = Draft(
    narrative="The sea came up the lane.\n\nI was afraid, and then I was not.",
    dreamed_on=NIGHT,
    title="The lane",
    ratings=Ratings(apprehension=2, happiness=1),
    lucidity=0,
    vividness=4,
    recall=3,
    kind="recurring",
    tags=("sea", "lane"),
    people=("Ines",),
    places=("home",),
)


@pytest.fixture
def mine(cast: Cast, within: Within) -> Any:
    """Mira's own tenant, for the length of a test."""
    with within(cast.mira):
        yield cast.mira.dreamer


def test_write_dream_is_read_back_whole(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)

    dream = selectors.dream_for(mine.pk, dream_id)

    assert dream.draft == LANE
    assert (dream.id, dream.dreamer_id, dream.revision) == (dream_id, mine.pk, 1)
    assert (dream.valence, dream.arousal) == (pytest.approx(-0.1), pytest.approx(0.45))


def test_write_dream_stores_its_reading_sealed(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)

    reading = selectors.reading_for(mine.pk, dream_id)

    assert reading.texts == ("The sea came up the lane.", "I was afraid, and then I was not.")
    assert reading.points.shape == (2, 256)


def test_write_dream_leaves_no_word_in_the_table(live_cast: Cast, superuser: psycopg.Connection) -> None:
    mira = live_cast.mira.dreamer
    with tenant(dreamer=mira.pk):
        dream_id = services.write_dream(by=mira, draft=LANE)
        services.revise_dream(
            by=mira, dream_id=dream_id, draft=replace(LANE, title="The quay"), expected_revision=1
        )
        services.stage_import(by=mira, data=b"2025-05-03\nThe Sea stood up.")

    rows = [
        row
        for table in ("journal_dream", "journal_revision", "journal_staged_import")
        for row in superuser.execute(f"SELECT t::text FROM {table} t").fetchall()
    ]

    # bytea is shown in hex: the words are looked for as they are and as hex.
    text = " ".join(row[0] for row in rows).lower()
    assert len(rows) == 3
    for word in ("sea", "lane", "quay", "afraid", "ines"):
        assert word not in text
        assert word.encode().hex() not in text


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"narrative": " \n "}, "narrative", "Write the dream first: a few words are enough."),
        ({"narrative": "a\x00b"}, "narrative", "not text"),
        ({"narrative": "x" * 1_000_000}, "narrative", "500,000 is the most"),
        ({"dreamed_on": date(2999, 1, 1)}, "dreamed_on", "has not begun yet"),
        ({"title": "x" * 201}, "title", "Keep the title to 200"),
        ({"lucidity": 5}, "lucidity", "from 0 to 4"),
        ({"kind": "vision"}, "kind", "not a kind of dream"),
    ],
)
def test_write_dream_refuses_with_the_field_and_a_sentence(
    mine: Any, change: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(DraftRefused) as refusal:
        services.write_dream(by=mine, draft=replace(LANE, **change))

    (problem,) = refusal.value.problems
    assert problem.field == field
    assert sentence in problem.sentence
    assert Dream.objects.count() == 0


@pytest.mark.parametrize(
    "narrative",
    [
        "أنا في البيت. هل أبي هنا؟",
        "😂🙂",
        "夢を見た",
        "word " * 99_999,
        "The dog walked in and looked at me. " * 10_000,
    ],
    ids=["right-to-left", "emoji", "japanese", "half a megabyte", "ten thousand sentences"],
)
def test_write_dream_keeps_any_language_and_length(mine: Any, narrative: str) -> None:
    narrative = narrative.strip()

    dream_id = services.write_dream(by=mine, draft=Draft(narrative=narrative, dreamed_on=NIGHT))

    assert selectors.dream_for(mine.pk, dream_id).narrative == narrative


def test_write_dream_with_the_same_form_key_is_one_dream(mine: Any) -> None:
    form_key = uuid.uuid4()

    first = services.write_dream(by=mine, draft=LANE, form_key=form_key)
    second = services.write_dream(by=mine, draft=LANE, form_key=form_key)

    assert first == second
    assert Dream.objects.count() == 1


def test_write_dream_that_loses_a_race_gives_the_dream_that_won(
    mine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    form_key = uuid.uuid4()
    won = services.write_dream(by=mine, draft=LANE, form_key=form_key)
    looks = iter([None, won])
    monkeypatch.setattr(services, "_written_with", lambda by, key: next(looks))

    assert services.write_dream(by=mine, draft=LANE, form_key=form_key) == won
    assert Dream.objects.count() == 1


def test_revise_dream_keeps_the_old_words_as_a_revision(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)
    changed = replace(LANE, narrative="The tide came up the lane.", ratings=Ratings(), tags=())

    revision = services.revise_dream(by=mine, dream_id=dream_id, draft=changed, expected_revision=1)

    dream = selectors.dream_for(mine.pk, dream_id)
    (old,) = selectors.revisions_for(mine.pk, dream_id)
    assert (revision, dream.revision, dream.draft) == (2, 2, changed)
    assert (old.revision, old.draft) == (1, LANE)
    assert selectors.reading_for(mine.pk, dream_id).texts == ("The tide came up the lane.",)


def test_revise_dream_with_nothing_changed_writes_nothing(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)

    assert services.revise_dream(by=mine, dream_id=dream_id, draft=LANE, expected_revision=1) == 1
    assert DreamRevision.objects.count() == 0


def test_revise_dream_that_was_changed_elsewhere_is_refused(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)
    services.revise_dream(by=mine, dream_id=dream_id, draft=replace(LANE, title="One"), expected_revision=1)

    with pytest.raises(EditedElsewhere, match="changed in another window"):
        services.revise_dream(
            by=mine, dream_id=dream_id, draft=replace(LANE, title="Two"), expected_revision=1
        )

    assert selectors.dream_for(mine.pk, dream_id).title == "One"


def test_accept_suggestion_makes_it_the_dreamers_own_rating_once(mine: Any) -> None:
    unrated = replace(LANE, ratings=Ratings(happiness=1))
    dream_id = services.write_dream(by=mine, draft=unrated)

    services.accept_suggestion(by=mine, dream_id=dream_id, emotion=Emotion.APPREHENSION)
    services.accept_suggestion(by=mine, dream_id=dream_id, emotion=Emotion.APPREHENSION)

    dream = selectors.dream_for(mine.pk, dream_id)
    assert (dream.revision, dream.emotions) == (2, Ratings(apprehension=2, happiness=1))


@pytest.mark.parametrize("emotion", [Emotion.HAPPINESS, Emotion.ANGER, Emotion.CONFUSION])
def test_accept_suggestion_neither_overrides_a_rating_nor_invents_one(mine: Any, emotion: Emotion) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)

    services.accept_suggestion(by=mine, dream_id=dream_id, emotion=emotion)

    assert selectors.dream_for(mine.pk, dream_id).draft == LANE


def test_delete_dream_takes_its_revisions_along(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)
    services.revise_dream(by=mine, dream_id=dream_id, draft=replace(LANE, title="One"), expected_revision=1)

    services.delete_dream(by=mine, dream_id=dream_id)

    assert (Dream.objects.count(), DreamRevision.objects.count()) == (0, 0)
    with pytest.raises(Http404):
        services.delete_dream(by=mine, dream_id=dream_id)


def test_a_stranger_reads_and_writes_nothing(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        dream_id = services.write_dream(by=cast.mira.dreamer, draft=LANE)
    stranger = cast.zed.dreamer
    with within(cast.zed):
        for attempt in (
            lambda: selectors.dream_for(stranger.pk, dream_id),
            lambda: selectors.dream_for(cast.mira.dreamer_id, dream_id),
            lambda: selectors.reading_for(cast.mira.dreamer_id, dream_id),
            lambda: services.delete_dream(by=cast.mira.dreamer, dream_id=dream_id),
            lambda: services.revise_dream(
                by=cast.mira.dreamer, dream_id=dream_id, draft=LANE, expected_revision=1
            ),
        ):
            with pytest.raises(Http404):
                attempt()
        assert selectors.recent_dreams_for(cast.mira.dreamer_id, 9) == []
        assert selectors.search_for(cast.mira.dreamer_id, Query.parse("sea")) == []
        assert Dream.objects.count() == 0


def test_a_member_of_the_same_guild_is_a_stranger_to_the_journal(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        services.write_dream(by=cast.mira.dreamer, draft=LANE)
    with within(cast.ayla):
        assert Dream.objects.count() == 0
        with pytest.raises(Exception, match="row-level security"):
            Dream.objects.create(
                dreamer_id=cast.mira.dreamer_id,
                key_id=uuid.uuid4(),
                dreamed_on=NIGHT,
                title_sealed=b"",
                narrative_sealed=b"",
                details_sealed=b"",
                reading_sealed=b"",
            )


def test_a_revision_cannot_be_of_somebody_elses_dream(cast: Cast, within: Within) -> None:
    with within(cast.mira):
        dream_id = services.write_dream(by=cast.mira.dreamer, draft=LANE)
    theirs = DreamRevision(
        dreamer_id=cast.ayla.dreamer_id, dream_id=dream_id, key_id=uuid.uuid4(), revision=1, draft_sealed=b""
    )

    with pytest.raises(IntegrityError, match="journal_revision_own_dream"):
        save_at_once(theirs, within(cast.ayla))


def save_at_once(row: DreamRevision, whose: AbstractContextManager[Any]) -> None:
    """Save, and let the deferred constraints speak before the transaction ends."""
    with whose:
        row.save(force_insert=True)
        connection.check_constraints()


@pytest.mark.parametrize("column", ["narrative_sealed", "title_sealed", "details_sealed"])
def test_words_swapped_between_rows_do_not_open(mine: Any, column: str) -> None:
    one, other = (
        services.write_dream(by=mine, draft=replace(LANE, narrative=f"Dream {number}.")) for number in (1, 2)
    )
    Dream.objects.filter(pk=one).update(**{column: getattr(Dream.objects.get(pk=other), column)})

    with pytest.raises(SealBroken):
        selectors.dream_for(mine.pk, one)


def test_an_old_revisions_words_do_not_open_as_the_present_ones(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)
    before = Dream.objects.get(pk=dream_id).narrative_sealed
    services.revise_dream(
        by=mine, dream_id=dream_id, draft=replace(LANE, narrative="Else."), expected_revision=1
    )
    Dream.objects.filter(pk=dream_id).update(narrative_sealed=before)

    with pytest.raises(SealBroken):
        selectors.dream_for(mine.pk, dream_id)


def test_destroying_a_dreamers_keys_erases_the_journal(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)

    assert len(vault.destroy_personal_keys(dreamer=mine.pk)) == 1

    with pytest.raises(KeyDestroyed, match="erased"):
        selectors.dream_for(mine.pk, dream_id)


def test_deleting_a_dream_destroys_its_key_and_no_other(mine: Any) -> None:
    gone, kept = (services.write_dream(by=mine, draft=draft) for draft in (LANE, replace(LANE, title="Two")))
    services.revise_dream(by=mine, dream_id=gone, draft=replace(LANE, title="One"), expected_revision=1)
    row, revision = Dream.objects.get(pk=gone), DreamRevision.objects.get(dream_id=gone)

    services.delete_dream(by=mine, dream_id=gone)

    for dumped in (partial(open_dream, row), partial(open_revision, revision)):
        with pytest.raises(KeyDestroyed, match="erased"):
            dumped(keyring=Keyring())
    assert selectors.dream_for(mine.pk, kept).title == "Two"


def test_a_dream_from_before_it_had_a_key_of_its_own_gets_one_when_it_is_revised(mine: Any) -> None:
    dream_id = services.write_dream(by=mine, draft=LANE)
    row = Dream.objects.get(pk=dream_id)
    row.key_id = shared = vault.dreamer_key(mine.pk)
    fill_dream(row, LANE, keyring=Keyring())
    row.save()

    services.revise_dream(by=mine, dream_id=dream_id, draft=replace(LANE, title="Two"), expected_revision=1)

    assert (
        Dream.objects.get(pk=dream_id).key_id == DreamRevision.objects.get(dream_id=dream_id).key_id != shared
    )
    assert [old.draft for old in selectors.revisions_for(mine.pk, dream_id)] == [LANE]


def test_stage_import_adds_nothing_until_it_is_confirmed(mine: Any) -> None:
    staged_id = services.stage_import(
        by=mine, data=b"2025-05-03\nThe sea.\n2025-05-04\nA lamp.\n2999-01-01\nNo."
    )

    plan = selectors.staged_import_for(mine.pk, staged_id)
    assert ([item.line for item in plan.accepted], [item.line for item in plan.refused]) == ([1, 3], [5])
    assert Dream.objects.count() == 0

    assert services.confirm_import(by=mine, staged_id=staged_id) == 2
    assert [dream.narrative for dream in selectors.recent_dreams_for(mine.pk, 9)] == ["A lamp.", "The sea."]
    assert StagedImport.objects.count() == 0


def test_confirm_import_twice_adds_once(mine: Any) -> None:
    staged_id = services.stage_import(by=mine, data=b"2025-05-03\nThe sea.")
    services.confirm_import(by=mine, staged_id=staged_id)

    with pytest.raises(StagedImportGone, match="already finished"):
        services.confirm_import(by=mine, staged_id=staged_id)

    assert Dream.objects.count() == 1


def test_confirm_import_leaves_out_what_came_in_meanwhile(mine: Any) -> None:
    first = services.stage_import(by=mine, data=b"2025-05-03\nThe sea.\n2025-05-04\nA lamp.")
    second = services.stage_import(by=mine, data=b"2025-05-03\nThe sea.")
    services.confirm_import(by=mine, staged_id=second)

    assert services.confirm_import(by=mine, staged_id=first) == 1
    assert Dream.objects.count() == 2


def test_stage_import_knows_what_is_in_the_journal_already(mine: Any) -> None:
    services.write_dream(by=mine, draft=Draft(narrative="The sea.", dreamed_on=NIGHT))

    plan = selectors.staged_import_for(
        mine.pk, services.stage_import(by=mine, data=b"2025-05-03\nThe  SEA.\n2025-05-04\nA lamp.")
    )

    assert [item.draft.narrative for item in plan.accepted] == ["A lamp."]
    assert [item.reason for item in plan.refused] == ["This dream is already in your journal."]


def test_stage_import_forgets_what_was_never_confirmed(mine: Any) -> None:
    old = services.stage_import(by=mine, data=b"2025-05-03\nThe sea.")
    StagedImport.objects.filter(pk=old).update(
        staged_at=StagedImport.objects.get(pk=old).staged_at - STAGED_FOR - timedelta(minutes=1)
    )

    with pytest.raises(StagedImportGone):
        selectors.staged_import_for(mine.pk, old)
    with pytest.raises(StagedImportGone):
        services.confirm_import(by=mine, staged_id=old)

    new = services.stage_import(by=mine, data=b"2025-05-04\nA lamp.")

    assert list(StagedImport.objects.values_list("pk", flat=True)) == [new]


def test_discard_import_is_final_and_may_be_repeated(mine: Any) -> None:
    staged_id = services.stage_import(by=mine, data=b"2025-05-03\nThe sea.")

    services.discard_import(by=mine, staged_id=staged_id)
    services.discard_import(by=mine, staged_id=staged_id)

    with pytest.raises(StagedImportGone):
        selectors.staged_import_for(mine.pk, staged_id)
