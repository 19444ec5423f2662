"""One of everything that oversight makes, about the world's own lent dreams."""

from dataclasses import replace
from uuid import UUID

from governance.audits.models import Finding
from governance.offices import handing_over, invitations, joint, suspending
from governance.offices.enums import GuildActKind
from governance.oversight import appealing, ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from tests.governance.findings import audited, found
from tests.isolation.world import World

REASONS = "The leaf and the row do not say the same."
DISMISSED = Draft(Verdict.DISMISSED, REASONS)
SHREDDED = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED}))


def overseen(world: World) -> World:
    """The world with findings about Mira's lent dream: one open, one with a ruling that waits for a second
    enforcer, one ruled on, one under appeal; and with an office of Finn's that is suspended.
    """
    cast, lent = world.cast, world.contributions["mira"]
    rows = {
        name: found(cast.lantern, contribution=lent) for name in ("open", "proposed", "ruled", "appealed")
    }
    proposed = _rule(world, rows["proposed"], SHREDDED)
    ruled, appealed = (_rule(world, rows[name], DISMISSED) for name in ("ruled", "appealed"))
    with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
        appeal = appealing.appeal(ruling=appealed, by=cast.mira, reasons=REASONS)
    with tenant(guild=cast.lantern.pk):
        held = suspending.suspend(member=cast.finn, office=Office.TECHNICIAN, ruling=ruled.pk)
    known: dict[str, UUID | str] = {
        "audit_id": audited(cast.lantern).pk,
        "finding_id": rows["open"].pk,
        "proposal_id": proposed.pk,
        "ruling_id": ruled.pk,
        "appeal_id": appeal.pk,
        "suspension_id": held.pk,
        "ezra_id": str(cast.ezra.pk),
        **_offered(world),
    }
    return replace(world, overseen=known)


def _offered(world: World) -> dict[str, UUID | str]:
    """An invitation of Ayla's, an office that Ezra offers to Mira, and what takes two."""
    cast = world.cast
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        invited = invitations.invite(by=cast.ayla, uses=3, days=7, label="the choir")
        offered = handing_over.offer(by=cast.ezra, office=Office.ENFORCER, successor=cast.mira)
        closing = joint.ask(by=cast.ayla, kind=GuildActKind.CLOSE)
        export = joint.ask(by=cast.ayla, kind=GuildActKind.EXPORT)
        joint.agree(by=cast.ezra, act=export.pk)
    return {
        "invitation_id": invited.invitation.pk,
        "handover_id": offered.pk,
        "act_id": closing.pk,
        "export_id": export.pk,
        "member_id": cast.ezra.pk,
        "office": Office.ENFORCER.value,
    }


def _rule(world: World, finding: Finding, draft: Draft) -> Ruling:
    """As Ezra."""
    ezra = world.cast.ezra
    with tenant(guild=ezra.guild_id, dreamer=ezra.dreamer_id):
        made = ruling.rule(finding=finding, by=ezra, draft=draft)
        return Ruling.objects.select_related("finding", "names").get(pk=made.pk)
