"""Every moment at which somebody is told something: who, what, and where it leads; and nobody else."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from colonies.exchange import announcing, asking, evenings, selectors, services
from colonies.exchange.enums import Terms
from colonies.exchange.evenings import Proposal
from colonies.exchange.house_models import Letter
from governance.audits import findings
from governance.audits.announcing import found as announce_found
from governance.audits.discrepancies import Discrepancy
from governance.consent import guild_acts
from governance.consent import services as consent
from governance.consent.enums import Purpose
from governance.ledger import announcing as log
from governance.ledger import services as ledger
from governance.offices import services as offices
from governance.oversight import appealing, ruling
from governance.oversight.enums import Outcome, RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling
from guild.dreamers.services import set_quiet_hours
from guild.notifications.enums import Channel, Group, When
from guild.notifications.models import Notice
from guild.notifications.sending import send_every_due
from guild.notifications.services import choose
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from lounges.sessions import services as sessions
from lounges.sessions import soon
from tests.cast import Cast
from tests.colonies.colony import LAMP, found, inside, offer_of, offer_to_house, open_to_house, write
from tests.governance import findings as made
from tests.governance.lending import lend
from tests.isolation.test_canary import TEXT, WORDS
from tests.lounges import dreamscapes_circle as circles

REASONS = "The leaf and the row do not say the same."


def told(cast: Cast) -> dict[str, list[tuple[str, str]]]:
    """Kind and path of all that each of the cast was told, by kind; whoever was told nothing is left out."""
    heard: dict[str, list[tuple[str, str]]] = {}
    for member in (*cast.members, cast.zed):
        with tenant(dreamer=member.dreamer_id):
            rows = list(Notice.objects.order_by("kind", "made_at").values_list("kind", "path"))
        if rows:
            heard[member.display_name.lower()] = rows
    return heard


def forget(cast: Cast) -> None:
    for member in (*cast.members, cast.zed):
        with tenant(dreamer=member.dreamer_id):
            Notice.objects.all().delete()


def test_whoever_is_asked_for_a_consent_is_told(cast: Cast) -> None:
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True}).contribution
    with inside(cast.ayla):
        guild_acts.request(by=cast.ayla, contribution=lent, purpose=Purpose.QUOTE)
    assert told(cast) == {"mira": [("consent_asked", f"/consents/{lent}/")]}


def test_blends_are_told_to_those_who_took_part_and_withdrawals_to_those_it_reached(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle = circles.settle(cast)
    present = [cast.ayla.pk, cast.lara.pk, cast.ezra.pk]
    monkeypatch.setattr("lounges.dreamscapes.performing.attendance.people", lambda session: present)
    run = circles.blend(circle)
    page = f"/g/lantern/dreamscapes/{run.pk}/"
    ready = ("blend_ready", page)
    assert told(cast) == {"finn": [ready], "mira": [ready]}
    forget(cast)
    consent.withdraw(by=cast.mira.dreamer_id, contribution=circle.contributions["mira"])
    gone, taken = ("blend_superseded", page), ("dream_taken_back", "/consents/notices/")
    others = ("ayla", "finn", "lara", "ezra")
    assert told(cast) == {**{name: [gone, taken] for name in others}, "mira": [gone]}


def test_findings_are_told_to_enforcers_once_an_audit_and_to_who_lent(cast: Cast) -> None:
    lent = lend(cast.mira).contribution
    audit = made.audited(cast.lantern)
    wrong = [
        Discrepancy("lent.altered", row=str(number), contribution=lent if number else None)
        for number in range(3)
    ]
    with ledger.held(guild=cast.lantern.pk):
        for moment in (timezone.now(), timezone.now()):
            announce_found(audit, findings.record(audit=audit, found=wrong, at=moment), at=moment)
    assert told(cast) == {
        "ezra": [("audit_found", "/g/lantern/oversight/findings/")],
        "mira": [("finding_names_you", f"/consents/{lent}/")],
    }


def test_a_ruling_is_told_to_whom_it_concerns_when_it_takes_effect_and_so_is_the_answer(cast: Cast) -> None:
    made.appoint_enforcer(cast.lara)
    lent = lend(cast.mira).contribution
    finding = made.found(cast.lantern, contribution=lent)
    forget(cast)
    draft = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SUSPEND}), cast.finn, Office.TECHNICIAN)
    with inside(cast.ezra):
        proposed = ruling.rule(finding=finding, by=cast.ezra, draft=draft)
    assert told(cast) == {}
    with inside(cast.lara):
        ruling.confirm(ruling=Ruling.objects.select_related("finding").get(), by=cast.lara)
    page = f"/g/lantern/transparency/rulings/{proposed.pk}/"
    assert told(cast) == {
        "finn": [("office_withdrawn", "/g/lantern/"), ("ruling_made", page)],
        "mira": [("ruling_made", page)],
    }
    forget(cast)
    with inside(cast.mira):
        row = Ruling.objects.select_related("finding").get()
        appeal = appealing.appeal(ruling=row, by=cast.mira, reasons=REASONS)
    made.appoint_enforcer(cast.ayla)
    forget(cast)
    with inside(cast.ayla):
        appealing.decide(appeal=appeal, by=cast.ayla, outcome=Outcome.OVERTURNED, answer=REASONS)
    assert told(cast) == {
        "finn": [("appeal_decided", page), ("office_granted", "/g/lantern/")],
        "mira": [("appeal_decided", page)],
    }


def test_an_office_that_comes_or_goes_is_told_to_who_holds_it_unless_they_did_it(cast: Cast) -> None:
    with inside(cast.ayla):
        offices.appoint(by=cast.ayla, member=cast.mira, office=Office.LEADER)
        offices.appoint(by=cast.ayla, member=cast.mira, office=Office.LEADER)
        offices.appoint(by=cast.ayla, member=cast.ayla, office=Office.LEADER)
        offices.dismiss(by=cast.ayla, member=cast.mira, office=Office.LEADER)
    assert told(cast) == {"mira": [("office_granted", "/g/lantern/"), ("office_withdrawn", "/g/lantern/")]}


def test_trouble_of_a_log_is_told_to_stewards_once_a_day(cast: Cast) -> None:
    noon = datetime.fromisoformat("2026-11-25T12:00+00:00")
    for at in (noon, noon + timedelta(minutes=1), noon + timedelta(days=1)):
        log.in_trouble(cast.lantern.pk, which="witness.example/w", at=at)
    assert told(cast) == {"ayla": [("witness_trouble", "/g/lantern/ledger/")] * 2}


def test_a_session_is_told_to_all_members_half_an_hour_before_and_once(
    cast: Cast, django_assert_num_queries
) -> None:
    opens = timezone.now() + timedelta(hours=2)
    with inside(cast.ayla):
        lounge = sessions.make_lounge(by=cast.ayla, name="Thursday Circle")
        planned = sessions.create(lounge=lounge, by=cast.ayla, title="Tea", opens_at=opens)
    minutes = (31, 30, 29, 0)
    assert [soon.tell_every_guild(now=opens - timedelta(minutes=ago)) for ago in minutes] == [0, 1, 0, 0]
    said = [("session_soon", f"/g/lantern/sessions/{planned.pk}/")]
    assert told(cast) == dict.fromkeys(("ayla", "finn", "lara", "ezra", "mira"), said)


def test_those_who_lead_a_colony_are_told_of_askings_answers_and_thanks(cast: Cast) -> None:
    ritual = write(cast.lara, found(cast.lara), LAMP)
    salt = found(cast.ayla, name="Salt")
    offer = offer_of(cast.lara, ritual, terms=Terms.REQUEST)
    with inside(cast.ayla):
        row = asking.ask(by=cast.ayla, row=selectors.offer_for(cast.ayla, offer.pk), colony=salt, word="?")
    assert told(cast) == {"lara": [("ritual_asked_for", f"/g/lantern/exchange/asked/{row.pk}/")]}
    forget(cast)
    with inside(cast.lara):
        asking.answer(
            by=cast.lara, asking=selectors.asking_for(cast.lara, row.pk), terms=Terms.LINEAGE, reply="Gladly."
        )
    assert told(cast) == {"ayla": [("ritual_answered", "/g/lantern/exchange/")]}
    forget(cast)
    with inside(cast.ayla):
        taken = services.adopt(by=cast.ayla, row=selectors.offer_for(cast.ayla, offer.pk), colony=salt)
        came = selectors.adoption_of(taken)
        services.speak(by=cast.ayla, adoption=came, kind="thanks", text="It keeps us.")
    assert told(cast) == {"lara": [("thanks", f"/g/lantern/rituals/{ritual.pk}/lineage/")]}


def test_an_evening_is_told_to_the_other_colony_and_its_answer_back(cast: Cast) -> None:
    ours = write(cast.lara, found(cast.lara), LAMP)
    theirs = write(cast.ayla, found(cast.ayla, name="Salt"), replace(LAMP, title="Bread"))
    starts = datetime.combine(timezone.now().date() + timedelta(days=3), time(21))
    with inside(cast.lara):
        proposal = Proposal(ours=ours, theirs=theirs, starts=starts, zone="Europe/London")
        row = evenings.propose(by=cast.lara, proposal=proposal)
    page = f"/g/lantern/exchange/evenings/{row.pk}/"
    assert told(cast) == {"ayla": [("evening_proposed", page)]}
    with inside(cast.ayla):
        evenings.answer(by=cast.ayla, evening=evenings.evening_for(cast.ayla, row.pk), agree=False)
    assert told(cast) == {"ayla": [("evening_proposed", page)], "lara": [("evening_answered", page)]}


def test_a_letter_of_another_guild_is_told_behind_the_wall_of_the_one_it_came_to(cast: Cast) -> None:
    open_to_house(cast.ayla, cast.zed)
    ritual = write(cast.lara, found(cast.lara), LAMP)
    offer = offer_to_house(cast.lara, ritual)
    with inside(cast.zed):
        Letter.objects.create(
            guild_id=cast.harbour.pk,
            to_guild=cast.lantern.pk,
            offer_id=offer.pk,
            kind="thanks",
            sender="Night Shift",
            text="It keeps us.",
        )
    assert told(cast) == {}
    for _ in range(2):
        announcing.tell_letters()
    assert told(cast) == {"lara": [("thanks", f"/g/lantern/rituals/{ritual.pk}/lineage/")]}


def test_colonies_that_grow_alike_are_told_to_those_who_lead(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk):
        for number in (1, 1, 2):
            announcing.grown_alike(cast.lantern, month="2026-11", told=number)
    assert told(cast) == {"lara": [("diversity_told", "/g/lantern/exchange/diversity/")] * 2}


def test_where_a_notice_leads_its_dreamer_may_go(cast: Cast) -> None:
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True}).contribution
    with inside(cast.ayla):
        guild_acts.request(by=cast.ayla, contribution=lent, purpose=Purpose.QUOTE)
        offices.appoint(by=cast.ayla, member=cast.mira, office=Office.LEADER)
    client = Client()
    client.force_login(cast.mira.dreamer)
    assert [client.get(path).status_code for _, path in told(cast)["mira"]] == [200, 200]


def test_no_word_of_anybody_is_in_a_notice_or_in_a_letter(cast: Cast) -> None:
    circle = circles.settle(cast, "ayla", "finn")
    circles.set_stage(circle.session, cast.ayla, "sharing")
    lent = circles.lend(circle.session, cast.mira, TEXT)
    circles.set_stage(circle.session, cast.ayla, "associating", "blending")
    circles.blend(circle)
    consent.withdraw(by=cast.mira.dreamer_id, contribution=lent)
    told_rows = []
    for member in cast.members:
        set_quiet_hours(dreamer=member.dreamer_id, since=time(0), until=time(0))
        with tenant(dreamer=member.dreamer_id):
            choose(by=member.dreamer_id, choices={(group, Channel.EMAIL): When.AT_ONCE for group in Group})
            told_rows += [repr(sorted(vars(row).items(), key=str)) for row in Notice.objects.all()]
    assert send_every_due(now=timezone.now() + timedelta(seconds=1)) > len(cast.members)
    everything = "\n".join([*told_rows, *(letter.message().as_string() for letter in outbox.outbox)]).lower()
    assert [word for word in WORDS if word.lower() in everything] == []
    letters = "\n".join(letter.body for letter in outbox.outbox).lower()
    assert [word for word in ("lantern", "thursday", "mira", "ayla", str(lent)) if word in letters] == []


def test_a_dreamer_who_is_told_elsewhere_leaves_the_teller_where_they_were(cast: Cast) -> None:
    """What comes after a notice in the same transaction is walled as what came before it."""
    lent = lend(cast.mira, {Purpose.SHARE_IN_SESSION: True}).contribution
    with inside(cast.ayla):
        guild_acts.request(by=cast.ayla, contribution=lent, purpose=Purpose.QUOTE)
        assert Notice.objects.count() == 0
        assert not Notice.objects.filter(pk=uuid4()).exists()
