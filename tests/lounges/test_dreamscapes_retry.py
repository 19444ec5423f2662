"""A dreamscape that could not be made in another's place may be asked for again, even after the session."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from governance.consent.services import withdraw
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.services import appoint
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from lounges.blending.errors import BlendError
from lounges.dreamscapes import performing, recording, selectors, services
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.errors import NotToBeRetried
from lounges.dreamscapes.models import BlendRun
from lounges.sessions import services as sessions
from lounges.sessions.models import SessionEvent
from tests.cast import Cast
from tests.lounges import dreamscapes_circle as circles

ClientOf = Callable[[Membership], Client]


def failed_replacement(circle: circles.Circle, cast: Cast) -> BlendRun:
    """The session is closed, Finn took his dream back, and the blend without it failed."""
    first = circles.blend(circle)
    with tenant(guild=circle.guild, dreamer=cast.ayla.dreamer_id):
        sessions.close(session=circle.session, by=cast.ayla)
    withdraw(by=cast.finn, contribution=circle.contributions["finn"])
    with tenant(guild=circle.guild):
        run = selectors.replacement_of(circles.fresh(first))
        assert run is not None
        BlendRun.objects.filter(pk=run.pk).update(attempt=recording.MOST_ATTEMPTS)
    performing.perform_blend(guild_id=run.guild_id, run_id=run.pk)
    failed = circles.fresh(run)
    assert (failed.state, failed.failure) == (RunState.FAILED, performing.GIVEN_UP)
    return failed


def retried(run: BlendRun, by: Membership) -> BlendRun:
    with tenant(guild=run.guild_id, dreamer=by.dreamer_id):
        return services.retry(run=selectors.run_for(by, run.pk), by=by)


def address(run: BlendRun, name: str = "detail") -> str:
    return reverse(f"dreamscapes:{name}", args=["lantern", run.pk])


def test_a_retried_run_is_made_though_it_was_given_up(cast: Cast) -> None:
    run = failed_replacement(circles.settle(cast), cast)
    asked = retried(run, cast.ayla)
    assert (asked.pk, asked.state, asked.failure) == (run.pk, RunState.REQUESTED, "")
    assert asked.attempt >= run.attempt
    with tenant(guild=run.guild_id):
        leaf = decode(bytes(Leaf.objects.get(index=asked.requested_leaf).entry))
        latest = SessionEvent.objects.filter(session_id=run.session_id).order_by("-offset").first()
    assert leaf.actor == cast.ayla.pseudonym
    assert latest is not None
    assert (latest.type, latest.data) == ("blend.requested", {"id": str(run.pk)})
    performing.perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert circles.fresh(run).state == RunState.FINISHED


def test_a_retried_run_has_as_many_attempts_as_the_first_time(cast: Cast) -> None:
    run = failed_replacement(circles.settle(cast), cast)
    begun = retried(run, cast.ayla).attempt
    rounds = [recording.is_one_too_many(begun + n) for n in range(1, recording.MOST_ATTEMPTS + 2)]
    assert rounds == [False] * recording.MOST_ATTEMPTS + [True]


def test_a_failure_in_the_first_attempt_begins_a_new_round_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = failed_replacement(circles.settle(cast), cast)

    def broken(*_: object, **__: object) -> None:
        raise BlendError("These dreams cannot be blended: lend others.")

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(performing, "make", broken)
        retried(run, cast.ayla)
        performing.perform_blend(guild_id=run.guild_id, run_id=run.pk)
    again = circles.fresh(run)
    assert (again.state, again.failure) == (RunState.FAILED, "These dreams cannot be blended: lend others.")
    assert retried(run, cast.ayla).attempt == again.attempt + recording.MOST_ATTEMPTS


def test_asked_twice_it_is_asked_for_once(cast: Cast) -> None:
    run = failed_replacement(circles.settle(cast), cast)
    first = retried(run, cast.ayla)
    assert retried(run, cast.ayla).requested_leaf == first.requested_leaf


def test_only_the_host_or_a_steward_may_ask_again(cast: Cast) -> None:
    run = failed_replacement(circles.settle(cast), cast)
    with pytest.raises(Denied, match="Only the host of this session or a steward"):
        retried(run, cast.mira)
    with tenant(guild=run.guild_id, dreamer=cast.ayla.dreamer_id):
        steward = appoint(by=cast.ayla, member=cast.lara, office=Office.STEWARD)
    assert retried(run, steward).state == RunState.REQUESTED


def test_a_run_that_replaces_none_or_did_not_fail_is_not_retried(cast: Cast) -> None:
    alone = circles.blend(circles.settle(cast, "ayla"))
    with pytest.raises(NotToBeRetried, match="ask for a new one"):
        retried(alone, cast.ayla)
    run = failed_replacement(circles.settle(cast), cast)
    retried(run, cast.ayla)
    performing.perform_blend(guild_id=run.guild_id, run_id=run.pk)
    with pytest.raises(NotToBeRetried, match="did not fail"):
        retried(run, cast.ayla)


def test_with_one_dreamer_left_nothing_is_asked_for(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn", "mira")
    run = failed_replacement(circle, cast)
    withdraw(by=cast.mira, contribution=circle.contributions["mira"])
    with pytest.raises(NotToBeRetried, match="Fewer than two dreamers"):
        retried(run, cast.ayla)


def test_the_failed_page_offers_it_to_those_who_may(cast: Cast, client_of: ClientOf) -> None:
    run = failed_replacement(circles.settle(cast), cast)
    member = client_of(cast.mira)
    page = member.get(address(run)).content.decode()
    assert address(run, "retry") not in page
    assert "The host of the session or a steward can ask for it again" in page
    assert member.post(address(run, "retry")).status_code == 403
    host = client_of(cast.ayla)
    assert f'action="{address(run, "retry")}"' in host.get(address(run)).content.decode()
    answer = host.post(address(run, "retry"), follow=True)
    assert answer.redirect_chain == [(address(run), 302)]
    assert "The blend is asked for again." in answer.content.decode()


def test_a_steward_who_was_not_there_asks_again_and_sees_nothing_of_it(
    cast: Cast, client_of: ClientOf
) -> None:
    session = circles.open_session(cast.ayla, [cast.ayla, cast.finn, cast.mira])
    circles.set_stage(session, cast.ayla, "sharing")
    names = ("ayla", "finn", "mira")
    lent = {who: circles.lend(session, getattr(cast, who), circles.DREAMS[who]) for who in names}
    circles.set_stage(session, cast.ayla, "associating", "blending")
    run = failed_replacement(circles.Circle(session, cast.ayla, lent), cast)
    with tenant(guild=run.guild_id, dreamer=cast.ayla.dreamer_id):
        appoint(by=cast.ayla, member=cast.lara, office=Office.STEWARD)
    steward = client_of(cast.lara)
    assert address(run, "retry") in steward.get(address(run)).content.decode()
    answer = steward.post(address(run, "retry"), follow=True)
    assert answer.redirect_chain == [(reverse("dreamscapes:list", args=["lantern"]), 302)]
    assert steward.get(address(run)).status_code == 403
    performing.perform_blend(guild_id=run.guild_id, run_id=run.pk)
    assert steward.get(address(run)).status_code == 403


def test_what_cannot_be_asked_again_is_told_on_its_page(cast: Cast, client_of: ClientOf) -> None:
    run = circles.blend(circles.settle(cast, "ayla", "finn"))
    answer = client_of(cast.ayla).post(address(run, "retry"), follow=True)
    assert answer.redirect_chain == [(address(run), 302)]
    assert "ask for a new one" in answer.content.decode()
