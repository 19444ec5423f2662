"""Findings, rulings and appeals by the law: the check is the function that fetches."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from governance.audits.models import Finding
from governance.consent.models import Subject
from governance.offices.selectors import as_one
from governance.oversight.errors import NoSuchFinding
from governance.oversight.ruling_models import Appeal, Ruling
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import Decision, authorize, require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

NO_SUCH_FINDING = "There is no such finding in this guild."
NO_SUCH_RULING = "There is no such ruling in this guild."
NO_SUCH_APPEAL = "There is no such appeal in this guild."


def require_enforcer(member: Membership, action: Action = Action.VIEW_OVERSIGHT) -> Decision:
    """Raises Denied unless the member may see, or export, what oversight shows."""
    return require(actor=member, action=action, resource=entities.guild(member.guild_id))


def may_oversee(member: Membership) -> bool:
    """Whether the dashboards of oversight are for this member."""
    resource = entities.guild(member.guild_id)
    return authorize(actor=member, action=Action.VIEW_OVERSIGHT, resource=resource).allowed


def findings_of(guild: UUID) -> "QuerySet[Finding]":
    """Every finding of a guild, with whose it is to rule on."""
    return Finding.objects.filter(guild_id=guild).select_related("assigned_to")


def finding_for(member: Membership, finding: UUID) -> Finding:
    """One finding of the member's guild. Raises NoSuchFinding, then Denied."""
    found = findings_of(member.guild_id).filter(pk=finding).first()
    if found is None:
        raise NoSuchFinding(NO_SUCH_FINDING)
    require_enforcer(member)
    return found


def rulings_of(guild: UUID) -> "QuerySet[Ruling]":
    """Every ruling of a guild with its people and remedies, latest first."""
    return (
        Ruling.objects.filter(guild_id=guild)
        .select_related("finding", "ruled_by__guild", "second", "names__guild")
        .prefetch_related("remedies", "appeals__made_by", "appeals__decided_by")
    )


def ruling_for(member: Membership, ruling: UUID) -> Ruling:
    """One ruling of the member's guild: what took effect is for all members. Raises NoSuchFinding, Denied.

    What was proposed and not confirmed is for enforcers alone, and not there for anybody else.
    """
    found = rulings_of(member.guild_id).filter(pk=ruling).first()
    if found is None or (found.in_force_at is None and not may_oversee(member)):
        raise NoSuchFinding(NO_SUCH_RULING)
    require(actor=member, action=Action.VIEW_LEDGER, resource=entities.guild(member.guild_id))
    return found


def appeal_for(member: Membership, appeal: UUID) -> Appeal:
    """One appeal, for enforcers. Raises NoSuchFinding, then Denied."""
    found = (
        Appeal.objects.filter(guild_id=member.guild_id, pk=appeal)
        .select_related("ruling__finding", "made_by", "decided_by")
        .first()
    )
    if found is None:
        raise NoSuchFinding(NO_SUCH_APPEAL)
    require_enforcer(member)
    return found


def resource_of(finding: Finding) -> Resource:
    """The finding as the law sees it while nobody had a part in a ruling on it."""
    return entities.finding(id=finding.pk, guild=finding.guild_id)


def ruled_on(ruling: Ruling, *, to: Membership, appeal: Appeal | None = None) -> Resource:
    """The finding of a ruling as the law sees it when this member acts, with who had a part in the ruling: by
    persons, however often they came into the guild.
    """
    return _with_parts(ruling, [ruling.second, ruling.names, appeal.made_by if appeal else None], to=to)


def proposal_of(ruling: Ruling, *, to: Membership) -> Resource:
    """As `ruled_on`, while the ruling is confirmed or let fall: whoever did so had no part in it before, so
    that they may press twice.
    """
    return _with_parts(ruling, [ruling.names], to=to)


def _with_parts(ruling: Ruling, parties: Iterable[Membership | None], *, to: Membership) -> Resource:
    return entities.finding(
        id=ruling.finding_id,
        guild=ruling.guild_id,
        ruler=as_one(ruling.ruled_by, to=to),
        parties=sorted({as_one(party, to=to) for party in parties if party is not None}),
    )


def maker_may_rule(ruling: Ruling) -> bool:
    """Whether whoever made a ruling may make it still. Call with them as they are now."""
    resource = entities.finding(id=ruling.finding_id, guild=ruling.guild_id)
    return authorize(actor=ruling.ruled_by, action=Action.RULE_ON_FINDING, resource=resource).allowed


def is_named(member: Membership, ruling: Ruling) -> bool:
    """Whether a ruling names the member, also from before they left the guild and came back."""
    return ruling.names is not None and ruling.names.dreamer_id == member.dreamer_id


def is_concerned(member: Membership, ruling: Ruling) -> bool:
    """Whether a ruling touches what the member lent, or names them."""
    if is_named(member, ruling):
        return True
    contribution = ruling.finding.contribution
    return (
        contribution is not None
        and Subject.objects.filter(
            guild_id=ruling.guild_id, contribution=contribution, dreamer_id=member.dreamer_id
        ).exists()
    )


def enforcers_of(guild: UUID) -> list[Membership]:
    """The live members who hold the office, by name."""
    return [member for member in members_of(guild) if Office.ENFORCER in member.offices]
