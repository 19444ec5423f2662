"""Reminders: once when something is due soon, once when it is overdue, and nothing sensitive in the mail."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from governance.audits import deadlines
from governance.audits.enums import Severity
from governance.oversight import appealing, reminding, ruling, tasks
from governance.oversight.enums import Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Reminder, Ruling
from guild.dreamers.services import set_quiet_hours
from guild.notifications.enums import Kind
from guild.notifications.models import Notice
from guild.notifications.sending import send_every_due
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, found
from tests.governance.lending import lend

Within = Callable[[Membership], AbstractContextManager[Any]]
BEGAN = timezone.now()
REASONS = "The leaf and the row do not say the same."


@pytest.mark.parametrize(
    ("severity", "allowed"),
    [
        (Severity.CRITICAL, timedelta(days=1)),
        (Severity.MAJOR, timedelta(days=3)),
        (Severity.MINOR, timedelta(days=14)),
    ],
)
def test_how_long_enforcers_may_take(severity: Severity, allowed: timedelta) -> None:
    due_at = deadlines.due(severity, since=BEGAN)
    assert due_at == BEGAN + allowed
    assert deadlines.remind_from(severity, due_at=due_at) == BEGAN + allowed * 0.75


def after(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def told(member: Membership) -> list[str]:
    with tenant(dreamer=member.dreamer_id):
        return [row.path for row in Notice.objects.filter(kind=Kind.DECISION_DUE)]


def test_each_thing_is_said_when_due_and_when_overdue_and_never_again(cast: Cast) -> None:
    found(cast.lantern, at=BEGAN)
    sent = [reminding.attend_every_guild(now=after(hours)) for hours in (17, 18, 19, 24, 30)]
    assert sent == [0, 1, 0, 1, 0]
    assert told(cast.ezra) == ["/g/lantern/oversight/findings/"] * 2


def test_every_enforcer_is_told_alone_and_learns_nothing_by_mail(cast: Cast) -> None:
    appoint_enforcer(cast.lara)
    for member in (cast.ezra, cast.lara):
        set_quiet_hours(dreamer=member.dreamer_id, since=time(0), until=time(0))
    finding = found(cast.lantern, at=BEGAN, contribution=lend(cast.mira).contribution)
    reminding.attend_every_guild(now=after(25))
    assert [len(told(member)) for member in (cast.ezra, cast.lara, cast.mira, cast.ayla)] == [1, 1, 0, 0]
    send_every_due(now=after(26))
    assert sorted(letter.to for letter in mail.outbox) == [["ezra@example.org"], ["lara@example.org"]]
    for letter in mail.outbox:
        said = letter.subject + letter.body
        hidden = ("Lantern", "lantern", "Mira", "critical", str(finding.pk), str(finding.contribution))
        assert [word for word in hidden if word in said] == []
        assert "- A decision is waiting for you." in letter.body


def test_what_is_ruled_on_is_not_reminded_of(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern, at=BEGAN)
    with within(cast.ezra):
        ruling.rule(finding=finding, by=cast.ezra, draft=Draft(Verdict.DISMISSED, REASONS))
    assert reminding.attend_every_guild(now=after(30)) == 0


def test_an_appeal_has_a_time_of_its_own(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern, contribution=lend(cast.mira).contribution)
    with within(cast.ezra):
        made = ruling.rule(finding=finding, by=cast.ezra, draft=Draft(Verdict.DISMISSED, REASONS))
    with within(cast.mira):
        row = Ruling.objects.select_related("finding").get(pk=made.pk)
        appeal = appealing.appeal(ruling=row, by=cast.mira, reasons=REASONS)
    assert reminding.attend_every_guild(now=appeal.due_at) == 1
    with within(cast.ezra):
        assert Reminder.objects.get().about == appeal.pk


def test_the_clock_closes_what_was_not_appealed(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    with within(cast.ezra):
        ruling.rule(finding=finding, by=cast.ezra, draft=Draft(Verdict.DISMISSED, REASONS))
        Ruling.objects.update(in_force_at=timezone.now() - deadlines.APPEAL_PERIOD)
    tasks.remind()
    with tenant(guild=cast.lantern.pk):
        finding.refresh_from_db()
    assert finding.state == "closed"
