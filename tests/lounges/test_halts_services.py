"""Any participant may call for a stop; at the guild's threshold the blend stops, and stays stopped."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.services import admit, appoint, remove
from governance.oversight import ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.errors import NotNow as NotRuledNow
from governance.oversight.ruling import Draft
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.vault.models import DataKey, KeyKind
from lounges.dreamscapes import performing, services
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun, Dreamscape
from lounges.experiences import selectors as experiences
from lounges.experiences.models import Experience
from lounges.halts.errors import StoppedAlready
from lounges.halts.models import Call, Halt
from lounges.halts.selectors import WAITS_FOR_RULING, awaiting_ruling
from lounges.halts.threshold import needed
from lounges.sessions import commands, loans
from lounges.sessions import services as sessions
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.errors import NotNow
from lounges.sessions.models import Session
from tests.cast import Cast, join
from tests.governance.audited import audit, standing
from tests.governance.audited import settle as recorded
from tests.lounges.dreamscapes_circle import Circle, open_session, set_stage, settle
from tests.lounges.guild_law import give_law


def do(circle: Circle, member: Any, method: str, key: Any = None) -> dict[str, Any]:
    data = {"session": str(circle.session.pk), "key": str(key or uuid4())}
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        return dict(commands.perform(by=member, method=method, data=data))


def resist(circle: Circle, *members: Any) -> dict[str, Any]:
    return [do(circle, member, "session.resist") for member in members][-1]


def ask(circle: Circle) -> BlendRun:
    host = circle.host
    with tenant(guild=host.guild_id, dreamer=host.dreamer_id):
        return services.request_blend(session=circle.session, by=host, key=uuid4())


def state_of(run: BlendRun) -> str:
    with tenant(guild=run.guild_id):
        return BlendRun.objects.get(pk=run.pk).state


def leaves(circle: Circle, *kinds: str) -> list[Any]:
    with tenant(guild=circle.guild):
        rows = Leaf.objects.filter(guild_id=circle.guild, kind__in=kinds).order_by("index")
        return [decode(bytes(row.entry)) for row in rows]


def empty_circle(cast: Any) -> Circle:
    """Ayla's session in the blending stage, with five participants and nothing lent."""
    session = open_session(cast.ayla, cast.members)
    set_stage(session, cast.ayla, "sharing", "associating", "blending")
    return Circle(session=session, host=cast.ayla, contributions={})


@pytest.fixture
def circle(cast: Cast) -> Circle:
    """Five participants; at 0.40 it takes two calls."""
    give_law(cast.lantern, halt_share="0.40")
    return empty_circle(cast)


@pytest.fixture
def lent(cast: Cast) -> Circle:
    """The same, with three dreams lent."""
    give_law(cast.lantern, halt_share="0.40")
    return settle(cast, "finn", "mira", "lara")


@pytest.mark.parametrize(
    ("share", "participants", "calls"),
    [
        ("0.34", 0, 1),
        ("0.34", 1, 1),
        ("0.34", 3, 2),
        ("0.33", 3, 1),
        ("0.50", 4, 2),
        ("0.50", 5, 3),
        ("1.00", 7, 7),
        ("0.10", 10, 1),
        ("0.07", 100, 7),
    ],
)
def test_threshold_is_the_share_rounded_up_exactly(share: str, participants: int, calls: int) -> None:
    assert needed(Decimal(share), participants=participants) == calls


def test_call_below_the_threshold_stops_nothing_and_names_nobody(cast: Cast, circle: Circle) -> None:
    run = ask(circle)
    reply = resist(circle, cast.mira)
    assert {name: reply[name] for name in ("calls", "needed", "halted")} == {
        "calls": 1,
        "needed": 2,
        "halted": False,
    }
    assert state_of(run) == RunState.REQUESTED
    (leaf,) = leaves(circle, "blend.resisted")
    with tenant(guild=circle.guild):
        call = Call.objects.get()
    assert (leaf.actor, leaf.subjects) == ("system", (call.commitment,))
    assert str(cast.mira.pseudonym) not in str(leaf)


def test_one_call_a_person_from_however_many_tabs(cast: Cast, circle: Circle) -> None:
    first = do(circle, cast.mira, "session.resist")
    again = [do(circle, cast.mira, "session.resist") for _ in range(3)]
    assert [reply["calls"] for reply in (first, *again)] == [1, 1, 1, 1]
    do(circle, cast.finn, "session.relent")
    assert (do(circle, cast.mira, "session.relent")["calls"], len(leaves(circle, "blend.resisted"))) == (0, 1)


