"""Reminds enforcers of what is due and of what is overdue, once each; run by the clock in every guild."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from governance.audits.deadlines import remind_from
from governance.audits.enums import FindingState
from governance.audits.models import Finding
from governance.oversight.access import enforcers_of
from governance.oversight.appealing import close_settled
from governance.oversight.enums import Reminded
from governance.oversight.ruling import UNDECIDED
from governance.oversight.ruling_models import Appeal, Reminder
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.selectors import every_guild

logger = logging.getLogger(__name__)

SUBJECT = "A decision is waiting for you"


@dataclass(frozen=True)
class Pending:
    """Something to decide: a finding or an appeal, by its id, and how urgent it has become."""

    about: UUID
    kind: Reminded


def attend_every_guild(*, now: datetime | None = None) -> int:
    """Close what was not appealed in time, and remind of what is due; how many reminders that were.

    Enters each guild's tenant in turn. A guild whose mail cannot be sent is tried again at the next round,
    and keeps no other from theirs.
    """
    moment, sent = now or timezone.now(), 0
    for guild in every_guild():
        close_settled(guild=guild, now=moment)
        try:
            sent += remind(guild=guild, now=moment)
        except (SMTPException, OSError) as error:
            logger.warning("A guild's reminders were not sent (%s).", type(error).__name__)
    return sent


def remind(*, guild: UUID, now: datetime) -> int:
    """One mail to each enforcer when anything has become due or overdue since; how many such things.

    Enters the guild's tenant itself. The mail names neither the guild nor anything in it.
    """
    with tenant(guild=guild):
        new = [pending for pending in _pending(guild, now=now) if _noted(pending, guild=guild, at=now)]
        if new:
            _write_to_enforcers(guild, new)
        return len(new)


def _pending(guild: UUID, *, now: datetime) -> Iterable[Pending]:
    findings = Finding.objects.filter(guild_id=guild, state__in=UNDECIDED, due_at__isnull=False)
    rows = list(findings.values_list("pk", "severity", "due_at"))
    appeals = Appeal.objects.filter(guild_id=guild, outcome="", ruling__finding__state=FindingState.APPEALED)
    rows += appeals.values_list("pk", "ruling__finding__severity", "due_at")
    for about, severity, due_at in rows:
        if due_at is None:
            continue
        if due_at <= now:
            yield Pending(about, Reminded.OVERDUE)
        elif remind_from(severity, due_at=due_at) <= now:
            yield Pending(about, Reminded.DUE)


def _noted(pending: Pending, *, guild: UUID, at: datetime) -> bool:
    """Whether it had not been said before."""
    _, is_new = Reminder.objects.get_or_create(
        guild_id=guild, about=pending.about, kind=pending.kind, defaults={"at": at}
    )
    return is_new


def _write_to_enforcers(guild: UUID, new: list[Pending]) -> None:
    """To each alone: nobody's address is shown to another."""
    overdue = sum(pending.kind is Reminded.OVERDUE for pending in new)
    context = {"count": len(new), "overdue": overdue, "address": settings.PUBLIC_URL}
    text = render_to_string("governance/oversight/reminder.txt", context)
    dreamers = [member.dreamer_id for member in enforcers_of(guild)]
    for address in Dreamer.objects.filter(pk__in=dreamers).values_list("email", flat=True):
        send_mail(SUBJECT, text, None, [address])
