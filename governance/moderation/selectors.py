"""Reads of moderation: what is hidden, what waits, the log, and what was decided about one's own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from governance.moderation.enums import UNDECIDED, ReportState
from governance.moderation.errors import NoSuchReport
from governance.moderation.models import ModerationAppeal, Report
from governance.moderation.registry import noun_of
from governance.offices.selectors import as_one
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.models import Membership
from guild.vault.places import Place

if TYPE_CHECKING:
    from django.db.models import QuerySet

NO_SUCH_REPORT = "There is no such report in this guild."


@dataclass(frozen=True)
class Line:
    """One action in the log that every member may read: never what it was about, nor who reported it."""

    report: Report
    noun: str
    appeal: ModerationAppeal | None


def hidden(guild: UUID, kind: str, targets: Iterable[UUID]) -> dict[UUID, str]:
    """Which of these things are hidden, each with the reason in a few words; one query."""
    rows = Report.objects.filter(
        guild_id=guild, kind=kind, target__in=list(targets), state=ReportState.HIDDEN
    )
    return {row.target: str(row.get_reason_display()) for row in rows}


def resource_of(report: Report, *, to: Membership) -> Resource:
    """The report as the law sees it when this member acts: what concerned them before they left the guild and
    came back concerns them still.
    """
    return entities.report(
        id=report.pk,
        guild=report.guild_id,
        reporter=as_one(report.reporter, to=to),
        reported=report.reported and as_one(report.reported, to=to),
        decider=report.decided_by and as_one(report.decided_by, to=to),
    )


def place_of(report: Report) -> Place:
    """Where the sealed words of a reporter belong."""
    return Place(field="moderation_report.words", row=report.pk, owner=report.pk, guild=report.guild_id)


def may_moderate(member: Membership) -> bool:
    """Whether reports are for this member to decide."""
    resource = entities.guild(member.guild_id)
    return authorize(actor=member, action=Action.MODERATE, resource=resource).allowed


def may_decide(member: Membership, report: Report) -> bool:
    """Whether this member may decide about this report: not about their own words, nor what they reported."""
    return authorize(
        actor=member, action=Action.DECIDE_REPORT, resource=resource_of(report, to=member)
    ).allowed


def may_answer(member: Membership, report: Report) -> bool:
    """Whether this member may answer the appeal: somebody else than who decided."""
    return authorize(
        actor=member, action=Action.ANSWER_APPEAL, resource=resource_of(report, to=member)
    ).allowed


def log_for(member: Membership) -> "QuerySet[Report]":
    """Every action of moderation, latest first, for every member: read a page of it, as `lines_of`. Raises
    Denied.
    """
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(member.guild_id))
    return _reports(member).exclude(decided_at=None).order_by("-decided_at", "-id")


def lines_of(rows: Iterable[Report]) -> list[Line]:
    """Reports as lines of the log."""
    return [Line(row, noun_of(row.kind), _appeal(row)) for row in rows]


def waiting_for(member: Membership) -> list[Line]:
    """What waits for a decision or an answer, oldest first, as far as this moderator may decide it. Raises
    Denied.
    """
    require(actor=member, action=Action.MODERATE, resource=entities.guild(member.guild_id))
    undecided = Q(state__in=UNDECIDED) | Q(appeals__outcome="")
    rows = _reports(member).filter(undecided).order_by("made_at", "id")
    return [one for one in lines_of(rows) if _waits(one, member)]


def _waits(line: Line, member: Membership) -> bool:
    if line.report.state in UNDECIDED:
        return may_decide(member, line.report)
    return line.appeal is not None and not line.appeal.outcome and may_answer(member, line.report)


def about(member: Membership) -> list[Line]:
    """What was decided about this member's own words, latest first; never who reported them."""
    rows = (
        _reports(member)
        .filter(reported__dreamer_id=member.dreamer_id)
        .exclude(decided_at=None)
        .order_by("-decided_at", "-id")
    )
    return lines_of(rows)


def report_for(member: Membership, report: UUID) -> Report:
    """One report, for a moderator who may decide about it or answer its appeal. For everybody else it is not
    there: whoever is reported does not learn of it here. Raises NoSuchReport.
    """
    row = _reports(member).filter(pk=report).first()
    if row is None or not (may_decide(member, row) or may_answer(member, row)):
        raise NoSuchReport(NO_SUCH_REPORT)
    return row


def own_for(member: Membership, report: UUID) -> Report:
    """A decision about one's own words. Raises NoSuchReport."""
    row = (
        _reports(member)
        .filter(pk=report, reported__dreamer_id=member.dreamer_id)
        .exclude(decided_at=None)
        .first()
    )
    if row is None:
        raise NoSuchReport(NO_SUCH_REPORT)
    return row


def appeal_of(report: Report) -> ModerationAppeal | None:
    """The appeal against a decision, if there is one."""
    return ModerationAppeal.objects.filter(guild_id=report.guild_id, report_id=report.pk).first()


def is_appealed(report: Report) -> bool:
    """Whether an appeal waits for its answer."""
    made = appeal_of(report)
    return made is not None and not made.outcome


def _reports(member: Membership) -> "QuerySet[Report]":
    rows = Report.objects.filter(guild_id=member.guild_id).prefetch_related("appeals")
    return rows.select_related("reporter", "reported", "decided_by")


def _appeal(row: Report) -> ModerationAppeal | None:
    return next(iter(row.appeals.all()), None)
