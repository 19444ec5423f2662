"""Notices when a worker, the mail, or two workers at once fail: each comes once, and none is lost."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from smtplib import SMTPServerDisconnected
from uuid import UUID

import psycopg
import pytest
from django.core import mail as outbox
from django.db import connection

from guild.dreamers.services import set_quiet_hours
from guild.notifications import devices, selectors, sending
from guild.notifications.enums import Kind
from guild.notifications.errors import DeviceRefused
from guild.notifications.kinds import SAID
from guild.notifications.models import Message
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.guild.embedded_scratch import until
from tests.guild.notified import MORNING, NIGHT, NOON, send, tell
from tests.guild.receiver import Browser


class Killed(BaseException):
    """What a process that is killed leaves behind: nothing that it had not committed."""


def killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize("where", ["_mailed", "plan", "deliver"])
def test_a_worker_killed_anywhere_before_it_sent_leaves_it_to_the_next_which_sends_it_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    tell(cast.mira)
    with monkeypatch.context() as patch:
        patch.setattr(sending, where, killed)
        with pytest.raises(Killed):
            send(NOON)
    assert send(NOON, NOON) == [1, 0]
    assert len(outbox.outbox) == 1


def test_killed_between_sending_and_its_commit_the_second_copy_has_the_name_of_the_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(cast.mira)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settled", killed)
        with pytest.raises(Killed):
            send(NOON)
    tell(cast.mira, key="two")
    assert send(NOON) == [2]
    names = [letter.extra_headers["Message-ID"] for letter in outbox.outbox]
    assert (len(names), len(set(names)), names[0] in names[1:]) == (3, 2, True)


def test_mail_that_cannot_be_sent_is_tried_again_less_and_less_often_and_given_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(cast.mira)
    tries: list[int] = []

    def refused(*_: object) -> int:
        tries.append(1)
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(0), until=time(0))
    send(NOON, NOON + timedelta(seconds=29), NOON + timedelta(seconds=30), NOON + timedelta(seconds=89))
    assert len(tries) == 2
    send(*[NOON + timedelta(hours=2 * hours) for hours in range(1, 30)])
    assert len(tries) == sending.MOST_ATTEMPTS
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (Message.objects.count(), selectors.unread_count(cast.mira.dreamer_id)) == (0, 1)


def test_what_could_not_be_sent_is_not_tried_again_in_the_quiet_nor_once_it_has_faded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = NIGHT - timedelta(minutes=30, seconds=10)  # of the quiet that begins at half past ten, in UTC
    cast.mira.dreamer.time_zone = "UTC"
    cast.mira.dreamer.save(update_fields=["time_zone"])
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(22, 30), until=time(7))
    tell(cast.mira, at=evening)
    tell(cast.mira, Kind.SESSION_SOON, key="two", at=evening)
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send(evening) == [0]
    assert send(evening + timedelta(minutes=1), NIGHT, MORNING - timedelta(seconds=1), MORNING) == [
        0,
        0,
        0,
        1,
    ]
    assert [SAID[Kind.CONSENT_ASKED].outside in letter.body for letter in outbox.outbox] == [True]


def refuse(*_: object) -> int:
    raise SMTPServerDisconnected


def test_somebody_for_whom_it_fails_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tell(cast.finn, at=NOON - timedelta(hours=1))
    tell(cast.mira)
    real = sending.deliver

    def deliver(dreamer: UUID, *, now: datetime) -> int:
        if dreamer == cast.finn.dreamer_id:
            raise IndexError(cast.finn.dreamer.email)
        return real(dreamer, now=now)

    monkeypatch.setattr(sending, "deliver", deliver)
    assert send(NOON) == [1]
    assert ("IndexError" in caplog.text, cast.finn.dreamer.email in caplog.text) == (True, False)


def test_two_workers_at_once_send_one_letter(live_cast: Cast, superuser: psycopg.Connection) -> None:
    """The second finds the notice's row locked, and leaves it alone."""
    tell(live_cast.mira)
    with psycopg.connect(superuser.info.dsn, password=superuser.info.password or None) as other:
        other.execute("SELECT 1 FROM notifications_notice FOR UPDATE")
        assert send(NOON) == [0]
    assert send(NOON) == [1]


def beside(cast: Cast, superuser: psycopg.Connection, names: Iterable[str]) -> list[str]:
    """Mira's browsers are added at the same time: all but the first begin before the first has ended. The ids
    of their devices, or why one is none.
    """
    browser, service = Browser(), "https://fcm.googleapis.com"

    def add(name: str) -> str:
        try:
            with tenant(dreamer=cast.mira.dreamer_id):
                return str(devices.add_device(by=cast.mira.dreamer, device=browser.device(service, name)).pk)
        except DeviceRefused as refused:
            return str(refused)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    first, *rest = names
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    superuser.autocommit = True
    with ThreadPoolExecutor(len(rest)) as pool:
        with tenant(dreamer=cast.mira.dreamer_id):
            answers = [add(first)]
            later = [pool.submit(add, name) for name in rest]
            assert until(lambda: superuser.execute(waiting).fetchone() == (len(rest),))
        return answers + [one.result() for one in later]


def test_a_browser_that_is_added_twice_at_once_is_one(live_cast: Cast, superuser: psycopg.Connection) -> None:
    ids = beside(live_cast, superuser, ["one", "one"])
    with tenant(dreamer=live_cast.mira.dreamer_id):
        assert [str(row.pk) for row in devices.devices_of(live_cast.mira.dreamer_id)] == [ids[0]] == [ids[1]]


def test_of_two_browsers_at_once_no_more_are_added_than_may_ring(
    live_cast: Cast, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST_DEVICES", 1)
    assert "1 devices ring already" in beside(live_cast, superuser, ["one", "two"])[1]
    with tenant(dreamer=live_cast.mira.dreamer_id):
        assert len(devices.devices_of(live_cast.mira.dreamer_id)) == 1
