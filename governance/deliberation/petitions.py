"""Petitions: what enough members ask for becomes a proposal, at a signature or once the clock finds enough.
Call inside the guild's tenant, but for `carry`.

The ledger is taken first, and orders two signatures that come at once.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count as CountOf
from django.db.models import Q

from governance.deliberation import announcing, clock
from governance.deliberation.drafts import Draft, check_document, fit
from governance.deliberation.enums import Kind, PetitionState
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import Petition, Signature
from governance.deliberation.selectors import petition_resource, signers_of
from governance.deliberation.services import begin
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.models import Leaf
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import Decision, policy_set, require
from guild.tenancy.models import Guild, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet

BEFORE_VOTING: Final = timedelta(hours=24)
"""After a petition became a proposal: so that it is discussed before it is voted on."""


@dataclass(frozen=True)
class _Act:
    by: Membership
    petition: Petition
    decision: Decision

    def record(self, kind: LeafKind) -> Leaf:
        return ledger.append(
            guild=self.petition.guild_id,
            kind=kind,
            actor=self.by.pseudonym,
            subjects=[str(self.petition.pk)],
            policy_set=self.decision.policy_set,
        )


def signatures_needed(guild: Guild, *, members: int) -> int:
    """The least number of members whose share reaches the law's; and two at least where there are two, since
    what somebody asks alone is a proposal, which needs sponsors.
    """
    share = Fraction(law_of(guild).petition_share)
    return max(1, min(2, members), -(-share.numerator * members // share.denominator))


def needed_by(guild: Guild) -> int:
    """The same for the members that there are now."""
    live = Membership.objects.filter(guild_id=guild.pk, ended_at=None)
    return signatures_needed(guild, members=live.count())


@transaction.atomic
def start(*, by: Membership, draft: Draft) -> Petition:
    """A new petition, which its author signs. Raises Denied, Unfit."""
    ledger.hold(guild=by.guild_id)
    member = as_now(by)
    decision = require(actor=member, action=Action.START_PETITION, resource=entities.guild(by.guild_id))
    fitting = fit(draft, guild=member.guild, now=clock.database_now())
    if fitting.options:
        raise Unfit("options", "A petition asks for one thing, which is voted on with yes and no.")
    petition = Petition(
        id=uuid4(),
        guild=member.guild,
        author=member,
        kind=fitting.kind,
        title=fitting.title,
        text=fitting.text,
        document=dict(fitting.document),
    )
    petition.leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.PETITION_STARTED,
        actor=member.pseudonym,
        subjects=[str(petition.pk)],
        policy_set=decision.policy_set,
        detail={"kind": str(fitting.kind), "digest": fitting.digest},
    ).index
    petition.save(force_insert=True)
    _sign(_Act(member, petition, decision))
    return petition


@transaction.atomic
def sign(*, petition: Petition, by: Membership) -> Petition:
    """Ask for the same; a second time changes nothing. Raises Denied, NotNow."""
    act = _acting(petition, by=by, action=Action.SIGN_PETITION)
    _require_open(act.petition)
    if not _signatures(act.petition).filter(member=act.by).exists():
        _sign(act)
    return act.petition


@transaction.atomic
def unsign(*, petition: Petition, by: Membership) -> Petition:
    """Take one's signature back, while the petition is open. Raises Denied, NotNow."""
    act = _acting(petition, by=by, action=Action.SIGN_PETITION)
    _require_open(act.petition)
    removed, _ = _signatures(act.petition).filter(member=act.by).delete()
    if removed:
        act.record(LeafKind.PETITION_UNSIGNED)
    return act.petition


@transaction.atomic
def withdraw(*, petition: Petition, by: Membership) -> Petition:
    """Take one's own petition back. Raises Denied, NotNow."""
    act = _acting(petition, by=by, action=Action.WITHDRAW_PETITION)
    if act.petition.state != PetitionState.WITHDRAWN:
        _require_open(act.petition)
        _end(act.petition, PetitionState.WITHDRAWN, act.record(LeafKind.PETITION_WITHDRAWN))
    return act.petition


