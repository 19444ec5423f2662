"""Choosing how one is reminded. It is one's own business: a ledger hears of the consent alone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from colonies.reminders.models import DueReminder, RitualReminder
from colonies.rituals import selectors
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Ritual
from governance.consent import answering
from governance.consent.answering import Target
from governance.consent.enums import Purpose, Scope
from governance.consent.selectors import allows
from governance.policies.enums import Action
from governance.policies.services import require
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import memberships_of

MINUTES = (0, 5, 15, 30, 60, 120)


@transaction.atomic
def remind_me(
    *, by: Membership, ritual: Ritual, minutes: int, by_email: bool, by_push: bool, read: str = ""
) -> RitualReminder:
    """From now on, so many minutes before each time. `read` is the digest of the notice that was agreed to
    just now, where reminders were not consented to before.

    Raises Denied, Invalid, NotNow without consent, NoticeChanged.
    """
    inside, resource = selectors.belongs(ritual.colony, by), selectors.resource_of(ritual.colony)
    require(actor=by, action=Action.KEEP_RITUAL, resource=resource, belongs=inside)
    if minutes not in MINUTES:
        raise Invalid("minutes", "Choose how long before: " + ", ".join(map(str, MINUTES)) + " minutes.")
    _consent(by, read)
    row, _ = RitualReminder.objects.update_or_create(
        guild_id=by.guild_id,
        membership_id=by.pk,
        ritual_id=ritual.pk,
        defaults={
            "dreamer_id": by.dreamer_id,
            "minutes_before": minutes,
            "by_email": by_email,
            "by_push": by_push,
        },
    )
    return row


def _consent(by: Membership, read: str) -> None:
    if allows(by, Purpose.REMINDERS):
        return
    if not read:
        raise NotNow("Allow reminders in this guild first: it stands under your consents.")
    target = Target(Scope.GUILD, by.guild_id, by.guild_id)
    answering.give(by=by.dreamer_id, target=target, purpose=Purpose.REMINDERS, read=read)


@transaction.atomic
def leave_me(*, by: Membership, ritual: Ritual) -> bool:
    """No more reminders of this ritual, and none of those that wait; whether there were any."""
    waiting = DueReminder.objects.filter(guild_id=by.guild_id, membership_id=by.pk, ritual_id=ritual.pk)
    waiting.delete()
    rows = RitualReminder.objects.filter(guild_id=by.guild_id, membership_id=by.pk, ritual_id=ritual.pk)
    gone, _ = rows.delete()
    return bool(gone)


def stop_letters(*, dreamer: UUID) -> int:
    """No more e-mail about anything, in any guild; of how many rituals. Enters the guilds' tenants itself."""
    stopped = 0
    with tenant(dreamer=dreamer):
        memberships = memberships_of(dreamer)
    for membership in memberships:
        with tenant(guild=membership.guild_id, dreamer=dreamer):
            rows = RitualReminder.objects.filter(guild_id=membership.guild_id, membership_id=membership.pk)
            stopped += rows.filter(by_email=True).update(by_email=False)
    return stopped


def put_away(*, by: Dreamer, reminder_id: UUID, now: datetime | None = None) -> None:
    """It is not shown on any page again. Enters the guild's tenant itself."""
    row = DueReminder.objects.filter(dreamer_id=by.pk, pk=reminder_id).first()
    if row is None:
        return
    with tenant(guild=row.guild_id, dreamer=by.pk):
        DueReminder.objects.filter(pk=row.pk, put_away_at=None).update(put_away_at=now or timezone.now())


def erase_in_guild(dreamer: UUID, *, guild: UUID) -> None:
    """In the guild's tenant: what somebody chose and what waits for them."""
    DueReminder.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
    RitualReminder.objects.filter(guild_id=guild, dreamer_id=dreamer).delete()
