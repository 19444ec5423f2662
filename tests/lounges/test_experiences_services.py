"""Experiences: written in versions, tried, approved by others, suspended, and asked at every blend."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices.services import admit, appoint, dismiss, remove
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, request_blend
from lounges.experiences import selectors, services
from lounges.experiences.enums import Standing, VersionState
from lounges.experiences.errors import NoSuchExperience, NotNow, Unfit
from lounges.experiences.models import ExperienceVersion
from lounges.sessions import services as sessions
from lounges.sessions.errors import Invalid
from lounges.sessions.models import Lounge, Session
from tests.cast import Cast, join
from tests.governance.findings import comes_back
from tests.lounges.dreamscapes_circle import DREAMS, lend, set_stage
from tests.lounges.guild_law import give_law

DEEP = {"floor": "0.70", "largest_depth": "0.30", "weave_moments": 2}


def as_member(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def written(by: Membership, *, name: str = "Slow water", tried: bool = True) -> ExperienceVersion:
    with as_member(by):
        version = services.write(by=by, name=name, description="For long nights.", numbers=DEEP)
        return services.try_out(by=by, version=version) if tried else version


def approved(by: Membership, version: ExperienceVersion) -> ExperienceVersion:
    with as_member(by):
        return services.approve(by=by, version=version)


def session_by(host: Membership, version: UUID | None) -> Session:
    with as_member(host):
        lounge = Lounge.objects.first() or sessions.make_lounge(by=host, name="North room")
        return sessions.create(lounge=lounge, by=host, title="Thursday circle", experience=version)


def test_version_begins_as_a_draft_that_nothing_is_blended_by(cast: Cast) -> None:
    version = written(cast.ayla, tried=False)
    assert (version.number, version.state, version.numbers["floor"]) == (1, VersionState.DRAFT, 0.7)
    with pytest.raises(Denied, match="draft"):
        session_by(cast.ayla, version.pk)
    with pytest.raises(Denied, match="draft"):
        approved(cast.ezra, version)


def test_only_architects_write_and_only_enforcers_approve(cast: Cast) -> None:
    version = written(cast.ayla)
    for member in (cast.mira, cast.ezra, cast.lara):
        with pytest.raises(Denied, match="architect"):
            written(member, name="Another")
    for member in (cast.mira, cast.ayla):
        with pytest.raises(Denied):
            approved(member, version)
    assert approved(cast.ezra, version).state == VersionState.APPROVED


def test_nobody_approves_what_they_wrote(cast: Cast) -> None:
    with as_member(cast.ayla):
        ayla = appoint(by=cast.ayla, member=cast.ayla, office=Office.ENFORCER)
    version = written(ayla)
    with pytest.raises(Denied, match="wrote this yourself"):
        approved(ayla, version)


def test_who_is_no_enforcer_any_more_approves_nothing(cast: Cast) -> None:
    version = written(cast.ayla)
    with as_member(cast.ayla):
        dismiss(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
    assert Office.ENFORCER in cast.ezra.offices  # as a request had read them before
    with pytest.raises(Denied):
        approved(cast.ezra, version)


def test_as_many_enforcers_as_the_law_asks_for(cast: Cast) -> None:
    give_law(cast.lantern, experiences_approved_by="2")
    with as_member(cast.ayla):
        lara = appoint(by=cast.ayla, member=cast.lara, office=Office.ENFORCER)
    version = written(cast.ayla)
    with pytest.raises(Denied, match="experimental"):
        session_by(cast.ayla, version.pk)
    assert approved(cast.ezra, version).state == VersionState.EXPERIMENTAL
    assert approved(cast.ezra, version).state == VersionState.EXPERIMENTAL  # twice is once
    assert approved(lara, version).state == VersionState.APPROVED
    assert session_by(cast.ayla, version.pk).experience_version_id == version.pk
    with as_member(cast.ayla):
        kinds = Leaf.objects.filter(kind__startswith="experience.").order_by("index")
        assert [leaf.kind for leaf in kinds] == [
            "experience.written",
            "experience.tried",
            "experience.endorsed",
            "experience.endorsed",
            "experience.approved",
        ]


def test_enforcer_who_left_and_came_back_approves_once(cast: Cast) -> None:
    give_law(cast.lantern, experiences_approved_by="2")
    version = approved(cast.ezra, written(cast.ayla))
    with as_member(cast.ayla):
        remove(by=cast.ayla, member=cast.ezra)
        offices = (Office.DREAMER, Office.ENFORCER)
        back = admit(by=cast.ayla, dreamer=cast.ezra.dreamer_id, display_name="Ezra", offices=offices)
    assert approved(back, version).state == VersionState.EXPERIMENTAL


def test_author_who_left_and_came_back_does_not_approve_their_own(cast: Cast) -> None:
    nora = join(cast.lantern, "Nora", Office.DREAMER, Office.ARCHITECT)
    version = written(nora)
    back = comes_back(nora, by=cast.ayla)
    with pytest.raises(Denied):
        approved(back, version)


def test_vote_approves_in_the_name_of_the_guild(cast: Cast) -> None:
    give_law(cast.lantern, experiences_approved_by="3")
    version, reference = written(cast.ayla), uuid4()
    with as_member(cast.mira):
        held = services.approve_by_vote(
            guild=cast.lantern, experience=version.experience_id, reference=reference
        )
        leaf = decode(bytes(Leaf.objects.get(kind="experience.approved").entry))
    assert (held.state, leaf.actor) == (VersionState.APPROVED, "system")
    assert leaf.detail == {"because": "vote", "reference": str(reference)}


def test_new_version_needs_approval_anew_and_the_earlier_one_stays(cast: Cast) -> None:
    version = approved(cast.ezra, written(cast.ayla))
    with as_member(cast.ayla):
        row = version.experience
        newer = services.revise(
            by=cast.ayla, experience=row, numbers={**DEEP, "floor": "0.8"}, note="Less.", on=1
        )
        shown = selectors.experience_for(cast.ayla, row.pk)
    assert (newer.number, newer.state, shown.standing) == (2, VersionState.DRAFT, Standing.DRAFT)
    assert [(one.number, one.numbers["floor"]) for one in shown.versions] == [(1, 0.7), (2, 0.8)]
    assert session_by(cast.ayla, version.pk).experience_version_id == version.pk
    with as_member(cast.ayla), pytest.raises(NotNow, match="meanwhile"):
        services.revise(by=cast.ayla, experience=row, numbers={"atoms": 9}, note="More.", on=1)
    with as_member(cast.ayla), pytest.raises(Unfit, match="numbers of the version before"):
        services.revise(by=cast.ayla, experience=row, numbers=newer.numbers, note="Same.", on=2)


def test_suspension_is_of_every_version_also_of_newer_ones(cast: Cast) -> None:
    version = approved(cast.ezra, written(cast.ayla))
    with as_member(cast.ayla):
        row = services.suspend(guild=cast.lantern, version=version, halt=uuid4(), at=version.written_at)
        newer = services.revise(by=cast.ayla, experience=row, numbers={"atoms": 9}, note="Anew.", on=1)
        services.try_out(by=cast.ayla, version=newer)
    approved(cast.ezra, newer)
    for one in (version, newer):
        with pytest.raises(Denied, match="suspended"):
            session_by(cast.ayla, one.pk)


def test_draft_is_not_approved_while_its_experience_is_suspended(cast: Cast) -> None:
    version = approved(cast.ezra, written(cast.ayla))
    with as_member(cast.ayla):
        row = services.suspend(guild=cast.lantern, version=version, halt=uuid4(), at=version.written_at)
        draft = services.revise(by=cast.ayla, experience=row, numbers={"atoms": 9}, note="Anew.", on=1)
    with pytest.raises(Denied, match="draft"):
        approved(cast.ezra, draft)
    with as_member(cast.mira), pytest.raises(Denied, match="draft"):
        services.approve_by_vote(guild=cast.lantern, experience=row.pk, reference=uuid4())


def test_floor_of_a_recipe_is_not_below_the_guilds(cast: Cast) -> None:
    with as_member(cast.ayla), pytest.raises(Unfit, match=r"floor of this guild is 0\.60"):
        services.write(by=cast.ayla, name="Deep", description="", numbers={"floor": "0.50"})


def test_another_guilds_experience_is_not_there(cast: Cast) -> None:
    version = written(cast.ayla)
    with as_member(cast.zed), pytest.raises(NoSuchExperience):
        selectors.experience_for(cast.zed, version.experience_id)
    with pytest.raises(Invalid, match="no such experience"):
        session_by(cast.zed, version.pk)


def test_every_guild_has_the_plain_recipe_before_it_has_a_row(cast: Cast) -> None:
    with as_member(cast.mira):
        (plain,) = selectors.experiences_for(cast.mira)
        same = selectors.experience_for(cast.mira, plain.experience.pk)
    assert (plain.experience.is_plain, plain.standing, same.experience.pk) == (
        True,
        Standing.APPROVED,
        selectors.plain_id(cast.lantern.pk),
    )


def test_blend_is_made_by_its_recipe_and_says_so(cast: Cast) -> None:
    version = approved(cast.ezra, written(cast.ayla))
    session = session_by(cast.ayla, version.pk)
    for member in (cast.ayla, cast.finn, cast.mira):
        with as_member(member):
            sessions.join(session=session, by=member, terms=sessions.terms_of("session").digest)
    set_stage(session, cast.ayla, "sharing")
    for name in ("finn", "mira"):
        lend(session, getattr(cast, name), DREAMS[name], depth=0.9)
    set_stage(session, cast.ayla, "associating", "blending")
    with as_member(cast.ayla):
        run = request_blend(session=session, by=cast.ayla, key=uuid4())
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    with as_member(cast.ayla):
        made = BlendRun.objects.get(pk=run.pk)
        leaf = decode(bytes(Leaf.objects.get(kind="dreamscape.made").entry))
    assert (made.state, made.failure) == (RunState.FINISHED, "")
    assert (made.terms["floor"], made.terms["largest_depth"], made.terms["weave_moments"]) == (0.7, 0.3, 2)
    assert leaf.detail["experience"] == str(version.pk)


def test_run_of_an_experience_that_was_suspended_meanwhile_ends_with_the_reason(cast: Cast) -> None:
    version = approved(cast.ezra, written(cast.ayla))
    session = session_by(cast.ayla, version.pk)
    for member in (cast.ayla, cast.finn, cast.mira):
        with as_member(member):
            sessions.join(session=session, by=member, terms=sessions.terms_of("session").digest)
    set_stage(session, cast.ayla, "sharing")
    for name in ("finn", "mira"):
        lend(session, getattr(cast, name), DREAMS[name])
    set_stage(session, cast.ayla, "associating", "blending")
    with as_member(cast.ayla):
        run = request_blend(session=session, by=cast.ayla, key=uuid4())
        services.suspend(guild=cast.lantern, version=version, halt=uuid4(), at=version.written_at)
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    with as_member(cast.ayla):
        ended = BlendRun.objects.get(pk=run.pk)
        assert (ended.state, Leaf.objects.filter(kind="use").count()) == (RunState.FAILED, 0)
    assert "suspended" in ended.failure
