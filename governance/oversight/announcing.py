"""Telling people what was ruled and answered about them, and enforcers what waits for them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from governance.audits.models import Finding
from governance.consent.models import Subject
from governance.oversight.ruling_models import Appeal, Ruling
from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild
from guild.tenancy.selectors import guild_by_id, holders_of


def ruled(ruling: Ruling, *, guild: Guild, at: datetime) -> None:
    """Whoever a ruling names, and who lent what it is about, learn of it when it takes effect."""
    notify_each(
        _concerned(ruling),
        kind=Kind.RULING_MADE,
        guild=guild.pk,
        path=_of_ruling(guild, ruling),
        key=f"ruling:{ruling.pk}",
        at=at,
    )


def answered(appeal: Appeal, ruling: Ruling, *, guild: Guild, at: datetime) -> None:
    """Whoever appealed, and whom the ruling concerns, learn of the answer."""
    made_by = appeal.made_by.dreamer_id
    notify_each(
        [*_concerned(ruling), made_by],
        kind=Kind.APPEAL_DECIDED,
        guild=guild.pk,
        path=_of_ruling(guild, ruling),
        key=f"appeal:{appeal.pk}",
        at=at,
    )


def due(guild: UUID, new: Collection[tuple[UUID, str]], *, at: datetime) -> None:
    """Every enforcer learns that something has become due or overdue: one notice for all of it."""
    about, kind = min(new, key=str)
    notify_each(
        holders_of(guild, Office.ENFORCER),
        kind=Kind.DECISION_DUE,
        guild=guild,
        path=reverse("oversight:findings", args=[guild_by_id(guild).slug]),
        key=f"decision-due:{about}:{kind}:{at:%Y%m%d%H%M}",
        at=at,
    )


def _concerned(ruling: Ruling) -> list[UUID]:
    named = [] if ruling.names is None else [ruling.names.dreamer_id]
    return [*named, *_lender_of(ruling.finding)]


def _lender_of(finding: Finding) -> list[UUID]:
    if finding.contribution is None:
        return []
    rows = Subject.objects.filter(guild_id=finding.guild_id, contribution=finding.contribution)
    return list(rows.values_list("dreamer_id", flat=True))


def _of_ruling(guild: Guild, ruling: Ruling) -> str:
    return reverse("transparency:ruling", args=[guild.slug, ruling.pk])
