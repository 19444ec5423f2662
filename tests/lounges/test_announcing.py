"""Who is told of a halt, of an experience to be approved, and of a dream that is given back."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from governance.audits.models import Finding
from guild.tenancy.context import tenant
from lounges.experiences import services as experiences
from lounges.sessions import commands
from lounges.sessions.models import Contribution
from lounges.sessions.retention import give_back_overdue
from tests.cast import Cast
from tests.lounges.dreamscapes_circle import open_session, set_stage, settle
from tests.lounges.guild_law import give_law
from tests.told_of import forget, told

NUMBERS = {"floor": "0.70", "largest_depth": "0.30", "weave_moments": 2}


def test_a_halt_is_told_to_those_of_the_session_and_to_enforcers(cast: Cast) -> None:
    give_law(cast.lantern, halt_share="0.40")
    session = open_session(cast.ayla, [cast.mira, cast.finn])
    set_stage(session, cast.ayla, "sharing", "associating", "blending")
    forget(cast)
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
        data = {"session": str(session.pk), "key": str(uuid4())}
        commands.perform(by=cast.mira, method="session.resist", data=data)
    with tenant(guild=cast.lantern.pk):
        finding = Finding.objects.get().pk
    halted = ("halted", f"/g/lantern/sessions/{session.pk}/")
    assert told(cast) == {
        "ayla": [halted],
        "mira": [halted],
        "finn": [halted],
        "ezra": [("halt_to_rule", f"/g/lantern/oversight/findings/{finding}/")],
    }


def test_an_experience_to_be_tried_is_told_to_enforcers_once(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        version = experiences.write(by=cast.ayla, name="Slow water", description="", numbers=NUMBERS)
        for _ in range(2):
            experiences.try_out(by=cast.ayla, version=version)
    place = f"/g/lantern/experiences/{version.experience_id}/"
    assert told(cast) == {"ezra": [("experience_tried", place)]}


def test_a_dream_given_back_by_the_law_is_told_to_its_lender(cast: Cast) -> None:
    circle, now = settle(cast, "finn", "mira"), timezone.now()
    lent = circle.contributions["mira"]
    with tenant(guild=circle.guild):
        Contribution.objects.filter(pk=lent).update(lent_at=now - timedelta(days=31))
    give_law(cast.lantern, retention_days="30")
    forget(cast)
    assert give_back_overdue(now=now) == 1
    heard = told(cast)
    assert heard["mira"] == [("dream_given_back", f"/consents/{lent}/")]
    assert "dream_given_back" not in {kind for who in heard if who != "mira" for kind, _ in heard[who]}
