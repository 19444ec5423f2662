"""Telling people what was decided about their words, and moderators what waits; never who reported."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from governance.moderation.models import ModerationAppeal, Report
from governance.moderation.selectors import may_answer, may_decide
from guild.notifications.enums import Kind
from guild.notifications.services import notify_each
from guild.tenancy.selectors import guild_by_id, members_of


def reported(report: Report) -> None:
    """Whoever may decide about a report learns that it waits."""
    people = [member.dreamer_id for member in members_of(report.guild_id) if may_decide(member, report)]
    _tell(people, Kind.REPORT_MADE, report, page="case", key=f"report:{report.pk}")


def decided(report: Report) -> None:
    """Whoever wrote what was reported learns of the decision, and whoever reported it, each for themself."""
    key = f"report-decided:{report.pk}:{report.decided_leaf}"
    _tell(_writer(report), Kind.MODERATED, report, page="log", key=key)
    if report.reporter.is_live:
        _tell([report.reporter.dreamer_id], Kind.REPORT_DECIDED, report, page="log", key=key)


def appealed(appeal: ModerationAppeal) -> None:
    """Moderators learn that an appeal waits, but for whoever decided."""
    report = appeal.report
    people = [member.dreamer_id for member in members_of(report.guild_id) if may_answer(member, report)]
    _tell(people, Kind.MODERATION_APPEALED, report, page="case", key=f"moderation-appeal:{appeal.pk}")


def answered(appeal: ModerationAppeal) -> None:
    """Whoever appealed learns of the answer."""
    report, key = appeal.report, f"moderation-answered:{appeal.pk}"
    _tell(_writer(report), Kind.APPEAL_DECIDED, report, page="log", key=key)


def _writer(report: Report) -> list[UUID]:
    member = report.reported
    return [member.dreamer_id] if member is not None and member.is_live else []


def _tell(people: Iterable[UUID], kind: Kind, report: Report, *, page: str, key: str) -> None:
    slug = guild_by_id(report.guild_id).slug
    place = [slug, report.pk] if page == "case" else [slug]
    path = reverse(f"moderation:{page}", args=place)
    notify_each(people, kind=kind, guild=report.guild_id, path=path, key=key)
