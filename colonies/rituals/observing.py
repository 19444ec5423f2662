"""Saying what one kept. No leaf is written: a log that lasts for ever is no place for anybody's nights."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from colonies.rituals import selectors
from colonies.rituals.enums import Keeping, Standing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Belonging, Colony, Observance, Pause, Ritual
from colonies.rituals.telling import tell_on_commit
from governance.policies.enums import Action
from governance.policies.services import require
from guild.dreamers.models import Dreamer
from guild.journal.selectors import reckoning_of
from guild.tenancy.models import Membership

LATEST_ENTRY = timedelta(days=30)


@transaction.atomic
def observe(
    *, by: Membership, ritual: Ritual, night: date, keeping: str, now: datetime | None = None
) -> Observance:
    """Says of a night, tonight or one of the last thirty, what was kept. Said again, it is changed.

    Raises Denied, NotNow for a ritual at rest, Invalid.
    """
    _require_keeping(by, ritual, night)
    moment = now or timezone.now()
    tonight = reckoning_of(by.dreamer).night_of(moment)
    if keeping not in Keeping.values:
        raise Invalid("keeping", "Say whether you kept it, partly, or skipped it on purpose.")
    if not tonight - LATEST_ENTRY <= night <= tonight:
        raise Invalid("night", "Choose tonight or one of the last thirty nights.")
    if ritual.is_at_rest:
        raise NotNow("This ritual is at rest: it is not kept at present.")
    begun = moment if night == tonight and keeping != Keeping.SKIPPED else None
    row, is_new = Observance.objects.get_or_create(
        guild_id=by.guild_id,
        ritual_id=ritual.pk,
        membership_id=by.pk,
        night=night,
        defaults={
            "dreamer_id": by.dreamer_id,
            "keeping": keeping,
            "began_at": begun,
            "entered_at": moment,
        },
    )
    if not is_new:
        row.keeping, row.began_at = keeping, (row.began_at or begun) if begun else None
        row.save(update_fields=["keeping", "began_at"])
    if night == tonight:
        tell_on_commit(ritual.pk)
    return row


@transaction.atomic
def take_back(*, by: Membership, ritual: Ritual, night: date) -> None:
    """As if nothing had been said of that night. Nobody's permission is needed for it."""
    Observance.objects.filter(
        guild_id=by.guild_id, ritual_id=ritual.pk, membership_id=by.pk, night=night
    ).delete()
    tell_on_commit(ritual.pk)


@transaction.atomic
def erase_nights(*, by: Membership, colony: Colony) -> int:
    """Everything one has said of the nights of a colony is gone; how many nights that were."""
    mine = Observance.objects.filter(guild_id=by.guild_id, membership_id=by.pk, ritual__colony_id=colony.pk)
    gone, _ = mine.delete()
    return gone


@transaction.atomic
def show_name(*, by: Membership, colony: Colony, shown: bool) -> None:
    """Whether others of the colony who keep a ritual at the same time see one's name; at first not."""
    Belonging.objects.filter(
        guild_id=by.guild_id, colony_id=colony.pk, membership_id=by.pk, standing=Standing.IN
    ).update(shows_name=shown)


@transaction.atomic
def pause(*, by: Dreamer, since: date | None = None, now: datetime | None = None) -> None:
    """From tonight on, or from one of the last thirty nights, no night counts as missed, until one goes on.
    Pausing twice is pausing once. Raises Invalid.
    """
    tonight = reckoning_of(by).night_of(now or timezone.now())
    first = since or tonight
    if not tonight - LATEST_ENTRY <= first <= tonight:
        raise Invalid("since", "Choose tonight or one of the last thirty nights.")
    if not Pause.objects.filter(dreamer_id=by.pk, last_night=None).exists():
        Pause.objects.create(dreamer_id=by.pk, first_night=first)


@transaction.atomic
def go_on(*, by: Dreamer, now: datetime | None = None) -> None:
    """Ends the pause with last night."""
    last = reckoning_of(by).night_of(now or timezone.now()) - timedelta(days=1)
    lasting = Pause.objects.filter(dreamer_id=by.pk, last_night=None)
    lasting.filter(first_night__gt=last).delete()
    lasting.update(last_night=last)


def _require_keeping(by: Membership, ritual: Ritual, night: date) -> None:
    inside, resource = selectors.keeps(ritual, by, night=night), selectors.resource_of(ritual.colony)
    require(actor=by, action=Action.KEEP_RITUAL, resource=resource, belongs=inside)
