"""Telling enforcers that an audit found something, and dreamers that it is about what they lent."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from governance.audits.models import AuditRun, Finding
from governance.consent.models import Subject
from guild.notifications.enums import Kind
from guild.notifications.services import notify, notify_each
from guild.tenancy.enums import Office
from guild.tenancy.selectors import guild_by_id, holders_of


def found(audit: AuditRun, new: Iterable[Finding], *, at: datetime) -> None:
    """In the guild's tenant: one notice an audit for enforcers, and one a dream for whoever lent it."""
    findings = list(new)
    if not findings:
        return
    guild = guild_by_id(audit.guild_id)
    notify_each(
        holders_of(guild.pk, Office.ENFORCER),
        kind=Kind.AUDIT_FOUND,
        guild=guild.pk,
        path=reverse("oversight:findings", args=[guild.slug]),
        key=f"audit-found:{audit.pk}",
        at=at,
    )
    about = {finding.contribution for finding in findings if finding.contribution is not None}
    lent = Subject.objects.filter(guild_id=guild.pk, contribution__in=about, withdrawn_at=None)
    for dreamer, contribution in lent.order_by("dreamer_id").values_list("dreamer_id", "contribution"):
        notify(
            dreamer=dreamer,
            kind=Kind.FINDING_NAMES_YOU,
            guild=guild.pk,
            path=reverse("consent:dream", args=[contribution]),
            key=f"finding:{audit.pk}:{contribution}",
            at=at,
        )
