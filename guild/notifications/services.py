"""Telling somebody something, and every choice of how one is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guild.dreamers.closing import AccountClosed, keep_open
from guild.dreamers.services import set_quiet_hours
from guild.notifications.enums import Channel, Every, Group, Kind, When
from guild.notifications.models import Choice, DigestTime, Notice
from guild.notifications.selectors import wishes_of
from guild.tenancy.context import in_each, tenant

Choices = Mapping[tuple[Group, Channel], When]
Before = Mapping[Group, When]


def notify(
    *,
    dreamer: UUID,
    kind: Kind,
    guild: UUID | None,
    path: str,
    key: str,
    at: datetime | None = None,
) -> None:
    """Tell a dreamer something once: the same `key` again is the same notice, whatever else is said.

    The row is written in the caller's transaction, from whatever tenant: it is there if what it tells of is
    there. `path` is an address of this house, and with `key` all that is kept: neither holds a word of
    anybody's.
    """
    notify_each([dreamer], kind=kind, guild=guild, path=path, key=key, at=at)


def notify_each(
    dreamers: Iterable[UUID],
    *,
    kind: Kind,
    guild: UUID | None,
    path: str,
    key: str,
    at: datetime | None = None,
) -> None:
    """As `notify`, for each of them once; two round trips a person."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("A notice leads to an address of this house.")
    now = at or timezone.now()

    def write(dreamer: UUID) -> None:
        said = {"kind": kind, "of_guild": guild, "path": path, "key": key}
        row = Notice(dreamer_id=dreamer, made_at=now, due_at=now, **said)
        Notice.objects.bulk_create([row], ignore_conflicts=True)

    in_each(dreamers, write)


def was_told(dreamer: UUID, *, key: str) -> bool:
    """Whether a dreamer has this notice already. Enters their tenant itself, for one question."""
    with tenant(dreamer=dreamer):
        return Notice.objects.filter(dreamer_id=dreamer, key=key).exists()


@transaction.atomic
def mark_read(*, by: UUID, notices: Iterable[UUID] | None = None) -> int:
    """These notices, or all, are read; how many were not. What is read is sent no more."""
    rows = Notice.objects.filter(dreamer_id=by, read_at=None)
    if notices is not None:
        rows = rows.filter(pk__in=list(notices))
    return rows.update(read_at=timezone.now())


@transaction.atomic
def mark_seen(*, by: UUID, path: str) -> int:
    """The page that these notices lead to is open: they are read; how many were not."""
    return Notice.objects.filter(dreamer_id=by, path=path, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def choose(*, by: UUID, choices: Choices) -> None:
    """From now on one is told so; what waits already comes, or does not, by the new choice."""
    Choice.objects.bulk_create(
        [
            Choice(dreamer_id=by, group=group, channel=channel, when=when)
            for (group, channel), when in choices.items()
        ],
        update_conflicts=True,
        unique_fields=["dreamer", "group", "channel"],
        update_fields=["when"],
    )
    look_again(by)


@transaction.atomic
def set_digest(*, by: UUID, every: Every, weekday: int, hour: int) -> None:
    """When what is gathered comes; `weekday` (Monday is 0) matters once a week alone."""
    DigestTime.objects.update_or_create(
        dreamer_id=by, defaults={"every": every, "weekday": weekday, "hour": hour}
    )
    look_again(by)


@transaction.atomic
def set_quiet(*, by: UUID, since: time, until: time) -> None:
    """Between these nothing comes by letter or rings, by one's own clock; the same time twice is no quiet."""
    set_quiet_hours(dreamer=by, since=since, until=until)
    look_again(by)


@transaction.atomic
def look_again(dreamer: UUID) -> None:
    """What waits for a time that was chosen before is looked at anew at the next round."""
    waiting = Notice.objects.filter(dreamer_id=dreamer).exclude(owed=[])
    waiting.update(due_at=timezone.now())


def stop_letters(*, dreamer: UUID, groups: Iterable[Group], only: When | None = None) -> Before:
    """No more letters about these groups, of all or of those that come `only` so; what held before, for
    `undo`. Enters the dreamer's tenant itself. Stopping twice stops nothing more; a letter may be older than
    the end of the account, to which none comes any more.
    """
    with tenant(dreamer=dreamer):
        if not _is_open(dreamer):
            return {}
        wishes = wishes_of(dreamer)
        before = {group: wishes[group, Channel.EMAIL] for group in groups}
        ended: Before = {
            group: when for group, when in before.items() if when != When.NEVER and only in (None, when)
        }
        choose(by=dreamer, choices={(group, Channel.EMAIL): When.NEVER for group in ended})
    return ended


def undo_stop(*, dreamer: UUID, before: Before) -> None:
    """Letters come again as they did. Enters the dreamer's tenant itself."""
    with tenant(dreamer=dreamer):
        if not _is_open(dreamer):
            return
        choose(by=dreamer, choices={(group, Channel.EMAIL): when for group, when in before.items()})


def _is_open(dreamer: UUID) -> bool:
    """Whether the account is there, and is not closed before the transaction ends."""
    try:
        keep_open(dreamer)
    except AccountClosed:
        return False
    return True
