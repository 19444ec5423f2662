"""Makes findings for the tests of oversight, as an audit would, without an audit."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from governance.audits import deadlines
from governance.audits.enums import AuditState, Severity
from governance.audits.models import AuditRun, Finding
from governance.offices.services import admit, remove
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

RULE = "lent.altered"


def audited(guild: Guild) -> AuditRun:
    """One audit of the guild that came to its end; the same one for every finding."""
    with tenant(guild=guild.pk):
        run = AuditRun.objects.filter(guild_id=guild.pk).first()
        return run or AuditRun.objects.create(
            guild_id=guild.pk, state=AuditState.FINISHED, finished_at=timezone.now(), size=12, done=12, of=12
        )


def found(
    guild: Guild,
    *,
    contribution: UUID | None = None,
    severity: Severity = Severity.CRITICAL,
    rule: str = RULE,
    at: datetime | None = None,
    table: str = "lounges_contribution",
    row: str = "",
    leaf: int | None = 0,
) -> Finding:
    """One open finding of `guild`."""
    run, moment = audited(guild), at or timezone.now()
    with tenant(guild=guild.pk):
        return Finding.objects.create(
            guild_id=guild.pk,
            audit=run,
            last_audit=run,
            mark=uuid4().hex,
            rule=rule,
            severity=severity,
            leaf_index=leaf,
            table=table,
            row=row or str(contribution or uuid4()),
            contribution=contribution,
            expected="text=1f3a",
            actual="text=9c07",
            found_at=moment,
            seen_at=moment,
            due_at=deadlines.due(severity, since=moment),
            made_leaf=0,
        )


def appoint_enforcer(member: Membership) -> Membership:
    """The member as an enforcer besides what they are."""
    with tenant(guild=member.guild_id):
        member.offices = [*member.offices, Office.ENFORCER.value]
        member.save(update_fields=["offices"])
    return member


def comes_back(member: Membership, *, by: Membership) -> Membership:
    """The membership of somebody who left the guild and came back, as an enforcer."""
    with tenant(guild=by.guild_id, dreamer=by.dreamer_id):
        remove(by=by, member=member)
        offices = (Office.DREAMER, Office.ENFORCER)
        return admit(by=by, dreamer=member.dreamer_id, display_name=member.display_name, offices=offices)
