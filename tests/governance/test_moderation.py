"""What members report, what is decided about it, what everybody may read of that, and what nobody may."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from governance.audits.models import Finding
from governance.ledger.models import Leaf
from governance.moderation import selectors, services
from governance.moderation.erasing import erase_appeals_of, erase_reports_of
from governance.moderation.errors import NoSuchReport, NotNow, Unfit
from governance.moderation.models import Report
from governance.moderation.portable import reports_of
from governance.offices.services import admit, appoint, dismiss, leave, remove
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.services import forget_name
from lounges.sessions import hearing
from lounges.sessions.models import SessionEvent
from tests.cast import Cast
from tests.governance.audited import audit, standing
from tests.lounges.sessions_stage import Stage

SignIn = Callable[[Membership], Client]
SAID, WORDS = "You are a coward and everybody knows it.", "He wrote this to hurt her."
WHY = "It hurts somebody who told a dream."


def as_member(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """Mira lent a dream, and Finn said something to it; Ayla is a steward, Ezra an enforcer."""
    stage = Stage(cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("associating")
    return stage


@pytest.fixture
def lent(cast: Cast, stage: Stage) -> str:
    return stage.share(cast.mira)


@pytest.fixture
def said(cast: Cast, stage: Stage, lent: str) -> str:
    return str(stage.do(cast.finn, "session.associate", contribution=lent, text=SAID)["association"])


def reported(by: Membership, target: str, kind: str = "association") -> Report:
    with as_member(by):
        return services.report(by=by, kind=kind, target=UUID(target), reason="hurtful", words=WORDS)


def decided(by: Membership, row: Report, decision: str = "hidden", reasons: str = WHY) -> Report:
    with as_member(by):
        return services.decide(by=by, report=row, decision=decision, reasons=reasons)


def heard(cast: Cast, stage: Stage) -> list[tuple[str, str]]:
    with as_member(cast.mira):
        (telling,) = hearing.transcript_for(cast.mira, stage.session)
        return [(one.text, one.hidden) for one in telling.associations]


def test_hidden_words_stay_sealed_and_are_shown_as_hidden_with_the_reason(
    cast: Cast, stage: Stage, said: str
) -> None:
    row = reported(cast.mira, said)
    assert heard(cast, stage) == [(SAID, "")]
    decided(cast.ezra, row)
    assert heard(cast, stage) == [("", "it hurts or threatens somebody")]
    with as_member(cast.ayla):
        assert SessionEvent.objects.filter(type="dream.restated").count() == 1


def test_leaf_of_a_report_names_neither_reporter_nor_target(cast: Cast, said: str) -> None:
    reported(cast.mira, said)
    with as_member(cast.ayla):
        entry = bytes(Leaf.objects.get(kind="content.reported").entry).decode()
    for name in (str(cast.mira.pseudonym), said, str(cast.finn.pseudonym), WORDS):
        assert name not in entry


def test_report_is_not_there_for_whom_it_is_about_nor_for_members(cast: Cast, said: str) -> None:
    row = reported(cast.mira, said)
    with as_member(cast.ayla):
        finn = appoint(by=cast.ayla, member=cast.finn, office=Office.ENFORCER)
    for member in (cast.finn, finn, cast.mira, cast.lara, cast.zed):
        with as_member(member), pytest.raises(NoSuchReport):
            selectors.report_for(member, row.pk)
    with as_member(finn):
        assert selectors.waiting_for(finn) == []
        with pytest.raises(Denied, match="your own words"):
            services.decide(by=finn, report=row, decision="dismissed", reasons=WHY)


def test_nobody_decides_about_what_they_reported(cast: Cast, said: str) -> None:
    with as_member(cast.ayla):
        mira = appoint(by=cast.ayla, member=cast.mira, office=Office.STEWARD)
    row = reported(mira, said)
    with pytest.raises(Denied, match="reported this yourself"):
        decided(mira, row)
    assert decided(cast.ezra, row).state == "hidden"


def test_only_what_one_sees_is_reported_and_not_ones_own(cast: Cast, said: str, lent: str) -> None:
    for stranger, error in ((cast.zed, Http404), (cast.lara, Denied)):
        with pytest.raises(error):
            reported(stranger, said)
    with pytest.raises(Unfit, match="your own"):
        reported(cast.finn, said)
    assert reported(cast.mira, said).pk == reported(cast.mira, said).pk


def test_appeal_is_answered_by_somebody_else_and_shows_it_again(cast: Cast, stage: Stage, said: str) -> None:
    row = decided(cast.ezra, reported(cast.mira, said))
    with as_member(cast.mira), pytest.raises(Denied):
        services.appeal(by=cast.mira, report=row, reasons=WHY)
    with as_member(cast.finn):
        assert [line.report.pk for line in selectors.about(cast.finn)] == [row.pk]
        services.appeal(by=cast.finn, report=row, reasons="I meant the heron in the dream.")
    with as_member(cast.ezra), pytest.raises(Denied, match="decided about this yourself"):
        services.answer(by=cast.ezra, report=row, outcome="upheld", words=WHY)
    with as_member(cast.ayla):
        services.answer(by=cast.ayla, report=row, outcome="overturned", words="He meant the heron.")
    assert heard(cast, stage) == [(SAID, "")]
    with as_member(cast.ayla), pytest.raises(NotNow):
        services.answer(by=cast.ayla, report=row, outcome="upheld", words=WHY)


def test_referred_report_becomes_a_finding_and_may_still_be_decided(cast: Cast, said: str) -> None:
    row = decided(cast.ayla, reported(cast.mira, said), "referred")
    with as_member(cast.ezra):
        finding = Finding.objects.get()
        assert (finding.pk, finding.rule, finding.row) == (row.finding, "moderation.referred", str(row.pk))
    assert decided(cast.ezra, row, "dismissed").state == "dismissed"
    with pytest.raises(NotNow):
        decided(cast.ezra, row, "hidden")


def test_moderator_reads_the_words_with_a_leaf_and_never_a_dream(cast: Cast, said: str, lent: str) -> None:
    row, about_dream = reported(cast.mira, said), reported(cast.finn, lent, "lent-dream")
    with as_member(cast.ezra):
        opened, shut = (services.look(by=cast.ezra, report=one) for one in (row, about_dream))
        assert Leaf.objects.filter(kind="content.opened").count() == 2
    assert (opened.words, opened.said, shut.words) == (SAID, WORDS, None)


def test_what_is_settled_is_opened_by_nobody_any_more(cast: Cast, said: str, client_of: SignIn) -> None:
    row = decided(cast.ezra, reported(cast.mira, said), "dismissed")
    for moderator in (cast.ayla, cast.ezra):
        with as_member(moderator), pytest.raises(NotNow, match="no appeal waits"):
            services.look(by=moderator, report=row)
    case = reverse("moderation:case", args=[cast.lantern.slug, row.pk])
    again = client_of(cast.ezra).post(case, {"decision": "dismissed", "reasons": WHY})  # pressed twice
    assert (again.status_code, client_of(cast.ayla).get(case).status_code) == (302, 302)
    with as_member(cast.ezra):
        assert not Leaf.objects.filter(kind="content.opened").exists()


def test_who_lost_their_office_meanwhile_decides_nothing(cast: Cast, said: str) -> None:
    row = reported(cast.mira, said)
    with as_member(cast.ayla):
        dismiss(by=cast.ayla, member=cast.ezra, office=Office.ENFORCER)
    assert Office.ENFORCER in cast.ezra.offices  # as a request had read them before
    with as_member(cast.ezra), pytest.raises(Denied):
        services.look(by=cast.ezra, report=row)
    with pytest.raises(Denied):
        decided(cast.ezra, row)
    decided(cast.ayla, row)
    with as_member(cast.finn):
        services.appeal(by=cast.finn, report=row, reasons=WHY)
    with as_member(cast.ezra), pytest.raises(Denied):
        services.answer(by=cast.ezra, report=row, outcome="overturned", words=WHY)


def test_who_left_and_came_back_decides_about_nothing_of_their_own(cast: Cast, said: str) -> None:
    row = reported(cast.mira, said)
    offices = (Office.DREAMER, Office.ENFORCER)
    back = []
    for member in (cast.mira, cast.finn):
        with as_member(cast.ayla):
            remove(by=cast.ayla, member=member)
            who, name = member.dreamer_id, member.display_name
            back.append(admit(by=cast.ayla, dreamer=who, display_name=name, offices=offices))
    for member in back:
        with pytest.raises(Denied):
            decided(member, row)
    decided(cast.ezra, row)
    with as_member(back[1]):
        assert [line.report.pk for line in selectors.about(back[1])] == [row.pk]
        services.appeal(by=back[1], report=selectors.own_for(back[1], row.pk), reasons=WHY)
        with pytest.raises(Denied):
            services.answer(by=back[1], report=row, outcome="overturned", words=WHY)


def test_hidden_dream_is_not_opened_for_the_session_any_more(cast: Cast, stage: Stage, lent: str) -> None:
    decided(cast.ezra, reported(cast.finn, lent, "lent-dream"))
    with as_member(cast.finn):
        before = Leaf.objects.filter(kind="use").count()
        (telling,) = hearing.transcript_for(cast.finn, stage.session)
        assert (telling.title, telling.text, telling.note) == (
            "",
            "",
            "Hidden by moderation: it hurts or threatens somebody.",
        )
        assert Leaf.objects.filter(kind="use").count() == before


def test_what_a_reporter_wrote_goes_with_their_account(cast: Cast, said: str) -> None:
    row = reported(cast.mira, said)
    with as_member(cast.mira):
        assert len(erase_reports_of(cast.mira.dreamer_id, guild=cast.lantern.pk)) == 1
    with as_member(cast.ezra):
        assert services.look(by=cast.ezra, report=row).said is None


def test_log_is_open_to_every_member_and_shows_neither_words_nor_reporter(
    cast: Cast, said: str, client_of: SignIn
) -> None:
    decided(cast.ezra, reported(cast.mira, said))
    pages = [
        client_of(member).get(reverse(name, args=[cast.lantern.slug]))
        for member in (cast.mira, cast.finn, cast.lara)
        for name in ("moderation:log", "api-moderation")
    ]
    assert [page.status_code for page in pages] == [200] * 6
    for page in pages:
        text = page.content.decode()
        assert WHY in text
        assert SAID not in text
        assert WORDS not in text
        assert "Mira</" not in text.split("<main", 1)[-1] or page.wsgi_request.user == cast.mira.dreamer
    assert "Appeal" in pages[2].content.decode()
    assert "Appeal" not in pages[4].content.decode()


def test_log_is_read_a_page_at_a_time_and_what_is_settled_is_not_read_to_find_what_waits(
    cast: Cast, said: str, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance.moderation.views.A_PAGE", 1)
    read: list[str] = []

    def noun_of(kind: str) -> str:
        read.append(kind)
        return kind

    monkeypatch.setattr("governance.moderation.selectors.noun_of", noun_of)
    for _ in range(3):
        decided(cast.ayla, reported(cast.mira, said), "dismissed")
    page, api = (reverse(name, args=[cast.lantern.slug]) for name in ("moderation:log", "api-moderation"))
    assert len(client_of(cast.ezra).get(page, {"page": 2}).context["page"].object_list) == 1
    assert len(read) == 1
    answer = client_of(cast.ezra).get(api, {"limit": 2}).json()
    assert (answer["count"], len(answer["results"]), len(read)) == (3, 2, 3)


def test_pages_report_decide_and_appeal_without_scripts(cast: Cast, said: str, client_of: SignIn) -> None:
    slug = cast.lantern.slug
    report = reverse("moderation:report", args=[slug, "association", said])
    assert client_of(cast.mira).get(report).status_code == 200
    assert client_of(cast.mira).post(report, {"reason": ""}).status_code == 422
    assert client_of(cast.mira).post(report, {"reason": "hurtful", "words": WORDS}).status_code == 302
    with as_member(cast.ezra):
        row = Report.objects.get()
    case = reverse("moderation:case", args=[slug, row.pk])
    page = client_of(cast.ezra).get(case)
    shown = page.content.decode()
    assert (page.status_code, SAID in shown, WORDS in shown) == (200, True, True)
    assert client_of(cast.finn).get(case).status_code == 404
    assert client_of(cast.ezra).post(case, {"decision": "hidden", "reasons": "no"}).status_code == 422
    assert client_of(cast.ezra).post(case, {"decision": "hidden", "reasons": WHY}).status_code == 302
    appeal = reverse("moderation:appeal", args=[slug, row.pk])
    assert client_of(cast.mira).post(appeal, {"reasons": WHY}).status_code == 404
    assert client_of(cast.finn).post(appeal, {"reasons": WHY}).status_code == 302
    answer = client_of(cast.ayla).post(case, {"outcome": "overturned", "answer": WHY})
    with as_member(cast.ezra):
        row.refresh_from_db()
    assert (answer.status_code, row.state) == (302, "overturned")


def test_both_take_along_what_concerns_them_and_nobody_learns_who_reported(
    cast: Cast, stage: Stage, said: str
) -> None:
    row = reported(cast.mira, said)
    with as_member(cast.finn):
        assert list(reports_of(cast.finn.dreamer_id, guild=cast.lantern.pk)) == []  # nothing is decided yet
    decided(cast.ezra, row)
    with as_member(cast.mira):
        (mine,) = reports_of(cast.mira.dreamer_id, guild=cast.lantern.pk)
    with as_member(cast.finn):
        (about_me,) = reports_of(cast.finn.dreamer_id, guild=cast.lantern.pk)
    assert (mine["kind"], mine["words"], mine["state"], mine["reasons"]) == ("report", WORDS, "hidden", WHY)
    assert (about_me["kind"], about_me["state"], about_me["reasons"]) == ("decision", "hidden", WHY)
    assert WORDS not in str(about_me)
    assert str(cast.mira.pk) not in str(about_me)
    with as_member(cast.ayla):
        assert list(reports_of(cast.ayla.dreamer_id, guild=cast.lantern.pk)) == []


def of_moderation(cast: Cast) -> list[str]:
    """The rules that an audit of the guild finds broken in this room."""
    audit(cast.lantern.pk)
    return sorted({one.rule for one in standing(cast.lantern.pk) if one.rule.startswith("moderation.")})


def test_an_appeal_goes_with_the_account_and_with_nothing_else(cast: Cast, said: str) -> None:
    row = decided(cast.ezra, reported(cast.mira, said))
    with as_member(cast.finn):
        services.appeal(by=cast.finn, report=row, reasons="I meant the heron in the dream.")
        assert erase_appeals_of(cast.finn.dreamer_id, guild=cast.lantern.pk) == 1
        assert erase_appeals_of(cast.finn.dreamer_id, guild=cast.lantern.pk) == 0
    assert of_moderation(cast) == ["moderation.row"]  # emptied, though its author is still a member
    with as_member(cast.finn):
        leave(by=cast.finn)
        forget_name(membership=cast.finn)
    assert of_moderation(cast) == []
