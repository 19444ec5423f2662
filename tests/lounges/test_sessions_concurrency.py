"""Many hands at once: one gapless order, no command lost or doubled, and no deadlock."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lounges.sessions import selectors
from lounges.sessions.errors import NotNow
from lounges.sessions.reducer import EMPTY, fold
from lounges.sessions.snapshot import snapshot_of
from tests.lounges.sessions_stage import Stage, dream_of, in_guild_of


def in_threads(*works: Any) -> list[Any]:
    """Runs every work in a thread of its own, all beginning together; gives results or exceptions."""
    begin = threading.Barrier(len(works))

    def run(work: Any) -> Any:
        try:
            begin.wait(10)
            return work()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def history(stage: Stage) -> list[tuple[int, Any]]:
    with in_guild_of(stage.host):
        session = selectors.session_for(stage.host, stage.session.pk)
        return selectors.events_after(session, offset=0, limit=500)


@pytest.fixture
def stage(live_cast):
    stage = Stage(live_cast.ayla)
    stage.join(live_cast.ayla, live_cast.mira, live_cast.finn)
    stage.go_to("associating")
    return stage


def test_the_same_command_in_many_threads_is_done_once(live_cast, stage):
    key, lent = uuid4(), stage.share(live_cast.mira)

    def say() -> Any:
        return stage.do(live_cast.ayla, "session.associate", key, contribution=lent, text="Rain.")

    replies = in_threads(*[say] * 6)
    assert all(reply == replies[0] for reply in replies)
    assert [data["type"] for _, data in history(stage)].count("association.added") == 1


def test_one_dream_lent_from_two_tabs_is_lent_once(live_cast, stage):
    dream = dream_of(live_cast.mira)
    results = in_threads(*[lambda: stage.share(live_cast.mira, dream)] * 3)
    assert [type(result) for result in results if not isinstance(result, str)] == [NotNow, NotNow]


def test_everything_at_once_stays_in_one_order_without_deadlock(live_cast, stage):
    members = (live_cast.ayla, live_cast.mira, live_cast.finn)
    snapshots: list[dict[str, Any]] = []

    def live(member: Any, seed: int) -> None:
        chance = random.Random(seed)
        mine: list[str] = []
        for _ in range(6):
            act = chance.random()
            if act < 0.4 or not mine:
                mine.append(stage.share(member))
            elif act < 0.6:
                stage.do(member, "session.withdraw", contribution=mine.pop())
            elif act < 0.8:
                stage.do(member, "session.associate", contribution=mine[-1], text="Rain.")
            else:
                stage.do(member, "session.step_out")
                stage.do(member, "session.return")

    def watch() -> None:
        for _ in range(12):
            with in_guild_of(stage.host):
                session = selectors.session_for(stage.host, stage.session.pk)
                snapshots.append(snapshot_of(session, stage.host))

    works = [lambda member=member, seed=seed: live(member, seed) for seed, member in enumerate(members)]
    assert in_threads(*works, watch) == [None] * 4
    events = history(stage)
    assert [offset for offset, _ in events] == list(range(1, len(events) + 1))
    for taken in snapshots:
        assert taken["state"] == fold(EMPTY, [data for offset, data in events if offset <= taken["offset"]])
