"""A snapshot and the events after it are the state now, for every type of event."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from governance.consent import restrictions
from lounges.sessions import events, selectors
from lounges.sessions.enums import EventType
from lounges.sessions.event_shapes import WordsRefused, checked, checked_progress
from lounges.sessions.models import Session
from lounges.sessions.reducer import EMPTY, fold, reduce
from lounges.sessions.snapshot import snapshot_of, state_of
from tests.cast import Cast
from tests.lounges.sessions_stage import Stage, in_guild_of, session_of

RUN, NEXT, SCAPE = (str(uuid4()) for _ in range(3))


class Play:
    """A session far enough along for any event, and how to bring each about."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.stage = Stage(cast.ayla)
        self.stage.join(cast.ayla, cast.mira)
        self.stage.go_to("associating")
        self.lent = self.stage.share(cast.mira)
        self.stage.do(cast.ayla, "session.associate", contribution=self.lent, text="Rain.")

    def publish(self, kind: str, **data: str | int) -> None:
        with in_guild_of(self.cast.ayla):
            events.publish(session=self.stage.session, type=kind, data=data)

    def change(self, act: Callable[..., object]) -> None:
        act(by=self.cast.mira.dreamer_id, contribution=UUID(self.lent))

    def bring_about(self, kind: EventType) -> None:
        cast, do = self.cast, self.stage.do
        acts: dict[str, Callable[[], Any]] = {
            "session.closed": lambda: do(cast.ayla, "session.close"),
            "participant.joined": lambda: self.stage.join(cast.finn),
            "participant.stepped_out": lambda: do(cast.mira, "session.step_out"),
            "participant.returned": lambda: (
                do(cast.mira, "session.step_out"),
                do(cast.mira, "session.return"),
            ),
            "dream.shared": lambda: self.stage.share(cast.ayla),
            "dream.withdrawn": lambda: do(cast.mira, "session.withdraw", contribution=self.lent),
            "dream.restricted": lambda: self.change(restrictions.restrict),
            "dream.restated": lambda: self.publish("dream.restated", id=self.lent),
            "association.added": lambda: do(
                cast.mira, "session.associate", contribution=self.lent, text="More rain."
            ),
            "stage.changed": lambda: do(cast.ayla, "session.set_stage", stage="blending"),
            "blend.requested": lambda: self.publish("blend.requested", id=RUN),
            "blend.finished": lambda: self.publish("blend.finished", id=RUN, dreamscape=SCAPE),
            "blend.failed": lambda: self.publish("blend.failed", id=RUN),
            "dreamscape.superseded": lambda: (
                self.publish("blend.finished", id=RUN, dreamscape=SCAPE),
                self.publish("dreamscape.superseded", id=RUN, by=NEXT),
            ),
            "resistance.changed": lambda: self.publish(
                "resistance.changed", id=self.stage.id, calls=1, needed=2
            ),
            "session.halted": lambda: do(cast.mira, "session.resist"),  # of two it takes one
        }
        acts[kind]()


def snapshot(stage: Stage) -> dict[str, Any]:
    with in_guild_of(stage.host):
        session = selectors.session_for(stage.host, stage.session.pk)
        return snapshot_of(session, stage.host)


def later(stage: Stage, offset: int) -> list[dict[str, Any]]:
    with in_guild_of(stage.host):
        session = selectors.session_for(stage.host, stage.session.pk)
        return [dict(data) for _, data in selectors.events_after(session, offset=offset, limit=100)]


@pytest.mark.parametrize("kind", [kind for kind in EventType if kind != EventType.SESSION_OPENED])
def test_snapshot_and_later_events_are_the_state_now(cast, kind):
    play = Play(cast)
    before = snapshot(play.stage)
    play.bring_about(kind)
    following = later(play.stage, before["offset"])
    assert following[-1]["type"] == kind
    after = snapshot(play.stage)
    assert after["offset"] == before["offset"] + len(following)
    assert fold(before["state"], following) == after["state"]
    assert before["state"] != after["state"] or kind in {"participant.returned", "dream.restated"}


