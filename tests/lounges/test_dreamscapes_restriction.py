"""A dream set aside, and a consent that says less, in what was made with it: made again, the key kept."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from governance.consent import answering, guild_acts, histories, restrictions
from governance.consent.answering import one_dream
from governance.consent.enums import Purpose, Told
from governance.consent.models import RecipientNotice
from governance.consent.purposes import REGISTRY
from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.dreamscapes import selectors
from lounges.dreamscapes.enums import Because, RunState
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, resume_stalled
from lounges.sessions.models import Contribution
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles


def replacement(run: BlendRun) -> BlendRun:
    with tenant(guild=run.guild_id):
        found = selectors.replacement_of(BlendRun.objects.get(pk=run.pk))
    assert found is not None
    perform_blend(guild_id=found.guild_id, run_id=found.pk)
    return circles.fresh(found)


def voices_of(run: BlendRun) -> set[UUID]:
    with tenant(guild=run.guild_id):
        return {voice.contribution_id for voice in selectors.voices_of(run)}


def test_a_dream_set_aside_is_superseded_out_of_every_dreamscape_and_its_key_kept(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira")
    mine = circle.contributions["mira"]
    run = circles.blend(circle)
    restrictions.restrict(by=cast.mira, contribution=mine)
    gone = circles.fresh(run)
    assert (gone.state, gone.because) == (RunState.SUPERSEDED, Because.RESTRICTED)
    made = replacement(run)
    assert (made.state, voices_of(made)) == (RunState.FINISHED, voices_of(run) - {mine})
    with tenant(guild=run.guild_id):
        assert vault.is_destroyed(key_id=run.key_id)
        assert not vault.is_destroyed(key_id=Contribution.objects.get(pk=mine).key_id)
    restrictions.lift_restriction(by=cast.mira, contribution=mine)
    assert voices_of(circles.blend(circle)) == voices_of(run)


def test_everybody_who_could_see_a_dreamscape_with_it_is_told(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "ezra")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    quiet = circles.lend(circle.session, cast.mira, circles.DREAMS["mira"], share=False)
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    run = circles.blend(circle)
    restrictions.restrict(by=cast.mira, contribution=quiet)
    with tenant(guild=run.guild_id):
        rows = list(RecipientNotice.objects.filter(contribution=quiet))
    others = {member.dreamer_id for member in cast.members} - {cast.mira.dreamer_id}
    assert {(row.dreamer_id, row.on, row.subject, row.what) for row in rows} == {
        (dreamer, "blend", run.pk, Told.RESTRICTED) for dreamer in others
    }
    with tenant(dreamer=cast.finn.dreamer_id):
        (notice,) = histories.told(
            list(histories.told_rows(cast.finn.dreamer_id)), dreamer=cast.finn.dreamer_id
        )
    assert (notice.on, notice.place) == ("blend", "")


def test_less_depth_makes_the_dreamscape_again_less_deep(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira", depth=0.6)
    run = circles.blend(circle)
    answering.give(
        by=cast.mira.dreamer_id,
        target=one_dream(circle.contributions["mira"]),
        purpose=Purpose.BLEND,
        read=REGISTRY[Purpose.BLEND].notice.digest,
        depth=0.1,
    )
    assert circles.fresh(run).because == Because.SHALLOWER
    made = replacement(run)
    assert voices_of(made) == voices_of(run)
    assert made.inputs_digest != run.inputs_digest


def test_a_nearer_end_makes_the_dreamscape_again_and_it_ends_then(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira", depth=0.6)
    run, soon = circles.blend(circle), timezone.now() + timedelta(hours=1)
    answering.give(
        by=cast.mira.dreamer_id,
        target=one_dream(circle.contributions["mira"]),
        purpose=Purpose.BLEND,
        read=REGISTRY[Purpose.BLEND].notice.digest,
        depth=0.6,
        expires_at=soon,
    )
    assert (run.expires_at, circles.fresh(run).because) == (None, Because.SHALLOWER)
    made = replacement(run)
    assert (voices_of(made), made.expires_at) == (voices_of(run), soon)


@pytest.mark.parametrize("act", [guild_acts.revoke, guild_acts.invalidate])
def test_a_consent_ended_by_the_guild_takes_the_dream_out(cast: Cast, act: object) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira")
    run = circles.blend(circle)
    with tenant(guild=run.guild_id, dreamer=cast.ezra.dreamer_id):
        act(by=cast.ezra, contribution=circle.contributions["mira"], purpose=Purpose.BLEND)  # type: ignore[operator]
    assert circles.fresh(run).because == Because.ENDED
    assert circle.contributions["mira"] not in voices_of(replacement(run))


def test_a_quote_that_runs_out_before_the_blend_ends_the_dreamscape_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira", quiet=frozenset({"mira"}))
    soon = timezone.now() + timedelta(hours=1)
    answering.give(
        by=cast.mira.dreamer_id,
        target=one_dream(circle.contributions["mira"]),
        purpose=Purpose.QUOTE,
        read=REGISTRY[Purpose.QUOTE].notice.digest,
        expires_at=soon,
    )
    run = circles.blend(circle)
    assert run.expires_at == soon
    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(minutes=1))
    resume_stalled()
    assert circles.fresh(run).because == Because.EXPIRED
