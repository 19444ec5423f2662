"""Two windows at once, on two connections: nothing is doubled and nothing is lost."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from django.db import connection

from guild.dreamers.models import Dreamer
from guild.journal import selectors, services
from guild.journal.errors import EditedElsewhere, JournalError, StagedImportGone
from guild.journal.records import Draft
from guild.tenancy.context import tenant
from tests.cast import Cast

NIGHT = date(2025, 5, 3)


def at_once(dreamer: Dreamer, *works: Callable[[], Any]) -> list[Any]:
    """Every work in its own thread and connection, begun together; an error of the journal is a result."""
    together = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with tenant(dreamer=dreamer.pk):
                together.wait(timeout=20)
                return work()
        except JournalError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_same_form_sent_in_two_requests_at_once_is_one_dream(live_cast: Cast) -> None:
    mira, form_key = live_cast.mira.dreamer, uuid.uuid4()
    draft = Draft(narrative="The sea.", dreamed_on=NIGHT)

    def send() -> uuid.UUID:
        return services.write_dream(by=mira, draft=draft, form_key=form_key)

    first, second, third = at_once(mira, send, send, send)

    with tenant(dreamer=mira.pk):
        kept = selectors.recent_dreams_for(mira.pk, 9)
    assert first == second == third
    assert [dream.id for dream in kept] == [first]


def test_of_two_changes_at_once_one_is_kept_and_one_is_told(live_cast: Cast) -> None:
    mira = live_cast.mira.dreamer
    with tenant(dreamer=mira.pk):
        dream_id = services.write_dream(by=mira, draft=Draft(narrative="The sea.", dreamed_on=NIGHT))

    def change(words: str) -> Callable[[], Any]:
        draft = Draft(narrative=words, dreamed_on=NIGHT)
        return lambda: services.revise_dream(by=mira, dream_id=dream_id, draft=draft, expected_revision=1)

    results = at_once(mira, change("The tide."), change("The quay."))

    with tenant(dreamer=mira.pk):
        dream = selectors.dream_for(mira.pk, dream_id)
        revisions = selectors.revisions_for(mira.pk, dream_id)
    assert sorted(map(str, results)) == sorted(map(str, [2, EditedElsewhere]))
    assert dream.narrative == ("The tide." if results[0] == 2 else "The quay.")
    assert [old.draft.narrative for old in revisions] == ["The sea."]


def test_an_import_confirmed_twice_at_once_is_added_once(live_cast: Cast) -> None:
    mira = live_cast.mira.dreamer
    with tenant(dreamer=mira.pk):
        staged_id = services.stage_import(by=mira, data=b"2025-05-03\nThe sea.\n2025-05-04\nA lamp.")

    def confirm() -> int:
        return services.confirm_import(by=mira, staged_id=staged_id)

    results = at_once(mira, confirm, confirm)

    with tenant(dreamer=mira.pk):
        kept = [dream.narrative for dream in selectors.recent_dreams_for(mira.pk, 9)]
    assert sorted(map(str, results)) == sorted(map(str, [2, StagedImportGone]))
    assert kept == ["A lamp.", "The sea."]
