"""A guild made as people make one, so that its log tells of everything in it; and audits of it."""

from uuid import UUID

from governance.audits import services
from governance.audits.models import AuditRun, Finding
from governance.offices import services as offices
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import OFFICES, account


def settle(name: str = "The Lantern Guild", slug: str = "lantern") -> dict[str, Membership]:
    """Ayla founds it, appoints herself and admits the others with their offices."""
    ayla = offices.found(by=account(f"Ayla-{slug}").pk, display_name="Ayla", name=name, slug=slug)
    with tenant(guild=ayla.guild_id, dreamer=ayla.dreamer_id):
        for office in OFFICES["Ayla"]:
            ayla = offices.appoint(by=ayla, member=ayla, office=office)
        members = {
            person.lower(): offices.admit(
                by=ayla, dreamer=account(f"{person}-{slug}").pk, display_name=person, offices=held
            )
            for person, held in OFFICES.items()
            if person != "Ayla"
        }
    return {"ayla": ayla, **members}


def audit(guild: UUID) -> AuditRun:
    """One audit from its request to its end, as the clock and a worker would do it."""
    run = services.request_scheduled_audit(guild=guild)
    services.perform_audit(guild_id=guild, run_id=run.pk)
    return fresh(run)


def fresh(run: AuditRun) -> AuditRun:
    with tenant(guild=run.guild_id):
        return AuditRun.objects.get(pk=run.pk)


def standing(guild: UUID) -> list[Finding]:
    """The findings that are not gone, oldest first."""
    with tenant(guild=guild):
        return list(Finding.objects.filter(guild_id=guild, gone_at=None).order_by("made_leaf"))
