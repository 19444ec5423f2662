"""What is taken back is gone: from every dreamscape, exactly, and nobody can read the old one again."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from governance.consent.enums import Purpose
from governance.consent.services import withdraw
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.services import appoint, leave
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.blending.documents import digest
from lounges.dreamscapes import selectors
from lounges.dreamscapes.enums import Because, RunState
from lounges.dreamscapes.errors import Erased
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, resume_stalled, withdraw_from
from lounges.sessions import services as sessions
from lounges.sessions.enums import EventType
from lounges.sessions.models import SessionEvent
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

Within = Callable[[Membership], AbstractContextManager[Any]]


def replacement(run: BlendRun) -> BlendRun | None:
    with tenant(guild=run.guild_id):
        return selectors.replacement_of(BlendRun.objects.get(pk=run.pk))


def performed(run: BlendRun | None) -> BlendRun:
    assert run is not None
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    return circles.fresh(run)


def shared(run: BlendRun) -> dict[str, Any]:
    with tenant(guild=run.guild_id):
        return dict(selectors.open_dreamscape(run).document)


def told(run: BlendRun, *, after: int = 0) -> list[tuple[str, dict[str, str]]]:
    with tenant(guild=run.guild_id):
        rows = SessionEvent.objects.filter(session_id=run.session_id, offset__gt=after).order_by("offset")
        return [(row.type, row.data) for row in rows]


def top_offset(run: BlendRun) -> int:
    with tenant(guild=run.guild_id):
        return SessionEvent.objects.filter(session_id=run.session_id).count()


def test_a_withdrawal_makes_the_same_dreamscape_without_it(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "lara", "ezra")
    from_the_start = circles.blend(circle)
    circles.set_stage(circle.session, cast.ayla, "sharing")
    extra = circles.lend(circle.session, cast.mira, circles.DREAMS["mira"])
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    run = circles.blend(circle)
    assert run.outputs_digest != from_the_start.outputs_digest
    before = top_offset(run)
    withdraw(by=cast.mira, contribution=extra)
    again = replacement(run)
    assert again is not None
    assert told(run, after=before) == [
        (EventType.DREAM_WITHDRAWN, {"id": str(extra)}),
        (EventType.BLEND_REQUESTED, {"id": str(again.pk)}),
        (
            EventType.DREAMSCAPE_SUPERSEDED,
            {"id": str(run.pk), "dreamscape": str(run.pk), "by": str(again.pk)},
        ),
    ]
    made = performed(again)
    assert made.state == RunState.FINISHED
    assert (made.inputs_digest, made.outputs_digest) == (
        from_the_start.inputs_digest,
        from_the_start.outputs_digest,
    )
    assert digest(shared(made)) == made.outputs_digest
    assert circles.fresh(from_the_start).state == RunState.FINISHED


def test_a_superseded_dreamscape_cannot_be_read_again(live_cast: Cast, superuser: psycopg.Connection) -> None:
    circle = circles.settle(live_cast)
    run = circles.blend(circle)
    withdraw(by=live_cast.finn, contribution=circle.contributions["finn"])
    gone = circles.fresh(run)
    assert (gone.state, gone.because) == (RunState.SUPERSEDED, Because.WITHDRAWN)
    with tenant(guild=run.guild_id, dreamer=live_cast.finn.dreamer_id):
        assert vault.is_destroyed(key_id=run.key_id)
        with pytest.raises(Erased):
            selectors.open_dreamscape(gone)
        with pytest.raises(Erased):
            selectors.reflection_for(live_cast.finn, run.pk)
    wrapped = superuser.execute("SELECT wrapped FROM vault.data_key WHERE id = %s", [run.key_id]).fetchone()
    assert wrapped == (None,)


def test_a_superseding_is_in_the_ledger(cast: Cast) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    gone = circles.fresh(run)
    with tenant(guild=run.guild_id):
        entry = decode(bytes(Leaf.objects.get(index=gone.superseded_leaf).entry))
    assert (entry.kind, entry.actor, entry.subjects) == (
        LeafKind.DREAMSCAPE_SUPERSEDED,
        "system",
        (run.outputs_digest,),
    )
    assert entry.detail == {
        "run": str(run.pk),
        "session": str(run.session_id),
        "because": "withdrawn",
    }


def test_a_withdrawn_quote_leaves_the_dream_in_and_its_words_out(cast: Cast) -> None:
    circle = circles.settle(cast, quiet=frozenset())
    run = circles.blend(circle)
    withdraw(by=cast.lara, contribution=circle.contributions["lara"], purpose=Purpose.QUOTE)
    assert circles.fresh(run).because == Because.UNQUOTED
    made = performed(replacement(run))
    document = shared(made)
    text = json.dumps(document, ensure_ascii=False)
    assert str(circle.contributions["lara"]) in {row["voice"] for row in document["report"]["voices"]}
    assert not [words for words in circles.words_of(circles.DREAMS["lara"]) if words in text]


def test_withdrawing_only_the_blend_supersedes_too(cast: Cast) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    withdraw(by=cast.lara, contribution=circle.contributions["lara"], purpose=Purpose.BLEND)
    made = performed(replacement(run))
    assert circles.fresh(run).because == Because.WITHDRAWN
    assert len(shared(made)["report"]["voices"]) == 4


def test_other_purposes_leave_the_dreamscape_alone(cast: Cast) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    withdraw(by=cast.lara, contribution=circle.contributions["lara"], purpose=Purpose.PUBLISH_TO_GUILD)
    assert circles.fresh(run).state == RunState.FINISHED


def test_with_one_dreamer_left_nothing_takes_its_place(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run = circles.blend(circle)
    before = top_offset(run)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    assert (circles.fresh(run).state, replacement(run)) == (RunState.SUPERSEDED, None)
    assert told(run, after=before)[-1] == (
        EventType.DREAMSCAPE_SUPERSEDED,
        {"id": str(run.pk), "dreamscape": str(run.pk)},
    )


def test_every_dreamscape_of_the_session_is_made_again(cast: Cast) -> None:
    circle = circles.settle(cast)
    first, second = circles.blend(circle), circles.blend(circle)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    again = [performed(replacement(run)) for run in (first, second)]
    assert again[0].pk != again[1].pk
    assert again[0].outputs_digest == again[1].outputs_digest != ""


def test_one_withdrawal_after_another_leads_to_the_latest(cast: Cast) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    middle = performed(replacement(run))
    withdraw(by=cast.lara, contribution=circle.contributions["lara"])
    last = performed(replacement(middle))
    assert replacement(run) == last
    voices = {row["voice"] for row in shared(last)["report"]["voices"]}
    assert voices == {str(circle.contributions[name]) for name in ("ayla", "ezra", "mira")}


def test_a_second_withdrawal_before_the_next_blend_is_heeded(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "lara")
    run = circles.blend(circle)
    for name in ("finn", "lara"):
        withdraw(by=getattr(cast, name), contribution=circle.contributions[name])
    again = performed(replacement(run))
    assert again.state == RunState.FAILED
    assert again.failure.startswith("One dream was lent for blending")


def test_a_dream_lent_later_stays_out_of_the_replacement(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "lara")
    run = circles.blend(circle)
    circles.set_stage(circle.session, cast.ayla, "sharing")
    circles.lend(circle.session, cast.mira, circles.DREAMS["mira"])
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    voices = {row["voice"] for row in shared(performed(replacement(run)))["report"]["voices"]}
    assert voices == {str(circle.contributions[name]) for name in ("ayla", "lara")}


def test_a_dreamer_withdraws_from_the_dreamscape_itself(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    with within(cast.mira):
        assert withdraw_from(run=run, by=cast.mira) == 1
    assert circles.fresh(run).state == RunState.SUPERSEDED
    with within(cast.mira):
        assert withdraw_from(run=run, by=cast.mira) == 0


def test_a_dreamscape_is_shut_when_a_consent_runs_out_though_no_worker_came(
    cast: Cast, within: Within, client_of: Callable[[Membership], Client]
) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run = circles.blend(circle)
    with within(cast.ayla):
        BlendRun.objects.filter(pk=run.pk).update(expires_at=timezone.now())
        over = selectors.run_for(cast.ayla, run.pk)
        assert over.state == RunState.FINISHED
        with pytest.raises(Erased):
            selectors.open_dreamscape(over)
        with pytest.raises(Erased):
            selectors.reflection_in(over, cast.ayla)
        assert selectors.opened_of([over]) == []
    page = client_of(cast.ayla).get(f"/g/{cast.ayla.guild.slug}/dreamscapes/{run.pk}/")
    assert (page.status_code, b"settled in a moment" in page.content) == (200, True)


def test_a_consent_that_runs_out_takes_the_dream_out(cast: Cast) -> None:
    now, runs_out = timezone.now(), timezone.now() + timedelta(hours=1)
    circle = circles.settle(cast, "ayla", "finn")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    circles.lend(circle.session, cast.mira, circles.DREAMS["mira"], expires_at=runs_out)
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    run = circles.blend(circle)
    assert run.state == RunState.FINISHED
    assert resume_stalled(now=now) == 0
    assert resume_stalled(now=runs_out + timedelta(minutes=1)) == 1
    gone = circles.fresh(run)
    assert (gone.state, gone.because) == (RunState.SUPERSEDED, Because.EXPIRED)
    assert replacement(run) is not None
    assert resume_stalled(now=runs_out + timedelta(seconds=70)) == 0


@pytest.mark.parametrize("gone", ["has left the guild", "hosts no longer"])
def test_a_dreamscape_is_made_again_though_its_host_is_gone(cast: Cast, gone: str) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    if gone == "hosts no longer":
        with tenant(guild=circle.guild):
            type(circle.session).objects.filter(pk=circle.session.pk).update(host=cast.finn)
    else:
        with tenant(guild=circle.guild, dreamer=cast.ayla.dreamer_id):
            sessions.close(session=circle.session, by=cast.ayla)
            appoint(by=cast.ayla, member=cast.lara, office=Office.STEWARD)
            leave(by=cast.ayla)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    made = replacement(run)
    while made is not None and made.is_live:
        made = replacement(performed(made)) or circles.fresh(made)
    assert made is not None
    assert (made.state, made.failure) == (RunState.FINISHED, "")
    voices = {row["voice"] for row in shared(made)["report"]["voices"]}
    assert str(circle.contributions["finn"]) not in voices
    assert str(circle.contributions["mira"]) in voices
    with tenant(guild=made.guild_id):
        leaves = Leaf.objects.filter(index__in=[made.requested_leaf, made.use_leaf, made.ended_leaf])
        assert [decode(bytes(leaf.entry)).actor for leaf in leaves] == ["system"] * 3
