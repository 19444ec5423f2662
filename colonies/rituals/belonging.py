"""Who comes into a colony, who leads it, and who leaves it. Leaving is never refused, and needs no reason."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from colonies.rituals import selectors
from colonies.rituals.enums import LIVE_STANDINGS, Admission, Part, Standing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Belonging, Colony, RitualVersion, Translation
from colonies.rituals.recording import record
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.models import Membership


@transaction.atomic
def join(*, by: Membership, colony: Colony) -> Belonging:
    """Comes in where the colony is open or `by` is invited, and asks to where it is joined by request.

    Doing so again changes nothing. Raises Denied.
    """
    ledger.hold(guild=by.guild_id)
    held = selectors.belonging_of(colony, by)
    if held is not None and held.standing == Standing.IN:
        return held
    invited = held is not None and held.standing == Standing.INVITED
    resource = selectors.resource_of(colony)
    if colony.admission == Admission.REQUEST and not invited:
        require(actor=by, action=Action.ASK_TO_JOIN_COLONY, resource=resource)
        return held or _standing(colony, by, Standing.ASKED)
    decision = require(actor=by, action=Action.JOIN_COLONY, resource=resource, invited=invited)
    return _let_in(held or _standing(colony, by, Standing.INVITED), by=by, decision=decision)


@transaction.atomic
def invite(*, by: Membership, colony: Colony, member: Membership) -> Belonging:
    """Invites a member of the guild; whoever has asked is let in. Raises Denied, NotNow, Invalid."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=selectors.resource_of(colony))
    if colony.is_archived:
        raise NotNow("This colony is archived; take it up again before you invite anybody.")
    if not member.is_live or member.guild_id != by.guild_id:
        raise Invalid("member", "Choose somebody who is a member of this guild now.")
    ledger.hold(guild=by.guild_id)
    held = selectors.belonging_of(colony, member)
    if held is not None and held.standing == Standing.ASKED:
        return _let_in(held, by=by, decision=decision)
    return held or _standing(colony, member, Standing.INVITED)


@transaction.atomic
def answer(*, by: Membership, belonging: Belonging, let_in: bool) -> None:
    """Lets in somebody who has asked, or declines. Raises Denied, NotNow."""
    colony = belonging.colony
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=selectors.resource_of(colony))
    ledger.hold(guild=by.guild_id)
    if let_in and colony.is_archived:
        raise NotNow("This colony is archived; take it up again before you let anybody in.")
    asking = Belonging.objects.filter(guild_id=by.guild_id, pk=belonging.pk, standing=Standing.ASKED)
    if not let_in:
        if not asking.update(standing=Standing.DECLINED, ended_at=timezone.now()):
            raise NotNow("This request was answered already.")
        return
    if not asking.exists():
        raise NotNow("This request was answered already.")
    _let_in(belonging, by=by, decision=decision)


@transaction.atomic
def decline(*, by: Membership, colony: Colony) -> None:
    """Takes back one's own request, or declines an invitation. Twice is once."""
    Belonging.objects.filter(
        guild_id=by.guild_id,
        colony_id=colony.pk,
        membership_id=by.pk,
        standing__in=(Standing.ASKED, Standing.INVITED),
    ).update(standing=Standing.DECLINED, ended_at=timezone.now())


@transaction.atomic
def give_part(*, by: Membership, belonging: Belonging, part: str) -> None:
    """Makes somebody who belongs a member, co-leader or the leader; the leader before becomes a co-leader.

    Raises Denied, NotNow, Invalid.
    """
    colony = belonging.colony
    decision = require(actor=by, action=Action.NAME_COLONY_LEADER, resource=selectors.resource_of(colony))
    if part not in Part.values:
        raise Invalid("part", "Choose member, co-leader or leader.")
    ledger.hold(guild=by.guild_id)
    held = selectors.belonging_in(colony, belonging.pk)
    if held.standing != Standing.IN:
        raise NotNow("Only somebody who belongs to the colony can lead it.")
    if held.part == part:
        return
    if held.part == Part.LEADER:
        raise NotNow("Name another leader first; whoever leads now then becomes a co-leader.")
    if part == Part.LEADER:
        _parts(colony).filter(part=Part.LEADER).update(part=Part.CO_LEADER)
    _give(held, part, by=by, decision=decision)


@transaction.atomic
def leave(*, by: Membership, colony: Colony, take_name_off: bool = False) -> None:
    """Ends one's own belonging at once; `take_name_off` also removes one's name from what one wrote here.

    Where the leader leaves, the co-leader who has been there longest leads from then on; where there is none,
    a steward names a leader. Raises Denied for somebody who does not belong.
    """
    held = selectors.belonging_of(colony, by)
    inside = held is not None and held.standing == Standing.IN
    resource = selectors.resource_of(colony)
    decision = require(actor=by, action=Action.LEAVE_COLONY, resource=resource, belongs=inside)
    ledger.hold(guild=by.guild_id)
    mine = _parts(colony).filter(membership_id=by.pk)
    was_leader = mine.filter(part=Part.LEADER).exists()
    if mine.update(standing=Standing.LEFT, part=Part.MEMBER, ended_at=timezone.now()):
        detail = {"name_taken_off": take_name_off}
        subjects = (colony.pk, by.pseudonym)
        record(LeafKind.COLONY_LEFT, by=by, decision=decision, subjects=subjects, detail=detail)
    if take_name_off:
        _take_name_off(colony, by)
    if was_leader:
        _hand_over(colony, by=by, decision=decision)


def _hand_over(colony: Colony, *, by: Membership, decision: Decision) -> None:
    heirs = _parts(colony).filter(part=Part.CO_LEADER, membership__ended_at=None)
    heir = heirs.select_related("membership").order_by("joined_at", "pk").first()
    if heir is not None:
        _give(heir, Part.LEADER, by=by, decision=decision)


def _take_name_off(colony: Colony, member: Membership) -> None:
    versions = RitualVersion.objects.filter(guild_id=colony.guild_id, ritual__colony_id=colony.pk)
    versions.filter(author_id=member.pk).update(author=None)
    Translation.objects.filter(
        guild_id=colony.guild_id, version__ritual__colony_id=colony.pk, translator_id=member.pk
    ).update(translator=None)


def _parts(colony: Colony) -> QuerySet[Belonging]:
    return Belonging.objects.filter(guild_id=colony.guild_id, colony_id=colony.pk, standing=Standing.IN)


def _give(held: Belonging, part: str, *, by: Membership, decision: Decision) -> None:
    Belonging.objects.filter(pk=held.pk).update(part=part)
    subjects = (held.colony_id, held.membership.pseudonym)
    detail = {"part": str(part)}
    record(LeafKind.COLONY_PART_GIVEN, by=by, decision=decision, subjects=subjects, detail=detail)


def _standing(colony: Colony, member: Membership, standing: Standing) -> Belonging:
    """A new row; the ledger is held, so that there is no other live one."""
    return Belonging.objects.create(
        guild_id=colony.guild_id, colony=colony, membership=member, standing=standing
    )


def _let_in(held: Belonging, *, by: Membership, decision: Decision) -> Belonging:
    now = timezone.now()
    waiting = Belonging.objects.filter(pk=held.pk, standing__in=LIVE_STANDINGS)
    waiting.update(standing=Standing.IN, joined_at=now)
    held.standing, held.joined_at = Standing.IN, now
    subjects = (held.colony_id, held.membership.pseudonym)
    record(LeafKind.COLONY_JOINED, by=by, decision=decision, subjects=subjects)
    return held
