"""Notices: each once and never lost, by the channels and at the times that were chosen, and silent about what
they are of.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from smtplib import SMTPServerDisconnected
from uuid import UUID

import psycopg
import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from guild.dreamers.services import set_quiet_hours
from guild.notifications import devices, hushes, letters, planning, selectors, sending, services
from guild.notifications.enums import Channel, Every, Group, Kind, When
from guild.notifications.kinds import SAID, usual
from guild.notifications.letters import Stop
from guild.notifications.models import Message, Notice, PushDevice
from guild.notifications.quiet import Quiet
from guild.notifications.tasks import send_due
from guild.notifications.timing import Hush
from guild.notifications.zones import zone_of
from guild.tenancy.context import NOBODY, current, tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.guild.receiver import Browser, Receiver

SignIn = Callable[[Membership], Client]
NOON = datetime.fromisoformat("2026-11-25T12:00+00:00")
SIX, NIGHT = NOON.replace(hour=18), NOON.replace(hour=23)
MORNING = NIGHT.replace(day=26, hour=7)
CANARY = "lantern"


def tell(
    member: Membership, kind: Kind = Kind.CONSENT_ASKED, *, key: str = "one", at: datetime = NOON
) -> None:
    services.notify(
        dreamer=member.dreamer_id, kind=kind, guild=member.guild_id, path="/g/lantern/", key=key, at=at
    )


def choose(member: Membership, group: Group, channel: Channel, when: When) -> None:
    with tenant(dreamer=member.dreamer_id):
        services.choose(by=member.dreamer_id, choices={(group, channel): when})


def row(member: Membership) -> Notice:
    with tenant(dreamer=member.dreamer_id):
        return Notice.objects.get()


def send(*moments: datetime) -> list[int]:
    return [sending.send_every_due(now=moment) for moment in moments]


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    found = Receiver()
    server = found.serve()
    settings.PUSH_SERVICES = [found.origin]
    yield found
    server.shutdown()
    server.server_close()


def add(member: Membership, receiver: Receiver, name: str = "one") -> Browser:
    browser = Browser()
    with tenant(dreamer=member.dreamer_id):
        devices.add_device(by=member.dreamer, device=browser.device(receiver.origin, name))
    return browser


def test_told_from_a_guilds_own_transaction_it_is_the_dreamers_alone(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id) as mine:
        tell(cast.mira)
        assert (current(), Notice.objects.count()) == (mine, 0)
    for whose in (cast.ayla, cast.zed):
        with tenant(guild=cast.lantern.pk, dreamer=whose.dreamer_id):
            assert (Notice.objects.count(), Notice.objects.update(read_at=NOON)) == (0, 0)
    assert (row(cast.mira).path, row(cast.mira).read_at, current()) == ("/g/lantern/", None, NOBODY)


def test_what_is_undone_was_not_told(cast: Cast) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        tell(cast.mira)
        transaction.set_rollback(True)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert Notice.objects.count() == 0
    assert send(NOON) == [0]


def test_the_same_key_is_the_same_notice_and_each_dreamers_own(cast: Cast) -> None:
    tell(cast.mira)
    tell(cast.mira, Kind.HALTED)
    both = [cast.mira.dreamer_id, cast.finn.dreamer_id, cast.finn.dreamer_id]
    services.notify_each(both, kind=Kind.HALTED, guild=None, path="/", key="one", at=NOON)
    assert (row(cast.mira).kind, row(cast.finn).kind) == ("consent_asked", "halted")


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "g/lantern/", ""])
def test_a_notice_leads_nowhere_else(cast: Cast, path: str) -> None:
    with pytest.raises(ValueError, match="address of this house"):
        services.notify(dreamer=cast.mira.dreamer_id, kind=Kind.HALTED, guild=None, path=path, key="one")


def test_a_letter_comes_once_however_often_the_clock_strikes(cast: Cast) -> None:
    tell(cast.mira)
    assert send(NOON, NOON, SIX) == [1, 0, 0]
    assert [letter.to for letter in outbox.outbox] == [["mira@example.org"]]
    assert (row(cast.mira).mailed_at, row(cast.mira).digested_at, row(cast.mira).owed) == (NOON, None, [])


def test_the_task_of_the_clock_run_twice_sends_once(cast: Cast) -> None:
    set_quiet_hours(dreamer=cast.mira.dreamer_id, since=time(0), until=time(0))
    tell(cast.mira, at=timezone.now())
    send_due.run()
    send_due.run()
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("gathered", [False, True])
def test_no_letter_names_guild_person_path_or_what_was_decided(cast: Cast, gathered: bool) -> None:
    for group in Group:
        choose(cast.mira, group, Channel.EMAIL, When.DIGEST if gathered else When.AT_ONCE)
    for kind in Kind:
        tell(cast.mira, kind, key=kind, at=SIX - timedelta(minutes=1))
    assert send(SIX) == [1 if gathered else len(Group)]
    told = "\n".join(letter.message().as_string() for letter in outbox.outbox)
    words = told.replace("mira@example.org", "").lower()
    assert [word for word in (CANARY, "mira", "ayla", "/g/") if word in words] == []
    pages = {SAID[kind].page for kind in Kind} - {SAID[kind].outside for kind in Kind}
    assert [sentence for sentence in pages if sentence in told.replace("\n", " ")] == []


def test_every_kind_has_its_sentences_and_letters_come_for_what_matters() -> None:
    assert set(SAID) == set(Kind)
    assert {group for group in Group if usual(group, Channel.PUSH) != When.NEVER} == set()
    assert {group for group in Group if usual(group, Channel.EMAIL) == When.DIGEST} == {
        Group.OUTCOMES,
        Group.DREAMSCAPES,
        Group.RITUALS,
    }


def test_what_comes_in_the_quiet_comes_when_it_ends_in_one_letter(cast: Cast) -> None:
    tell(cast.mira, at=NIGHT)
    assert send(NIGHT) == [0]
    tell(cast.mira, Kind.DREAM_TAKEN_BACK, key="two", at=NIGHT)
    assert send(NIGHT, MORNING - timedelta(seconds=1), MORNING, MORNING) == [0, 0, 1, 0]
    (letter,) = outbox.outbox
    assert ("You are asked something." in letter.body, "was shared with you" in letter.body) == (True, True)


def test_a_guilds_quiet_holds_its_notices_and_no_others(cast: Cast, monkeypatch) -> None:
    quiet = Hush(Quiet(time(11), time(14)), zone_of(cast.mira.dreamer))
    monkeypatch.setattr(hushes, "_callbacks", [lambda guilds: dict.fromkeys(guilds, quiet)])
    tell(cast.mira)
    services.notify(
        dreamer=cast.mira.dreamer_id, kind=Kind.OFFICE_GRANTED, guild=None, path="/", key="two", at=NOON
    )
    assert send(NOON, NOON.replace(hour=14)) == [1, 1]


def test_what_is_gathered_comes_at_its_hour_by_ones_own_clock(cast: Cast) -> None:
    cast.mira.dreamer.time_zone = "America/New_York"
    cast.mira.dreamer.save(update_fields=["time_zone"])
    tell(cast.mira, Kind.BLEND_READY)
    tell(cast.mira, Kind.THANKS, key="two", at=SIX)
    tell(cast.mira, Kind.THANKS, key="three", at=SIX)
    hour = SIX.replace(hour=23)  # 18:00 there
    assert send(NOON, SIX, hour - timedelta(seconds=1), hour, hour) == [0, 0, 0, 1, 0]
    (letter,) = outbox.outbox
    assert letter.subject == "What has gathered for you"
    assert "- Something came back to a colony of yours. (2 times)\n" in letter.body
    assert "- Something that you took part in is ready.\n" in letter.body


def test_once_a_week_it_comes_on_its_day(cast: Cast) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        services.set_digest(by=cast.mira.dreamer_id, every=Every.WEEK, weekday=4, hour=9)
    tell(cast.mira, Kind.THANKS)
    friday = NOON.replace(day=27, hour=9)
    assert send(SIX, friday - timedelta(seconds=1), friday) == [0, 0, 1]


def test_chosen_otherwise_meanwhile_it_comes_otherwise(cast: Cast, django_assert_num_queries) -> None:
    tell(cast.mira, Kind.THANKS)
    assert send(NOON) == [0]
    choose(cast.mira, Group.RITUALS, Channel.EMAIL, When.AT_ONCE)
    with tenant(dreamer=cast.mira.dreamer_id):
        Notice.objects.update(due_at=NOON)  # the clock of this test is not the one of `choose`
    assert send(NOON) == [1]


def test_never_is_never_and_on_the_pages_it_stands_all_the_same(cast: Cast) -> None:
    choose(cast.mira, Group.MINE, Channel.EMAIL, When.NEVER)
    tell(cast.mira)
    assert send(NOON, SIX, MORNING) == [0, 0, 0]
    with tenant(dreamer=cast.mira.dreamer_id):
        assert selectors.unread_count(cast.mira.dreamer_id) == 1


def test_what_was_read_in_the_meantime_is_sent_no_more(cast: Cast) -> None:
    tell(cast.mira, at=NIGHT)
    send(NIGHT)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert [services.mark_read(by=cast.mira.dreamer_id) for _ in range(2)] == [1, 0]
    assert send(MORNING) == [0]


def test_what_has_faded_is_told_on_the_pages_alone(cast: Cast) -> None:
    tell(cast.mira, Kind.SESSION_SOON, at=NIGHT)
    assert (send(NIGHT, MORNING), outbox.outbox) == ([0, 0], [])


def test_every_device_rings_once_chosen_and_reads_one_sentence(cast: Cast, receiver: Receiver) -> None:
    browsers = [add(cast.mira, receiver, name) for name in ("0", "1")]
    tell(cast.mira)
    choose(cast.mira, Group.MINE, Channel.EMAIL, When.NEVER)
    assert (send(NOON), receiver.received) == ([0], [])
    choose(cast.mira, Group.MINE, Channel.PUSH, When.AT_ONCE)
    tell(cast.mira, key="two", at=SIX)
    assert send(SIX, SIX) == [2, 0]
    read = [browser.read(receiver.bodies[f"/push/{name}"]) for name, browser in enumerate(browsers)]
    assert [(one["title"], one["body"], one["address"]) for one in read] == [
        ("DreamScape Guild", "You are asked something.", "/notifications/")
    ] * 2
    assert {one["tag"] for one in read} == {headers["Topic"] for headers, _ in receiver.received}
    with tenant(dreamer=cast.mira.dreamer_id):
        assert [notice.pushed_at for notice in Notice.objects.order_by("key")] == [None, SIX]


def test_what_rings_may_be_gathered_too(cast: Cast, receiver: Receiver) -> None:
    browser = add(cast.mira, receiver)
    choose(cast.mira, Group.DREAMSCAPES, Channel.EMAIL, When.NEVER)
    choose(cast.mira, Group.DREAMSCAPES, Channel.PUSH, When.DIGEST)
    tell(cast.mira, Kind.BLEND_READY)
    tell(cast.mira, Kind.BLEND_SUPERSEDED, key="two")
    assert send(NOON, SIX) == [0, 1]
    assert browser.read(receiver.bodies["/push/one"])["body"] == "2 things wait for you."


def test_a_device_that_is_gone_is_forgotten(cast: Cast, receiver: Receiver) -> None:
    add(cast.mira, receiver)
    choose(cast.mira, Group.MINE, Channel.PUSH, When.AT_ONCE)
    tell(cast.mira)
    receiver.status = 410
    assert send(NOON) == [1]  # the letter
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (PushDevice.objects.count(), Message.objects.count()) == (0, 0)


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


def test_a_notice_goes_after_half_a_year(cast: Cast) -> None:
    tell(cast.mira)
    send(NOON, NOON + planning.KEPT - timedelta(seconds=1))
    assert row(cast.mira).due_at == NOON + planning.KEPT
    send(NOON + planning.KEPT)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert Notice.objects.count() == 0


def test_a_kind_of_a_later_release_waits_untouched_and_keeps_nobody_from_theirs(cast: Cast) -> None:
    tell(cast.finn)
    with tenant(dreamer=cast.finn.dreamer_id):
        Notice.objects.update(kind="of_another_release")
    tell(cast.mira)
    assert send(NOON) == [1]
    with tenant(dreamer=cast.finn.dreamer_id):
        assert (Notice.objects.get().owed, selectors.unread_count(cast.finn.dreamer_id)) == (
            ["email", "push"],
            0,
        )


def test_nothing_is_kept_of_somebody_who_was_told_while_they_erased_their_account(
    cast: Cast, superuser: psycopg.Connection
) -> None:
    tell(cast.mira)
    cast.mira.dreamer.is_active = False
    cast.mira.dreamer.save(update_fields=["is_active"])
    services.notify(dreamer=UUID(int=7), kind=Kind.HALTED, guild=None, path="/", key="one", at=NOON)
    assert send(NOON) == [0]
    for dreamer in (cast.mira.dreamer_id, UUID(int=7)):
        with tenant(dreamer=dreamer):
            assert Notice.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_due(%s, 10)", [MORNING])
        assert cursor.fetchall() == []


def stop_address() -> str:
    stop = outbox.outbox[-1].extra_headers["List-Unsubscribe"]
    return stop.strip("<>").removeprefix("http://127.0.0.1:8000")


def wish(member: Membership, group: Group) -> When:
    with tenant(dreamer=member.dreamer_id):
        return selectors.wishes_of(member.dreamer_id)[group, Channel.EMAIL]


def test_letters_are_stopped_with_one_press_from_the_letter_and_not_by_looking(cast: Cast) -> None:
    tell(cast.mira)
    send(NOON)
    stranger, address = Client(enforce_csrf_checks=True), stop_address()
    assert outbox.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "My dreams and consents" in stranger.get(address).content.decode()
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE
    replies = [stranger.post(address, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert [wish(cast.mira, group) for group in (Group.MINE, Group.OFFICES)] == [When.NEVER, When.AT_ONCE]
    tell(cast.mira, key="two", at=SIX)
    assert send(SIX) == [0]
    assert [b"undo" in reply.content for reply in replies] == [True, False]
    before = replies[0].context["undo"]
    assert stranger.post(address, {"undo": before}).status_code == 200
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE


def test_a_letter_that_outlived_its_account_stops_nothing_and_breaks_nothing(cast: Cast) -> None:
    gone, undo = UUID(int=7), letters.undo_token({Group.MINE: When.AT_ONCE})
    address = f"/notifications/stop/{letters.stop_token(Stop(gone, (Group.MINE,), None))}/"
    replies = [Client().post(address), Client().post(address, {"undo": undo})]
    assert [reply.status_code for reply in replies] == [200, 200]
    closed = cast.mira.dreamer
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    assert Client().post(f"/notifications/stop/{letters.stop_token(Stop(closed.pk, (Group.MINE,), None))}/")
    assert wish(cast.mira, Group.MINE) == When.AT_ONCE


def test_a_gathered_letter_stops_gathered_letters_alone(cast: Cast) -> None:
    tell(cast.mira, Kind.THANKS)
    tell(cast.mira, Kind.BLEND_READY, key="two")
    send(NOON, SIX)
    choose(cast.mira, Group.RITUALS, Channel.EMAIL, When.AT_ONCE)
    assert Client().post(stop_address()).status_code == 200
    assert [wish(cast.mira, group) for group in (Group.RITUALS, Group.DREAMSCAPES)] == [
        When.AT_ONCE,
        When.NEVER,
    ]


def test_an_address_that_was_never_given_stops_nothing(cast: Cast) -> None:
    mine = letters.stop_token(Stop(cast.mira.dreamer_id, (Group.MINE,), None))
    other = letters.stop_token(Stop(cast.mira.dreamer_id, (Group.MINE, Group.VOTES), None))
    body, _, signature = other.rpartition(":")
    forged = [mine + "x", mine.rpartition(":")[0] + ":" + signature, body, "abc", letters.undo_token({})]
    assert [Client().post(f"/notifications/stop/{token}/").status_code for token in forged] == [404] * 5
    undo = letters.undo_token({Group.VOTES: When.DIGEST})
    for wrong in (undo, undo + "x", mine):
        assert Client().post(f"/notifications/stop/{mine}/", {"undo": wrong}).status_code == 404
    assert [wish(cast.mira, group) for group in (Group.MINE, Group.VOTES)] == [When.AT_ONCE, When.AT_ONCE]