def ready_in(guild: UUID) -> list[UUID]:
    """The open petitions that enough live members stand behind, the first one first."""
    signed = CountOf("signatures", filter=Q(signatures__member__ended_at=None))
    rows = Petition.objects.filter(guild_id=guild, state=PetitionState.OPEN).select_related("guild")
    found = list(rows.annotate(signed=signed).order_by("at", "pk"))
    needed = needed_by(found[0].guild) if found else 0
    return [one.pk for one in found if one.signed >= needed]


def carry(*, guild: UUID, petition: UUID) -> bool:
    """Carry a petition that has enough signatures without another one, since members left or the law changed;
    whether it was. What cannot be done now stays open. Enters the guild's tenant.
    """
    try:
        with ledger.held(guild=guild):
            held = _locked(guild).filter(pk=petition, state=PetitionState.OPEN).first()
            signed = [] if held is None else signers_of(held)
            if held is None or not signed:
                return False
            last = max(signed, key=lambda one: one.leaf)
            return _carry_if_enough(held, last=last.member)
    except NotNow:
        return False


def _acting(petition: Petition, *, by: Membership, action: Action) -> _Act:
    ledger.hold(guild=petition.guild_id)
    held = _locked(petition.guild_id).get(pk=petition.pk)
    member = as_now(by)
    return _Act(member, held, require(actor=member, action=action, resource=petition_resource(held)))


def _locked(guild: UUID) -> "QuerySet[Petition]":
    rows = Petition.objects.select_for_update(of=("self",)).select_related("guild", "author__guild")
    return rows.filter(guild_id=guild)


def _sign(act: _Act) -> None:
    leaf = act.record(LeafKind.PETITION_SIGNED)
    Signature.objects.create(
        guild_id=act.petition.guild_id, petition=act.petition, member=act.by, leaf=leaf.index
    )
    _carry_if_enough(act.petition, last=act.by)


def _carry_if_enough(petition: Petition, *, last: Membership) -> bool:
    """Make it a proposal when enough live members stand behind it, and it can still be done; whether it was.
    Its author is the petition's; where they have left, whoever signed `last`. Raises NotNow.
    """
    signed = _signatures(petition).filter(member__ended_at=None).count()
    if signed < needed_by(petition.guild):
        return False
    try:
        check_document(Kind(petition.kind), petition.document, guild=petition.guild)
    except Unfit as refusal:
        raise NotNow(f"What this petition asks for cannot be done any more: {refusal}") from refusal
    draft = Draft(
        kind=Kind(petition.kind),
        title=petition.title,
        text=petition.text,
        document=petition.document,
        opens_at=clock.database_now() + BEFORE_VOTING,
    )
    law = policy_set(petition.guild)
    author = petition.author if petition.author.is_live else last
    proposal = begin(by=author, draft=draft, law=law, petition=petition.pk)
    leaf = _carried(petition, proposal=proposal.pk, law=law)
    petition.proposal = proposal
    _end(petition, PetitionState.CARRIED, leaf)
    announcing.carried(petition, proposal)
    return True


def _carried(petition: Petition, *, proposal: UUID, law: str) -> Leaf:
    return ledger.append(
        guild=petition.guild_id,
        kind=LeafKind.PETITION_CARRIED,
        actor=SYSTEM,
        subjects=[str(petition.pk), str(proposal)],
        policy_set=law,
    )


def _end(petition: Petition, state: PetitionState, leaf: Leaf) -> None:
    petition.state, petition.ended_at, petition.ended_leaf = state, leaf.at, leaf.index
    petition.save(update_fields=["state", "ended_at", "ended_leaf", "proposal"])


def _signatures(petition: Petition) -> "QuerySet[Signature]":
    return Signature.objects.filter(guild_id=petition.guild_id, petition=petition)


def _require_open(petition: Petition) -> None:
    if petition.state == PetitionState.CARRIED:
        raise NotNow("Enough members have signed: this petition is a proposal now.")
    if petition.state == PetitionState.WITHDRAWN:
        raise NotNow("This petition was withdrawn.")
