"""What a session's events mean: a snapshot's state and one event give the next state. Pure.

`static/js/session.js` holds the same rules. A state is plain JSON:

    {"state": "open", "stage": "sharing",
     "participants": {membership: {"stepped_out": bool}},
     "contributions": {contribution: {"membership": membership}},       lent ones only
     "associations": {association: {"contribution": ..., "membership": ...}},
     "blend": null or {"run": ..., "state": "requested" | "finished" | "failed" | "superseded" | "halted",
                       "dreamscape": null or dreamscape},
     "resistance": {"calls": how many call for a stop, "needed": how many it takes, 0 before the first call},
     "halt": null or {"experience": ..., "run": null or the run that was stopped}}
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lounges.sessions.enums import EventType

State = dict[str, Any]
Event = Mapping[str, Any]

EMPTY: Mapping[str, Any] = {
    "state": "scheduled",
    "stage": "",
    "participants": {},
    "contributions": {},
    "associations": {},
    "blend": None,
    "resistance": {"calls": 0, "needed": 0},
    "halt": None,
}


def reduce(state: Mapping[str, Any], event: Event) -> State:
    """The state after `event`; an event of an unknown type changes nothing. Neither argument is changed."""
    rule = _RULES.get(event["type"])
    return rule(dict(state), event) if rule else dict(state)


def fold(state: Mapping[str, Any], events: Iterable[Event]) -> State:
    """The state after all of `events`, in order."""
    following = dict(state)
    for event in events:
        following = reduce(following, event)
    return following


def _opened(state: State, event: Event) -> State:
    return {**state, "state": "open", "stage": event["stage"]}


def _closed(state: State, event: Event) -> State:
    return {**state, "state": "closed"}


def _stage(state: State, event: Event) -> State:
    return {**state, "stage": event["stage"]}


def _present(state: State, event: Event) -> State:
    return {**state, "participants": {**state["participants"], event["id"]: {"stepped_out": False}}}


def _stepped_out(state: State, event: Event) -> State:
    return {**state, "participants": {**state["participants"], event["id"]: {"stepped_out": True}}}


def _shared(state: State, event: Event) -> State:
    lent = {"membership": event["membership"]}
    return {**state, "contributions": {**state["contributions"], event["id"]: lent}}


def _withdrawn(state: State, event: Event) -> State:
    """The dream goes, and with it what was said about it."""
    gone = event["id"]
    return {
        **state,
        "contributions": {key: value for key, value in state["contributions"].items() if key != gone},
        "associations": {
            key: value for key, value in state["associations"].items() if value["contribution"] != gone
        },
    }


def _associated(state: State, event: Event) -> State:
    said = {"contribution": event["contribution"], "membership": event["membership"]}
    return {**state, "associations": {**state["associations"], event["id"]: said}}


def _blend(outcome: str) -> Callable[[State, Event], State]:
    def rule(state: State, event: Event) -> State:
        blend = {"run": event["id"], "state": outcome, "dreamscape": event.get("dreamscape")}
        return {**state, "blend": blend}

    return rule


def _superseded(state: State, event: Event) -> State:
    """Only the run on show is taken off it: a newer one may already stand there."""
    blend = state["blend"]
    if blend is None or blend["run"] != event["id"]:
        return state
    return {**state, "blend": {"run": event["id"], "state": "superseded", "dreamscape": None}}


def _resistance(state: State, event: Event) -> State:
    return {**state, "resistance": {"calls": event["calls"], "needed": event["needed"]}}


def _halted(state: State, event: Event) -> State:
    """No blend is made here any more, and the one on its way is stopped."""
    blend, run = state["blend"], event.get("run")
    if blend is not None and blend["run"] == run:
        blend = {"run": run, "state": "halted", "dreamscape": None}
    return {**state, "halt": {"experience": event["experience"], "run": run}, "blend": blend}


_RULES: Mapping[str, Callable[[State, Event], State]] = {
    EventType.SESSION_OPENED: _opened,
    EventType.SESSION_CLOSED: _closed,
    EventType.STAGE_CHANGED: _stage,
    EventType.PARTICIPANT_JOINED: _present,
    EventType.PARTICIPANT_RETURNED: _present,
    EventType.PARTICIPANT_STEPPED_OUT: _stepped_out,
    EventType.DREAM_SHARED: _shared,
    EventType.DREAM_WITHDRAWN: _withdrawn,
    EventType.DREAM_RESTRICTED: _withdrawn,
    EventType.ASSOCIATION_ADDED: _associated,
    EventType.BLEND_REQUESTED: _blend("requested"),
    EventType.BLEND_FINISHED: _blend("finished"),
    EventType.BLEND_FAILED: _blend("failed"),
    EventType.DREAMSCAPE_SUPERSEDED: _superseded,
    EventType.RESISTANCE_CHANGED: _resistance,
    EventType.SESSION_HALTED: _halted,
}
