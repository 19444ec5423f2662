"""Reminders: once when something is due soon, once when it is overdue, and nothing sensitive in the mail."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from smtplib import SMTPException
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


def test_each_thing_is_said_when_due_and_when_overdue_and_never_again(cast: Cast) -> None:
    found(cast.lantern, at=BEGAN)
    sent = [reminding.attend_every_guild(now=after(hours)) for hours in (17, 18, 19, 24, 30)]
    assert sent == [0, 1, 0, 1, 0]
    assert len(mail.outbox) == 2


def test_every_enforcer_is_written_to_alone_and_learns_nothing_by_mail(cast: Cast) -> None:
    appoint_enforcer(cast.lara)
    finding = found(cast.lantern, at=BEGAN, contribution=lend(cast.mira).contribution)
    reminding.attend_every_guild(now=after(25))
    assert sorted(letter.to for letter in mail.outbox) == [["ezra@example.org"], ["lara@example.org"]]
    for letter in mail.outbox:
        said = letter.subject + letter.body
        hidden = ("Lantern", "lantern", "Mira", "critical", str(finding.pk), str(finding.contribution))
        assert [word for word in hidden if word in said] == []
        assert "waits for 1 decision" in letter.body
        assert "Overdue: 1" in letter.body


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


def test_mail_that_fails_is_tried_again_and_keeps_no_guild_from_its_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint_enforcer(cast.zed)
    found(cast.lantern, at=BEGAN)
    found(cast.harbour, at=BEGAN)
    real = reminding.send_mail

    def fail_for_ezra(subject: str, text: str, sender: None, to: list[str]) -> int:
        if to == ["ezra@example.org"]:
            raise SMTPException("no such relay")
        return real(subject, text, sender, to)

    monkeypatch.setattr(reminding, "send_mail", fail_for_ezra)
    assert reminding.attend_every_guild(now=after(25)) == 1
    monkeypatch.setattr(reminding, "send_mail", real)
    assert reminding.attend_every_guild(now=after(26)) == 1
    assert [letter.to for letter in mail.outbox] == [["zed@example.org"], ["ezra@example.org"]]


def test_the_clock_closes_what_was_not_appealed(cast: Cast, within: Within) -> None:
    finding = found(cast.lantern)
    with within(cast.ezra):
        ruling.rule(finding=finding, by=cast.ezra, draft=Draft(Verdict.DISMISSED, REASONS))
        Ruling.objects.update(in_force_at=timezone.now() - deadlines.APPEAL_PERIOD)
    tasks.remind()
    with tenant(guild=cast.lantern.pk):
        finding.refresh_from_db()
    assert finding.state == "closed"
