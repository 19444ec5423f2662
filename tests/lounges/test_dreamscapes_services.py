"""Blends from the request to the sealed documents."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from governance.consent.enums import Purpose
from governance.consent.models import UseSubject
from governance.consent.services import withdraw
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from governance.policies.law import with_values
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from lounges.blending.errors import BlendError
from lounges.dreamscapes import performing, selectors
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.errors import BlendUnderWay, NoReflection, NoSuchDreamscape
from lounges.dreamscapes.models import BlendRun, BlendVoice, Dreamscape, Reflection
from lounges.dreamscapes.services import perform_blend, request_blend
from lounges.sessions import services as sessions
from lounges.sessions.enums import EventType
from lounges.sessions.errors import NotNow
from lounges.sessions.models import Contribution, Session, SessionEvent
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

Within = Callable[[Membership], AbstractContextManager[Any]]


def opened(member: Membership, run: BlendRun) -> selectors.OpenDreamscape:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        return selectors.open_dreamscape(selectors.run_for(member, run.pk))


def mirrored(member: Membership, run: BlendRun) -> selectors.OpenReflection:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        return selectors.reflection_for(member, run.pk)


def leaves_of(run: BlendRun, *kinds: LeafKind) -> list[LeafKind]:
    with tenant(guild=run.guild_id):
        rows = Leaf.objects.filter(guild_id=run.guild_id, kind__in=kinds).order_by("index")
        return [decode(bytes(row.entry)).kind for row in rows]


def blend_events(run: BlendRun) -> list[tuple[str, dict[str, str]]]:
    with tenant(guild=run.guild_id):
        rows = SessionEvent.objects.filter(session_id=run.session_id).order_by("offset")
        told = [row for row in rows if row.type.startswith(("blend.", "dreamscape."))]
        return [(row.type, row.data) for row in told]


def test_a_blend_is_asked_for_made_and_recorded_once(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    assert (run.state, run.attempt, run.failure, run.left_out) == (RunState.FINISHED, 1, "", 0)
    kinds = (LeafKind.BLEND_REQUESTED, LeafKind.USE, LeafKind.DREAMSCAPE_MADE)
    assert leaves_of(run, *kinds) == list(kinds)
    assert blend_events(run) == [
        (EventType.BLEND_REQUESTED, {"id": str(run.pk)}),
        (EventType.BLEND_FINISHED, {"id": str(run.pk), "dreamscape": str(run.pk)}),
    ]
    with within(cast.ayla):
        made = decode(bytes(Leaf.objects.get(index=run.ended_leaf).entry))
    assert made.subjects == (run.inputs_digest, run.outputs_digest)
    assert made.policy_set == run.policy_set != ""
    assert made.detail["voices"] == 5
    assert made.detail["retention"] >= made.detail["floor"] == 0.6


def test_the_floor_and_every_ceiling_hold(cast: Cast) -> None:
    circle = circles.settle(cast, depth=0.9)
    report = opened(cast.finn, circles.blend(circle)).document["report"]
    assert {row["voice"] for row in report["voices"]} == {str(c) for c in circle.contributions.values()}
    assert all(row["retention"] >= 0.6 and row["given"] <= row["asked"] == 0.9 for row in report["voices"])


def test_only_those_who_allow_quoting_are_quoted(cast: Cast) -> None:
    circle = circles.settle(cast, quiet=frozenset({"ezra", "lara"}))
    shared = json.dumps(opened(cast.mira, circles.blend(circle)).document, ensure_ascii=False)
    for name in ("ezra", "lara"):
        assert not [words for words in circles.words_of(circles.DREAMS[name]) if words in shared]
    assert [words for words in circles.words_of(circles.DREAMS["finn"]) if words in shared]


def test_a_dream_that_may_not_be_blended_is_left_out(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    told = circles.lend(circle.session, cast.mira, circles.DREAMS["mira"], blend=False)
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    run = circles.blend(circle)
    assert (run.state, run.left_out) == (RunState.FINISHED, 1)
    with tenant(guild=run.guild_id):
        assert not BlendVoice.objects.filter(contribution_id=told).exists()
        assert not UseSubject.objects.filter(contribution=told, purpose=Purpose.BLEND).exists()


def test_one_use_of_every_dream_is_recorded_for_its_dreamer(cast: Cast) -> None:
    run = circles.blend(circles.settle(cast))
    with tenant(dreamer=cast.ezra.dreamer_id):
        used = UseSubject.objects.filter(purpose=Purpose.BLEND).values_list("on", "subject", "count")
        assert list(used) == [("blend", run.pk, 5)]


def test_a_reflection_is_its_dreamers_alone(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast)
    run = circles.blend(circle)
    reflection = mirrored(cast.ezra, run)
    assert [part["voice"] for part in reflection.parts] == [str(circle.contributions["ezra"])]
    own = " ".join(moment["text"] for moment in reflection.parts[0]["moments"])
    assert own == circles.DREAMS["ezra"]
    with within(cast.mira):
        seen = Reflection.objects.filter(run_id=run.pk).values_list("dreamer_id", flat=True)
        assert list(seen) == [cast.mira.dreamer_id]
    with tenant(guild=run.guild_id):
        assert not Reflection.objects.exists()


def test_a_reflection_never_holds_more_of_others_than_its_depth(cast: Cast) -> None:
    circle = circles.settle(cast, quiet=frozenset(), depth=0.2)
    part = mirrored(cast.finn, circles.blend(circle)).parts[0]
    heard = sum(len(moment["resonates"]) for moment in part["moments"])
    assert heard <= 0.2 * (heard + len(part["moments"]))


def test_a_listener_has_no_reflection(cast: Cast) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    with pytest.raises(NoReflection):
        mirrored(cast.mira, run)


def test_a_member_who_did_not_take_part_is_refused(cast: Cast) -> None:
    session = circles.open_session(cast.ayla, [cast.ayla, cast.finn])
    circles.set_stage(session, cast.ayla, "sharing")
    lent = {
        name: circles.lend(session, getattr(cast, name), circles.DREAMS[name]) for name in ("ayla", "finn")
    }
    circles.set_stage(session, cast.ayla, "associating", "blending")
    run = circles.blend(circles.Circle(session, cast.ayla, lent))
    for read in (opened, mirrored):
        with pytest.raises(Denied):
            read(cast.ezra, run)


def test_a_stranger_finds_nothing(cast: Cast, within: Within) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    for read in (opened, mirrored):
        with pytest.raises(NoSuchDreamscape):
            read(cast.zed, run)
    with within(cast.zed):
        assert [model.objects.count() for model in (BlendRun, BlendVoice, Dreamscape, Reflection)] == [0] * 4


def test_the_same_request_sent_again_is_the_same_run(cast: Cast) -> None:
    circle, key = circles.settle(cast, "ayla", "finn"), uuid4()
    first = circles.request(circle, key=key)
    assert circles.request(circle, key=key).pk == first.pk
    perform_blend(guild_id=first.guild_id, run_id=first.pk)
    assert circles.request(circle, key=key).pk == first.pk
    assert leaves_of(first, LeafKind.BLEND_REQUESTED) == [LeafKind.BLEND_REQUESTED]


def test_a_second_blend_waits_for_the_first_to_end(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    first = circles.request(circle)
    with pytest.raises(BlendUnderWay):
        circles.request(circle)
    perform_blend(guild_id=first.guild_id, run_id=first.pk)
    assert circles.blend(circle).state == RunState.FINISHED


def test_only_the_host_asks_for_a_blend(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    with within(cast.mira), pytest.raises(Denied, match="host"):
        request_blend(session=circle.session, by=cast.mira, key=uuid4())


def test_a_blend_is_asked_for_in_its_stage_of_an_open_session(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    with pytest.raises(NotNow, match="stage Blending"):
        circles.request(circle)
    with within(cast.ayla):
        sessions.close(session=circle.session, by=cast.ayla)
    with pytest.raises(NotNow, match="closed"):
        circles.request(circle)


def test_too_few_dreams_fail_with_a_sentence(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla")
    run = circles.blend(circle)
    assert run.state == RunState.FAILED
    assert run.failure.startswith("One dream was lent for blending, and a blend needs dreams of at least two")
    assert blend_events(run)[-1] == (EventType.BLEND_FAILED, {"id": str(run.pk)})
    assert leaves_of(run, LeafKind.BLEND_FAILED) == [LeafKind.BLEND_FAILED]
    with pytest.raises(NoSuchDreamscape):
        opened(cast.ayla, run)


def test_two_dreams_of_one_dreamer_are_too_few(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    circles.lend(circle.session, cast.ayla, circles.DREAMS["mira"])
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    assert circles.blend(circle).failure.startswith("2 dreams of one dreamer were lent for blending")


def test_two_dreams_of_one_dreamer_make_one_reflection_of_two_parts(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    circles.lend(circle.session, cast.ayla, circles.DREAMS["mira"])
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    assert len(mirrored(cast.ayla, circles.blend(circle)).parts) == 2


def test_nothing_lent_fails_with_a_sentence(cast: Cast) -> None:
    run = circles.blend(circles.Circle(circles.settle(cast, "ayla").session, cast.ayla, {}))
    assert run.state == RunState.FAILED


def test_a_blend_error_ends_the_run_with_its_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise BlendError("These dreams cannot be blended: lend others.")

    monkeypatch.setattr(performing, "make", broken)
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    assert (run.state, run.failure) == (RunState.FAILED, "These dreams cannot be blended: lend others.")


def test_an_altered_contribution_ends_the_run_and_opens_nothing(cast: Cast, within: Within) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    with within(cast.ayla):
        row = Contribution.objects.get(pk=circle.contributions["finn"])
        other = Contribution.objects.get(pk=circle.contributions["ayla"])
        Contribution.objects.filter(pk=row.pk).update(reading_sealed=other.reading_sealed)
    run = circles.blend(circle)
    assert (run.state, run.use_leaf) == (RunState.FAILED, None)
    assert leaves_of(run, LeafKind.USE) == []


def test_a_message_delivered_twice_makes_one_dreamscape(cast: Cast) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert circles.fresh(run) == run
    assert leaves_of(run, LeafKind.USE, LeafKind.DREAMSCAPE_MADE) == [LeafKind.USE, LeafKind.DREAMSCAPE_MADE]


def test_a_run_in_other_hands_is_left_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run = circles.request(circle)
    whole = performing.make

    def overtaken(*args: Any, **options: Any) -> Any:
        with tenant(guild=run.guild_id):
            BlendRun.objects.filter(pk=run.pk).update(attempt=2)
        return whole(*args, **options)

    monkeypatch.setattr(performing, "make", overtaken)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert (circles.fresh(run).state, circles.fresh(run).attempt) == (RunState.RUNNING, 2)
    assert leaves_of(run, LeafKind.DREAMSCAPE_MADE, LeafKind.BLEND_FAILED) == []


@pytest.mark.parametrize("purpose", [None, Purpose.BLEND])
def test_what_is_withdrawn_while_it_is_computed_is_not_in_the_dreamscape(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, purpose: Purpose | None
) -> None:
    circle = circles.settle(cast)
    alone = circles.settle(cast, "ayla", "finn", "lara", "ezra")
    whole, rounds = performing.make, []

    def interrupted(given: Any, **options: Any) -> Any:
        rounds.append(len(given))
        if len(rounds) == 1:
            withdraw(by=cast.mira, contribution=circle.contributions["mira"], purpose=purpose)
        return whole(given, **options)

    monkeypatch.setattr(performing, "make", interrupted)
    run = circles.blend(circle)
    assert (run.state, rounds) == (RunState.FINISHED, [5, 4])
    shared = json.dumps(opened(cast.ayla, run).document, ensure_ascii=False)
    assert not [words for words in circles.words_of(circles.DREAMS["mira"]) if words in shared]
    assert leaves_of(run, LeafKind.USE) == [LeafKind.USE] * 2
    assert len(opened(cast.ayla, circles.blend(alone)).document["report"]["voices"]) == 4


def test_a_floor_that_is_raised_meanwhile_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = circles.settle(cast, depth=1.0)
    whole = performing.make

    def raised(*args: Any, **options: Any) -> Any:
        with tenant(guild=circle.guild):
            Guild.objects.filter(pk=circle.guild).update(law=with_values(individuality_floor="0.85"))
        return whole(*args, **options)

    monkeypatch.setattr(performing, "make", raised)
    run = circles.blend(circle)
    report = opened(cast.ayla, run).document["report"]
    assert (run.floor, report["floor"]) == (Decimal("0.85"), 0.85)
    assert min(row["retention"] for row in report["voices"]) >= 0.85


def test_a_blend_below_the_floor_is_refused_by_the_law(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = performing.make
    monkeypatch.setattr(
        performing, "make", lambda *args, **options: replace(whole(*args, **options), retention=0.5999)
    )
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    assert run.state == RunState.FAILED
    assert "the guild's floor" in run.failure


def test_a_request_that_the_law_no_longer_allows_opens_nothing(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    run = circles.request(circle)
    with tenant(guild=run.guild_id):
        Session.objects.filter(pk=circle.session.pk).update(host=cast.finn)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    failed = circles.fresh(run)
    assert (failed.state, failed.failure) == (
        RunState.FAILED,
        "Only the host of this session may ask for a blend.",
    )
    assert leaves_of(run, LeafKind.USE) == []


def test_a_fault_of_ours_leaves_the_run_to_another_worker(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(performing, "make", broken)
    with pytest.raises(RuntimeError):
        perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert circles.fresh(run).state == RunState.RUNNING


def test_a_run_that_no_worker_ends_is_given_up(cast: Cast) -> None:
    run = circles.request(circles.settle(cast, "ayla", "finn"))
    with tenant(guild=run.guild_id):
        BlendRun.objects.filter(pk=run.pk).update(attempt=performing.MOST_ATTEMPTS)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert (circles.fresh(run).state, circles.fresh(run).failure) == (RunState.FAILED, performing.GIVEN_UP)


def test_progress_is_told_at_every_step(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(performing.events, "progress", lambda session, data: told.append(dict(data)))
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    assert [(data["step"], data["done"], data["of"]) for data in told] == [
        ("opening", 0, 3),
        ("computing", 1, 3),
        ("sealing", 2, 3),
        ("made", 3, 3),
    ]
    assert {data["id"] for data in told} == {run.pk}
