"""Telling those of a session that its blend was stopped, and enforcers that they have to rule on it."""

from django.urls import reverse

from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild
from guild.tenancy.selectors import holders_of
from lounges.halts.models import Halt
from lounges.sessions.models import Participation, Session


def halted(halt: Halt, session: Session, *, guild: Guild) -> None:
    """Whoever took part and is a member still, and the host; nobody learns who called."""
    took_part = Participation.objects.filter(
        guild_id=guild.pk, session_id=session.pk, membership__ended_at=None
    )
    people = set(took_part.values_list("dreamer_id", flat=True))
    if session.host.is_live:
        people.add(session.host.dreamer_id)
    notify_each(
        sorted(people),
        kind=Kind.HALTED,
        guild=guild.pk,
        path=reverse("sessions:live", args=[guild.slug, session.pk]),
        key=f"halt:{halt.pk}",
        at=halt.at,
    )
    notify_each(
        holders_of(guild.pk, Office.ENFORCER),
        kind=Kind.HALT_TO_RULE,
        guild=guild.pk,
        path=reverse("oversight:finding", args=[guild.slug, halt.finding]),
        key=f"halt-to-rule:{halt.pk}",
        at=halt.at,
    )
