"""Reminders: wanted and consented to, once for each occurrence whatever becomes of the worker, and silent
about what they are of.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from smtplib import SMTPServerDisconnected
from uuid import UUID

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.utils import timezone

from colonies.reminders import mail, portable, selectors, sending, services
from colonies.reminders.models import DueReminder, RitualReminder
from colonies.reminders.tasks import send_due
from colonies.rituals import belonging, observing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Ritual
from colonies.rituals.recurrence import Kind
from governance.consent import answering
from governance.consent.answering import Target
from governance.consent.enums import Purpose, Scope
from governance.consent.purposes import registered
from governance.policies.errors import Denied
from guild.dreamers.services import set_quiet_hours
from guild.notifications import devices, push
from guild.notifications.errors import DeviceRefused
from guild.notifications.models import PushDevice
from guild.notifications.push import Outcome
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from tests.cast import Cast
from tests.colonies.colony import a_colony, every_night, inside
from tests.guild.receiver import Browser, Receiver

SignIn = Callable[[Membership], Client]
BEGINS = datetime.fromisoformat("2026-11-25T21:30+00:00")
READ = registered(Purpose.REMINDERS).notice.digest


def before(minutes: int) -> datetime:
    return BEGINS - timedelta(minutes=minutes)


@pytest.fixture
def ritual(cast: Cast) -> Ritual:
    """Kept every night at 21:30; Lara leads, Mira belongs."""
    ritual = a_colony(cast)[1]
    every_night(cast.lara, ritual)
    return ritual


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    found = Receiver()
    server = found.serve()
    settings.PUSH_SERVICES = [found.origin]
    yield found
    server.shutdown()
    server.server_close()


def remind(
    by: Membership, ritual: Ritual, *, minutes: int = 15, email: bool = True, ring: bool = False
) -> None:
    with inside(by):
        services.remind_me(by=by, ritual=ritual, minutes=minutes, by_email=email, by_push=ring, read=READ)


def add(by: Membership, receiver: Receiver, browser: Browser, name: str = "one") -> PushDevice:
    with tenant(dreamer=by.dreamer_id):
        return devices.add_device(by=by.dreamer, device=browser.device(receiver.origin, name))


def shown(by: Membership, *, now: datetime) -> list[tuple[str, datetime]]:
    with tenant(dreamer=by.dreamer_id):
        return [(one.ritual.title, one.begins_at) for one in selectors.shown_to(by.dreamer_id, now=now)]


def waiting(by: Membership) -> list[tuple[str, int]]:
    with inside(by):
        return [(row.channel, row.attempts) for row in DueReminder.objects.filter(sent_at=None)]


def test_a_letter_comes_once_and_says_nothing_of_what_it_is_about(cast: Cast, ritual: Ritual):
    remind(cast.mira, ritual)
    told = [sending.send_every_due(now=before(minutes)) for minutes in (16, 15, 14, 0, -10)]
    assert told == [0, 1, 0, 0, 0]
    (letter,) = outbox.outbox
    assert (letter.to, letter.subject) == (["mira@example.org"], "Tonight")
    assert "begins at 21:30" in letter.body
    whole = letter.message().as_string().lower()
    assert not any(word in whole for word in ("lamp", "lantern", "colon", "ritual"))


def test_it_stands_on_the_pages_until_it_is_put_away_or_over(cast: Cast, ritual: Ritual):
    remind(cast.mira, ritual, email=False)
    sending.send_every_due(now=before(10))
    assert shown(cast.mira, now=before(10)) == [("The lamp", BEGINS)]
    assert shown(cast.lara, now=before(10)) == []
    assert shown(cast.mira, now=before(-31)) == []
    with tenant(dreamer=cast.mira.dreamer_id):
        (one,) = selectors.shown_to(cast.mira.dreamer_id, now=before(10))
        services.put_away(by=cast.mira.dreamer, reminder_id=one.id, now=before(9))
    assert shown(cast.mira, now=before(8)) == []


def test_it_is_by_ones_own_clock_and_in_no_hour_of_quiet(cast: Cast, ritual: Ritual):
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(21), until=time(7))
    cast.mira.dreamer.time_zone = "America/Los_Angeles"
    cast.mira.dreamer.save(update_fields=["time_zone"])
    remind(cast.mira, ritual)
    begins = datetime.fromisoformat("2026-11-26T05:30+00:00")  # 21:30 there
    edge = datetime.fromisoformat("2026-11-26T04:59+00:00")  # 20:59 there, a minute before the quiet
    found = [sending.send_every_due(now=at) for at in (BEGINS, edge - timedelta(minutes=1), edge, begins)]
    assert found == [0, 0, 1, 0]


def test_what_would_ring_deep_in_the_quiet_stands_on_the_pages_alone(cast: Cast, ritual: Ritual):
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(18), until=time(7))
    remind(cast.mira, ritual)
    assert sending.send_every_due(now=before(15)) == 0
    assert shown(cast.mira, now=before(15)) == [("The lamp", BEGINS)]


def test_every_device_rings_with_a_message_that_it_alone_reads(
    cast: Cast, ritual: Ritual, receiver: Receiver
):
    browsers = [Browser(), Browser()]
    for index, browser in enumerate(browsers):
        add(cast.mira, receiver, browser, name=str(index))
    remind(cast.mira, ritual, email=False, ring=True)
    assert [sending.send_every_due(now=before(15)) for _ in range(2)] == [2, 0]
    read = [browser.read(receiver.bodies[f"/push/{index}"]) for index, browser in enumerate(browsers)]
    assert [one["body"] for one in read] == ["Something that you keep begins soon."] * 2
    assert {one["tag"] for one in read} == {receiver.received[0][0]["Topic"]}


def test_a_service_that_fails_is_tried_again_and_a_device_that_is_gone_is_dropped(
    cast: Cast, ritual: Ritual, receiver: Receiver
):
    browser = Browser()
    add(cast.mira, receiver, browser)
    remind(cast.mira, ritual, email=False, ring=True)
    receiver.status = 503
    assert (sending.send_every_due(now=before(15)), waiting(cast.mira)) == (0, [("push", 1)])
    receiver.status = 201
    assert (sending.send_every_due(now=before(14)), waiting(cast.mira)) == (1, [])
    receiver.status = 410
    assert sending.send_every_due(now=before(15) + timedelta(days=1)) == 0
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (PushDevice.objects.count(), waiting(cast.mira)) == (0, [])


def test_a_device_that_does_not_open_is_dropped_and_holds_up_nobody(
    cast: Cast, ritual: Ritual, receiver: Receiver
):
    for index, member in enumerate((cast.mira, cast.lara)):
        add(member, receiver, Browser(), name=str(index))
        remind(member, ritual, email=False, ring=True)
    with tenant(dreamer=cast.mira.dreamer_id):
        vault.destroy_personal_keys(dreamer=cast.mira.dreamer_id)
    assert sending.send_every_due(now=before(15)) == 1
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (PushDevice.objects.count(), waiting(cast.mira)) == (0, [])


def test_what_fails_until_it_has_begun_is_given_up(cast: Cast, ritual: Ritual, receiver: Receiver):
    add(cast.mira, receiver, Browser())
    remind(cast.mira, ritual, email=False, ring=True)
    receiver.status = 500
    sending.send_every_due(now=before(1))
    receiver.status = 201
    assert (sending.send_every_due(now=BEGINS), len(receiver.received)) == (0, 1)


class Killed(BaseException):
    """What a process that is killed leaves behind: nothing that it had not committed."""


def test_a_worker_killed_before_it_sent_leaves_it_to_the_next_which_sends_it_once(
    cast: Cast, ritual: Ritual, monkeypatch: pytest.MonkeyPatch
):
    remind(cast.mira, ritual)

    def killed(*_: object) -> Outcome:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_by_mail", killed)
        with pytest.raises(Killed):
            sending.send_every_due(now=before(15))
    assert waiting(cast.mira) == [("email", 0)]
    assert [sending.send_every_due(now=before(14)) for _ in range(2)] == [1, 0]
    assert len(outbox.outbox) == 1


def test_a_worker_killed_while_it_plans_plans_all_or_nothing(
    cast: Cast, ritual: Ritual, monkeypatch: pytest.MonkeyPatch
):
    remind(cast.mira, ritual)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "deliver", killed)
        with pytest.raises(Killed):
            sending.send_every_due(now=before(15))
    assert sending.send_every_due(now=before(14)) == 1


def test_a_second_copy_would_have_the_name_of_the_first(cast: Cast, ritual: Ritual):
    remind(cast.mira, ritual)
    sending.send_every_due(now=before(15))
    with inside(cast.mira):
        DueReminder.objects.filter(channel="email").update(sent_at=None)
    sending.send_every_due(now=before(14))
    first, second = (letter.extra_headers["Message-ID"] for letter in outbox.outbox)
    assert first == second


def test_mail_that_cannot_be_sent_now_is_sent_later(
    cast: Cast, ritual: Ritual, monkeypatch: pytest.MonkeyPatch
):
    remind(cast.mira, ritual)

    def refused(*_: object) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refused)
        assert sending.send_every_due(now=before(15)) == 0
    assert waiting(cast.mira) == [("email", 1)]
    assert [sending.send_every_due(now=before(14)) for _ in range(2)] == [1, 0]


def test_the_task_of_the_clock_sends_what_is_due(cast: Cast):
    ritual = a_colony(cast)[1]
    begins = (timezone.now() + timedelta(minutes=10)).replace(tzinfo=None, second=0, microsecond=0)
    every_night(cast.lara, ritual, at=begins, kind=Kind.TOGETHER, zone="UTC")
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(0), until=time(0))
    remind(cast.mira, ritual)
    send_due.run()
    send_due.run()
    assert [letter.to for letter in outbox.outbox] == [["mira@example.org"]]


@pytest.mark.parametrize("why", ["refused", "paused", "kept", "left", "not any more", "at rest"])
def test_whoever_does_not_want_it_now_is_left_alone(cast: Cast, ritual: Ritual, why: str):
    remind(cast.mira, ritual)
    with inside(cast.mira):
        if why == "refused":
            target = Target(Scope.GUILD, cast.lantern.pk, cast.lantern.pk)
            purpose = Purpose.REMINDERS
            answering.refuse(by=cast.mira.dreamer_id, target=target, purpose=purpose, read=READ)
        elif why == "paused":
            observing.pause(by=cast.mira.dreamer, now=before(600))
        elif why == "kept":
            night = BEGINS.date()
            observing.observe(by=cast.mira, ritual=ritual, night=night, keeping="kept", now=before(30))
        elif why == "left":
            belonging.leave(by=cast.mira, colony=ritual.colony)
        elif why == "not any more":
            services.leave_me(by=cast.mira, ritual=ritual)
        else:
            Ritual.objects.filter(pk=ritual.pk).update(rested_at=before(60))
    assert (sending.send_every_due(now=before(15)), outbox.outbox) == (0, [])
    assert shown(cast.mira, now=before(15)) == []


def test_taken_back_between_planning_and_sending_nothing_is_sent(
    cast: Cast, ritual: Ritual, receiver: Receiver
):
    add(cast.mira, receiver, Browser())
    remind(cast.mira, ritual, email=False, ring=True)
    receiver.status = 503
    sending.send_every_due(now=before(15))
    target = Target(Scope.GUILD, cast.lantern.pk, cast.lantern.pk)
    answering.refuse(by=cast.mira.dreamer_id, target=target, purpose=Purpose.REMINDERS, read=READ)
    sending.send_every_due(now=before(14))
    assert (len(receiver.received), waiting(cast.mira)) == (1, [])


def test_without_consent_or_belonging_nobody_is_reminded(cast: Cast, ritual: Ritual):
    with inside(cast.mira), pytest.raises(NotNow, match="Allow reminders"):
        services.remind_me(by=cast.mira, ritual=ritual, minutes=15, by_email=True, by_push=False)
    with pytest.raises(Denied, match="belong"):
        remind(cast.finn, ritual)
    with pytest.raises(Invalid, match="how long before"):
        remind(cast.mira, ritual, minutes=7)


def test_letters_are_stopped_by_their_address_alone_and_not_by_looking(cast: Cast, ritual: Ritual):
    remind(cast.mira, ritual)
    sending.send_every_due(now=before(15))
    headers = outbox.outbox[0].extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    stranger = Client(enforce_csrf_checks=True)
    assert "One press" in stranger.get(address).content.decode()
    assert sending.send_every_due(now=before(15) + timedelta(days=1)) == 1
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert sending.send_every_due(now=before(15) + timedelta(days=2)) == 0
    with inside(cast.mira):
        assert [row.by_email for row in RitualReminder.objects.all()] == [False]


@pytest.mark.parametrize(
    "token", ["", "abc", mail.stop_token(UUID(int=1)) + "x"], ids=["no", "short", "forged"]
)
def test_an_address_that_was_never_given_stops_nothing(db: None, token: str):
    assert Client().post(f"/reminders/stop/{token}/").status_code == 404


def test_what_was_is_not_kept(cast: Cast, ritual: Ritual):
    remind(cast.mira, ritual)
    sending.send_every_due(now=before(15))
    sending.send_every_due(now=BEGINS + timedelta(hours=25))
    with inside(cast.mira):
        assert DueReminder.objects.count() == 0


def test_a_device_is_sealed_and_known_again_and_one_of_no_service_refused(cast: Cast, receiver: Receiver):
    browser = Browser()
    first, again = (add(cast.mira, receiver, browser) for _ in range(2))
    assert (first.pk == again.pk, b"push" in bytes(first.device_sealed)) == (True, False)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert devices.opened(again) == browser.device(receiver.origin)
        with pytest.raises(DeviceRefused, match="not one that this house calls"):
            devices.add_device(by=cast.mira.dreamer, device=browser.device("http://127.0.0.1:1"))
        short = push.Device(receiver.origin + "/x", "short", "short")
        with pytest.raises(DeviceRefused, match="no key of a browser"):
            devices.add_device(by=cast.mira.dreamer, device=short)
    with inside(cast.lara):
        assert PushDevice.objects.count() == 0


def test_a_thousand_reminders_reckon_each_time_once(cast: Cast, ritual: Ritual, django_assert_num_queries):
    remind(cast.mira, ritual)
    remind(cast.lara, ritual)
    with inside(cast.mira), django_assert_num_queries(5):
        assert len(list(sending._due_in(cast.lantern.pk, now=before(15)))) == 2


def test_the_page_sets_changes_and_ends_it(cast: Cast, ritual: Ritual, client_of: SignIn):
    client = client_of(cast.mira)
    page = client.get("/reminders/").content.decode()
    assert ("The lamp" in page, "you agree to this" in page) == (True, True)
    address = f"/g/lantern/rituals/{ritual.pk}/remind/"
    client.post(address, {"minutes": "30", "by_email": "yes", "read": READ})
    client.post("/reminders/", {"quiet_from": "23:00", "quiet_until": "06:30"})
    with inside(cast.mira):
        assert list(portable.reminders_of(cast.mira.dreamer_id, guild=cast.lantern.pk)) == [
            {"ritual": "The lamp", "minutes_before": 30, "by_email": True, "by_push": False}
        ]
    page = client.get("/reminders/").content.decode()
    assert ("you agree to this" in page, 'value="23:00"' in page) == (False, True)
    client.post(address, {"leave": "yes"})
    with inside(cast.mira):
        assert RitualReminder.objects.count() == 0


def test_a_browser_hands_in_its_address(cast: Cast, receiver: Receiver, client_of: SignIn):
    client, device = client_of(cast.mira), Browser().device(receiver.origin)
    given = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    reply = client.post("/notifications/devices/", given, content_type="application/json")
    wrong = client.post("/notifications/devices/", {"endpoint": "x"}, content_type="application/json")
    assert (reply.status_code, wrong.status_code) == (201, 400)
    client.post(f"/notifications/devices/{reply.json()['device']}/remove/")
    with tenant(dreamer=cast.mira.dreamer_id):
        assert PushDevice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_it_once(live_cast: Cast):
    ritual = a_colony(live_cast)[1]
    every_night(live_cast.lara, ritual)
    remind(live_cast.mira, ritual)
    remind(live_cast.lara, ritual)

    def work(_: int) -> int:
        try:
            return sending.send_every_due(now=before(15))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(work, range(4)))
    assert (sum(sent), len(outbox.outbox)) == (2, 2)