def test_threshold_stops_the_blend_suspends_and_brings_it_before_the_enforcers(
    cast: Cast, circle: Circle
) -> None:
    run = ask(circle)
    reply = resist(circle, cast.mira, cast.finn)
    assert (reply["calls"], reply["needed"], reply["halted"]) == (2, 2, True)
    assert state_of(run) == RunState.HALTED
    with tenant(guild=circle.guild, dreamer=cast.ezra.dreamer_id):
        halt, finding = Halt.objects.get(), Finding.objects.get()
        assert experiences.plain_of(circle.guild).is_suspended
    assert (halt.run_id, halt.finding, halt.calls, halt.needed, halt.participants, halt.share) == (
        run.pk,
        finding.pk,
        2,
        2,
        5,
        "0.40",
    )
    assert (finding.rule, finding.row, finding.audit_id) == ("session.halted", str(halt.pk), None)
    (leaf,) = leaves(circle, "blend.halted")
    assert leaf.detail == {
        "session": str(circle.session.pk),
        "runs": [str(run.pk)],
        "experience": str(experiences.plain_id(circle.guild)),
        "version": None,
        "calls": 2,
        "participants": 5,
        "needed": 2,
        "share": "0.40",
    }


def test_nothing_is_blended_in_the_session_any_more(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira, cast.finn)
    with tenant(guild=circle.guild, dreamer=cast.ayla.dreamer_id):
        session = Session.objects.get(pk=circle.session.pk)
        with pytest.raises(Denied, match="stopped its blend"):
            services.request_blend(session=session, by=cast.ayla, key=uuid4())
    with pytest.raises(Denied, match="suspended"):  # a page that was open before knows of no halt
        ask(circle)


