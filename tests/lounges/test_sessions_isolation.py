"""Every command of a session, tried by everybody: a command without a line here fails."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from lounges.dreamscapes.errors import BlendUnderWay
from lounges.sessions import access
from lounges.sessions.commands import COMMANDS, perform
from lounges.sessions.errors import NotNow
from tests.cast import Cast
from tests.isolation.asked import questions
from tests.lounges.sessions_stage import EVERYTHING, NOTICES, Stage, dream_of, in_guild_of

DONE, FORBIDDEN, HIDDEN, NOT_NOW = "done", "forbidden", "hidden", "not now"
WHO = ("stranger", "member", "participant", "host")
EVERYBODY_INSIDE = dict(zip(WHO, (HIDDEN, DONE, DONE, DONE), strict=True))
PARTICIPANTS = dict(zip(WHO, (HIDDEN, FORBIDDEN, DONE, DONE), strict=True))
HOST = dict(zip(WHO, (HIDDEN, FORBIDDEN, FORBIDDEN, DONE), strict=True))

EXPECTED = {
    "session.join": EVERYBODY_INSIDE,
    # Whoever never joined has nowhere to come back to.
    "session.return": {**PARTICIPANTS, "member": NOT_NOW},
    "session.step_out": EVERYBODY_INSIDE,
    "session.share": PARTICIPANTS,
    "session.associate": PARTICIPANTS,
    # Only what is one's own: for anybody else it is not there.
    "session.withdraw": dict(zip(WHO, (HIDDEN, HIDDEN, DONE, HIDDEN), strict=True)),
    "session.set_stage": HOST,
    "session.blend": HOST,
    "session.close": HOST,
    "presence.beat": PARTICIPANTS,
    "session.resist": PARTICIPANTS,
    "session.relent": PARTICIPANTS,
}


class Scene:
    """A session in which everything is possible, and a person of each kind."""

    def __init__(self, cast: Cast, *, stage: str) -> None:
        self.stage = Stage(cast.ayla)
        self.stage.join(cast.ayla, cast.mira)
        self.stage.go_to("associating")
        self.lent = self.stage.share(cast.mira)
        self.stage.share(cast.ayla)
        self.stage.go_to(stage)
        self.people = dict(zip(WHO, (cast.zed, cast.finn, cast.mira, cast.ayla), strict=True))

    def data(self, method: str, who: Membership) -> dict[str, Any]:
        given: dict[str, dict[str, Any]] = {
            "session.join": {"terms": self.stage.terms},
            "session.share": {
                "dream": str(dream_of(who)),
                "extent": "whole",
                "purposes": EVERYTHING,
                "notices": NOTICES,
                "depth": 0.4,
            },
            "session.associate": {"contribution": self.lent, "text": "Rain."},
            "session.withdraw": {"contribution": self.lent},
            "session.set_stage": {"stage": "sharing"},
        }
        return {"session": self.stage.id, "key": str(uuid4()), **given.get(method, {})}

    def outcome(self, method: str, who: Membership) -> str:
        """What came of it; in `asked`, what the law was asked."""
        try:
            with in_guild_of(who), questions() as self.asked:
                perform(by=who, method=method, data=self.data(method, who))
        except Http404:
            return HIDDEN
        except PermissionDenied:
            return FORBIDDEN
        except NotNow:
            return NOT_NOW
        return DONE


def test_every_command_is_listed():
    assert {str(method) for method in COMMANDS} == set(EXPECTED)


@pytest.mark.parametrize("method", EXPECTED)
def test_commands_by_everybody(cast, method):
    outcomes, asked = {}, {}
    for who in WHO:
        scene = Scene(cast, stage="blending" if method == "session.blend" else "associating")
        outcomes[who] = scene.outcome(method, scene.people[who])
        asked[who] = bool(scene.asked)
    assert outcomes == EXPECTED[method]
    assert [who for who in WHO if outcomes[who] != HIDDEN and not asked[who]] == []


@pytest.mark.parametrize("method", EXPECTED)
def test_a_former_member_finds_nothing_over_the_socket(cast, method, client_of):
    scene = Scene(cast, stage="associating")
    mira = cast.mira
    key = client_of(mira).cookies["sessionid"].value
    with in_guild_of(cast.ayla):
        end_membership(membership=mira)
    with pytest.raises(Http404):
        access.perform(
            session_key=key, dreamer=mira.dreamer_id, method=method, data=scene.data(method, cast.ayla)
        )


def test_one_blend_at_a_time(cast):
    scene = Scene(cast, stage="blending")
    assert scene.outcome("session.blend", cast.ayla) == DONE
    with in_guild_of(cast.ayla), pytest.raises(BlendUnderWay):
        perform(by=cast.ayla, method="session.blend", data=scene.data("session.blend", cast.ayla))
