"""What is heard in a session, and for how long."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404
from django.utils import timezone

from lounges.sessions import hearing
from tests.cast import Cast
from tests.lounges.sessions_stage import Stage, in_guild_of


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return Stage(cast.ayla)


def test_what_was_said_to_a_dream_is_heard_no_longer_than_the_dream(
    cast: Cast, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    until = timezone.now() + timedelta(days=1)
    lent = stage.share(cast.mira, expires_at=until.isoformat())
    stage.go_to("associating")
    said = UUID(stage.do(cast.ayla, "session.associate", contribution=lent, text="A lift.")["association"])
    with in_guild_of(cast.ayla):
        assert hearing.said_for(cast.ayla, stage.session, said).text == "A lift."
    monkeypatch.setattr(timezone, "now", lambda: until)
    with in_guild_of(cast.ayla):
        assert hearing.telling_for(cast.ayla, stage.session, UUID(lent)).note == hearing.UNHEARD
        with pytest.raises(Http404):
            hearing.said_for(cast.ayla, stage.session, said)