def test_worker_at_work_notices_and_stores_nothing(
    cast: Cast, lent: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle = lent
    run, make = ask(circle), performing.make

    def made_while_people_call(*arguments: Any, **options: Any) -> Any:
        done = make(*arguments, **options)
        resist(circle, cast.mira, cast.finn)
        return done

    monkeypatch.setattr(performing, "make", made_while_people_call)
    services.perform_blend(guild_id=circle.guild, run_id=run.pk)
    assert state_of(run) == RunState.HALTED
    with tenant(guild=circle.guild):
        assert Dreamscape.objects.count() == 0
        assert DataKey.objects.filter(kind=KeyKind.DREAMSCAPE, owner_id=run.pk).count() == 0
    services.perform_blend(guild_id=circle.guild, run_id=run.pk)
    assert state_of(run) == RunState.HALTED


def test_withdrawal_after_a_halt_makes_nothing_again(cast: Cast, lent: Circle) -> None:
    circle = lent
    run = ask(circle)
    services.perform_blend(guild_id=circle.guild, run_id=run.pk)
    resist(circle, cast.mira, cast.finn)
    with tenant(guild=circle.guild, dreamer=cast.mira.dreamer_id):
        loans.withdraw(by=cast.mira, contribution_id=circle.contributions["mira"])
    with tenant(guild=circle.guild):
        states = dict(BlendRun.objects.values_list("pk", "state"))
    assert states == {run.pk: RunState.SUPERSEDED}


def test_call_can_be_taken_back_until_the_halt_and_not_after(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira)
    assert do(circle, cast.mira, "session.relent")["calls"] == 0
    assert do(circle, cast.mira, "session.relent")["calls"] == 0
    assert len(leaves(circle, "blend.relented")) == 1
    assert resist(circle, cast.mira, cast.finn)["halted"] is True
    with pytest.raises(StoppedAlready, match="stopped already"):
        do(circle, cast.mira, "session.relent")
    assert resist(circle, cast.lara)["calls"] == 2  # a call after the halt changes nothing


def test_who_stepped_out_may_call_and_no_step_out_stops_a_blend(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira)
    for member in (cast.ezra, cast.lara, cast.finn):
        do(circle, member, "session.step_out")
    with tenant(guild=circle.guild):
        assert Session.objects.get(pk=circle.session.pk).halted_at is None
    assert resist(circle, cast.ezra) | {"offset": 0} == {"offset": 0, "calls": 2, "needed": 2, "halted": True}


def test_who_was_removed_is_no_participant_and_raises_no_threshold(cast: Cast, circle: Circle) -> None:
    with tenant(guild=circle.guild, dreamer=cast.ayla.dreamer_id):
        for member in (cast.ezra, cast.lara, cast.finn):
            remove(by=cast.ayla, member=member)
    reply = resist(circle, cast.mira)
    assert (reply["calls"], reply["needed"], reply["halted"]) == (1, 1, True)


def test_who_left_the_guild_and_came_back_calls_once(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira)
    with tenant(guild=circle.guild, dreamer=cast.ayla.dreamer_id):
        remove(by=cast.ayla, member=cast.mira)
        back = admit(by=cast.ayla, dreamer=cast.mira.dreamer_id, display_name="Mira")
        session = Session.objects.get(pk=circle.session.pk)
        sessions.join(session=session, by=back, terms=terms_of(session.confidentiality).digest)
    reply = resist(circle, back)
    assert (reply["calls"], reply["needed"], reply["halted"]) == (1, 2, False)
    assert do(circle, back, "session.relent")["calls"] == 0


def test_nobody_from_outside_calls_for_a_stop(cast: Cast, circle: Circle) -> None:
    with tenant(guild=circle.guild):
        before = Session.objects.get(pk=circle.session.pk).top_offset
    stranger = cast.zed
    with pytest.raises(Http404):
        do(circle, stranger, "session.resist")
    nora = join(cast.lantern, "Nora", Office.DREAMER)
    with pytest.raises(Denied, match="joined"):
        do(circle, nora, "session.resist")
    with tenant(guild=circle.guild):
        assert Session.objects.get(pk=circle.session.pk).top_offset == before


def test_closed_session_is_not_stopped(cast: Cast, circle: Circle) -> None:
    do(circle, cast.ayla, "session.close")
    with pytest.raises(NotNow, match="closed"):
        do(circle, cast.mira, "session.resist")


def enforce(cast: Cast, finding: Finding, *remedies: RemedyKind) -> Any:
    """Ezra rules; where it takes two, Lara confirms."""
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        lara = appoint(by=cast.ayla, member=cast.lara, office=Office.ENFORCER)
    draft = Draft(Verdict.UPHELD, "The dreamers were heard, and agree.", frozenset(remedies))
    with tenant(guild=cast.lantern.pk, dreamer=cast.ezra.dreamer_id):
        made = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
        if made.is_proposed:
            assert experiences.plain_of(cast.lantern.pk).is_suspended
    if made.is_proposed:
        with tenant(guild=cast.lantern.pk, dreamer=lara.dreamer_id):
            ruling.confirm(ruling=made, by=lara)
    return made


def test_only_a_ruling_of_two_lets_the_experience_be_used_again(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira, cast.finn)
    with tenant(guild=circle.guild):
        finding = Finding.objects.get()
    enforce(cast, finding, RemedyKind.LIFT)
    with tenant(guild=circle.guild):
        assert not experiences.plain_of(circle.guild).is_suspended
    other = empty_circle(cast)
    assert state_of(ask(other)) == RunState.REQUESTED


def test_ruling_without_lifting_leaves_it_suspended(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira, cast.finn)
    with tenant(guild=circle.guild):
        finding = Finding.objects.get()
    enforce(cast, finding)
    with tenant(guild=circle.guild):
        assert experiences.plain_of(circle.guild).is_suspended


def test_people_may_meet_while_the_plain_recipe_is_suspended_and_not_blend(
    cast: Cast, circle: Circle
) -> None:
    resist(circle, cast.mira, cast.finn)
    other = empty_circle(cast)
    with pytest.raises(Denied, match="suspended"):
        ask(other)


def test_lifting_waits_for_every_halt_of_the_experience(cast: Cast, circle: Circle) -> None:
    other = empty_circle(cast)
    resist(circle, cast.mira, cast.finn)
    resist(other, cast.mira, cast.finn)
    with tenant(guild=circle.guild):
        first, second = Finding.objects.order_by("found_at", "id")
    with pytest.raises(NotRuledNow, match="stopped too"):
        enforce(cast, first, RemedyKind.LIFT)
    with tenant(guild=circle.guild):
        assert experiences.plain_of(circle.guild).is_suspended
    assert second.pk != first.pk


def test_audit_agrees_and_lets_go_of_no_halt(db: None) -> None:
    members = recorded()
    people: Any = SimpleNamespace(**members, members=tuple(members.values()), lantern=members["ayla"].guild)
    circle = empty_circle(people)
    ask(circle)
    resist(circle, people.mira)
    do(circle, people.mira, "session.relent")
    resist(circle, people.mira, people.finn)
    run = audit(circle.guild)
    assert (run.state, run.failure, run.found) == ("finished", "", 0)
    assert [finding.rule for finding in standing(circle.guild)] == ["session.halted"]


def test_what_a_halt_suspended_is_lifted_by_its_ruling_until_that_is_made(cast: Cast, circle: Circle) -> None:
    resist(circle, cast.mira, cast.finn)
    with tenant(guild=circle.guild):
        experience = Experience.objects.get()
        assert awaiting_ruling(experience) == WAITS_FOR_RULING
        Finding.objects.update(state=FindingState.CLOSED)
        assert awaiting_ruling(experience) == ""
