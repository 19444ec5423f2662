"""`manage.py audit [--guild SLUG]`: audits one guild or all, here and now; exits 1 for any finding."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.audits import services
from governance.audits.enums import AuditState
from governance.audits.models import AuditRun, Finding
from governance.audits.rules import rule
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild
from guild.tenancy.selectors import every_guild


class Command(BaseCommand):
    help = "Audit one guild, or every guild, and say what was found. Exits 1 when something was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--guild", metavar="SLUG", help="the one guild to audit; all, if it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        guilds = _chosen(options["guild"])
        standing = sum([self._audit(guild) for guild in guilds])
        if standing:
            raise SystemExit(1)

    def _audit(self, guild: Guild) -> int:
        """Audit one guild; how many findings stand, 1 at least where it could not be finished."""
        run = services.request_scheduled_audit(guild=guild.pk)
        services.perform_audit(guild_id=guild.pk, run_id=run.pk)
        with tenant(guild=guild.pk):
            ended = AuditRun.objects.get(pk=run.pk)
            found = list(Finding.objects.filter(guild_id=guild.pk, last_audit=ended, gone_at=None))
        self.stdout.write(f"{guild.name}: {_outcome(ended, len(found))}")
        for finding in found:
            self.stdout.write(f"  {_sentence(finding)}")
        return len(found) if ended.state == AuditState.FINISHED else max(1, len(found))


def _chosen(slug: str | None) -> list[Guild]:
    guilds = [_guild(identity) for identity in every_guild()]
    chosen = [guild for guild in guilds if slug in (None, guild.slug)]
    if slug is not None and not chosen:
        known = ", ".join(guild.slug for guild in guilds)
        raise CommandError(f"There is no guild {slug}. There are: {known}.")
    return chosen


def _guild(identity: UUID) -> Guild:
    with tenant(guild=identity):
        return Guild.objects.get(pk=identity)


def _outcome(run: AuditRun, found: int) -> str:
    if run.state == AuditState.FAILED:
        return run.failure
    if run.state != AuditState.FINISHED:
        return "another worker is at this audit already; ask again when it has ended."
    if not found:
        return f"{run.size} leaves read, nothing found."
    return f"{run.size} leaves read, {found} finding{'' if found == 1 else 's'}."


def _sentence(finding: Finding) -> str:
    known = rule(finding.rule)
    leaf = "" if finding.leaf_index is None else f"leaf {finding.leaf_index}"
    where = ", ".join(part for part in (leaf, f"{finding.table} {finding.row}".strip()) if part)
    differs = f" Expected {finding.expected}; found {finding.actual}." if finding.expected else ""
    place = where or "the guild"
    return f"[{finding.get_severity_display()}] {known.title} ({place}){differs} {known.remedy}"
