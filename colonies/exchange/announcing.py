"""Telling those who lead a colony what it is asked, answered and thanked for, in their notices."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from colonies.exchange.evening_models import Evening
from colonies.exchange.house_models import HouseOffer, Letter
from colonies.exchange.models import Asking, Word
from colonies.rituals.enums import LEADING_PARTS, Standing
from colonies.rituals.models import Belonging
from guild.notifications.enums import Kind
from guild.notifications.services import notify, notify_each
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild
from guild.tenancy.selectors import every_guild, guild_by_id, holders_of

LETTERS_TOLD = timedelta(days=2)
"""Letters that are older were told, or nobody led the colony then."""


def asked(asking: Asking, *, guild: Guild) -> None:
    """A colony asks for a ritual: those who lead the colony that gives it."""
    notify_each(
        _leaders(guild.pk, asking.offer.ritual.colony_id),
        kind=Kind.RITUAL_ASKED_FOR,
        guild=guild.pk,
        path=reverse("exchange:asking", args=[guild.slug, asking.pk]),
        key=f"asked-for:{asking.pk}",
    )


def answered(asking: Asking, *, guild: Guild) -> None:
    """Those who lead the colony that asked."""
    notify_each(
        _leaders(guild.pk, asking.colony_id),
        kind=Kind.RITUAL_ANSWERED,
        guild=guild.pk,
        path=reverse("exchange:exchange", args=[guild.slug]),
        key=f"asking-answered:{asking.pk}",
    )


def proposed(evening: Evening, *, guild: Guild) -> None:
    """Those who lead the colony that is invited."""
    _of_evening(evening, evening.guest_id, guild=guild, kind=Kind.EVENING_PROPOSED)


def settled(evening: Evening, *, guild: Guild) -> None:
    """Those who lead the colony that proposed it."""
    _of_evening(evening, evening.host_id, guild=guild, kind=Kind.EVENING_ANSWERED)


def spoken_of(word: Word, *, guild: Guild) -> None:
    """Those who lead the colony that the ritual was learnt from."""
    source = word.adoption.source
    notify_each(
        _leaders(guild.pk, source.colony_id),
        kind=Kind.THANKS,
        guild=guild.pk,
        path=reverse("exchange:lineage", args=[guild.slug, source.pk]),
        key=f"word:{word.pk}",
    )


def grown_alike(guild: Guild, *, month: str, told: int) -> None:
    """Those who hold the office of a leader, when more is told of a month than before."""
    notify_each(
        holders_of(guild.pk, Office.LEADER),
        kind=Kind.DIVERSITY_TOLD,
        guild=guild.pk,
        path=reverse("exchange:diversity", args=[guild.slug]),
        key=f"diversity:{guild.pk}:{month}:{told}",
    )


def tell_letters(*, now: datetime | None = None) -> None:
    """Letters of other guilds, told behind the wall of the guild that they came to; run by the clock."""
    since = (now or timezone.now()) - LETTERS_TOLD
    for guild in every_guild():
        with tenant(guild=guild):
            for letter in Letter.objects.filter(to_guild=guild, sent_at__gt=since):
                _letter_came(letter, guild=guild)


def _letter_came(letter: Letter, *, guild: UUID) -> None:
    offer = HouseOffer.objects.filter(guild_id=guild, pk=letter.offer_id).select_related("ritual").first()
    if offer is None:
        return
    path = reverse("exchange:lineage", args=[guild_by_id(guild).slug, offer.ritual_id])
    for dreamer in _leaders(guild, offer.ritual.colony_id):
        notify(dreamer=dreamer, kind=Kind.THANKS, guild=guild, path=path, key=f"letter:{letter.pk}")


def _of_evening(evening: Evening, colony: UUID, *, guild: Guild, kind: Kind) -> None:
    notify_each(
        _leaders(guild.pk, colony),
        kind=kind,
        guild=guild.pk,
        path=reverse("exchange:evening", args=[guild.slug, evening.pk]),
        key=f"{kind.value}:{evening.pk}",
    )


def _leaders(guild: UUID, colony: UUID) -> Iterable[UUID]:
    """The dreamers who lead or co-lead a colony now."""
    rows = Belonging.objects.filter(
        guild_id=guild,
        colony_id=colony,
        standing=Standing.IN,
        part__in=LEADING_PARTS,
        membership__ended_at=None,
    )
    return list(rows.order_by().values_list("membership__dreamer_id", flat=True))