def test_a_dream_that_comes_back_brings_what_was_said_to_it(cast):
    play = Play(cast)
    before = snapshot(play.stage)
    play.change(restrictions.restrict)
    play.change(restrictions.lift_restriction)
    following = later(play.stage, before["offset"])
    assert [event["type"] for event in following] == [
        "dream.restricted",
        "dream.shared",
        "association.added",
    ]
    assert fold(before["state"], following) == snapshot(play.stage)["state"] == before["state"]


def test_a_planned_session_opens_in_the_state_too(cast):
    with in_guild_of(cast.ayla):
        session = session_of(cast.ayla)
        state = {**state_of(session), "state": "scheduled"}
    stage = Stage(cast.ayla)
    stage.session = session
    assert fold(state, later(stage, 0)) == snapshot(stage)["state"]


def test_the_whole_history_folds_to_the_state_now(cast):
    play = Play(cast)
    for kind in (
        EventType.PARTICIPANT_JOINED,
        EventType.DREAM_SHARED,
        EventType.BLEND_FINISHED,
        EventType.DREAM_WITHDRAWN,
        EventType.SESSION_CLOSED,
    ):
        play.bring_about(kind)
    assert fold(EMPTY, later(play.stage, 0)) == snapshot(play.stage)["state"]


def test_a_newer_blend_is_not_taken_off_by_an_older_one():
    state = fold(
        EMPTY,
        [
            {"type": "blend.finished", "id": RUN, "dreamscape": SCAPE},
            {"type": "blend.requested", "id": NEXT},
            {"type": "dreamscape.superseded", "id": RUN},
        ],
    )
    assert state["blend"] == {"run": NEXT, "state": "requested", "dreamscape": None}


def test_halt_stops_the_blend_on_show_and_no_other():
    requested = {"type": "blend.requested", "id": RUN}
    halted = {"type": "session.halted", "id": RUN, "experience": SCAPE}
    stopped = fold(EMPTY, [requested, {**halted, "run": RUN}])
    assert stopped["blend"] == {"run": RUN, "state": "halted", "dreamscape": None}
    assert stopped["halt"] == {"experience": SCAPE, "run": RUN}
    assert fold(EMPTY, [requested, halted])["blend"]["state"] == "requested"


def test_reducing_changes_neither_argument_and_ignores_what_it_does_not_know():
    event = {"type": "stage.changed", "id": RUN, "stage": "sharing"}
    assert reduce(EMPTY, event)["stage"] == "sharing"
    assert EMPTY["stage"] == ""
    assert reduce(EMPTY, {"type": "weather.changed", "id": RUN}) == dict(EMPTY)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (EventType.DREAM_SHARED, {"id": RUN, "membership": RUN, "title": "The house"}),
        (EventType.DREAM_SHARED, {"id": RUN}),
        (EventType.DREAM_WITHDRAWN, {"id": "a dream of a house"}),
        (EventType.STAGE_CHANGED, {"id": RUN, "stage": "Some words here"}),
        (EventType.BLEND_FAILED, {"id": RUN, "reason": "words"}),
        (EventType.RESISTANCE_CHANGED, {"id": RUN, "calls": "two", "needed": 2}),
        (EventType.RESISTANCE_CHANGED, {"id": RUN, "calls": 1, "needed": 2, "by": RUN}),
        (EventType.DREAM_WITHDRAWN, {"id": None}),
    ],
)
def test_an_event_with_words_is_never_published(cast, kind, data):
    session = session_of(cast.ayla)
    with in_guild_of(cast.ayla):
        with pytest.raises(WordsRefused):
            events.publish(session=session, type=kind, data=data)
        assert Session.objects.get(pk=session.pk).top_offset == 1


def test_progress_carries_numbers_ids_and_plain_names():
    data = {"id": RUN, "step": "computing", "done": 1, "of": 3, "share": 0.5, "last": False}
    assert checked_progress(data) == data
    for words in ({"step": "A sentence."}, {"the words": 1}, {"text": ["x"]}, {"n": 2**60}):
        with pytest.raises(WordsRefused):
            checked_progress(words)


def test_optional_fields_may_be_absent_or_nothing():
    assert checked(EventType.DREAMSCAPE_SUPERSEDED, {"id": RUN, "by": None}) == {"id": RUN}
