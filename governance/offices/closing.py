"""Closing a guild: what was lent goes back, every membership ends, and the log stays readable to everybody.

Nothing of anybody's journal is touched: dreams were never the guild's.
"""

from uuid import UUID

from governance.consent import services as consent
from governance.consent.models import Subject
from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.models import Leaf
from governance.offices.giving import end_terms
from governance.offices.leaving import Going, say_farewell
from guild.tenancy import services as tenancy
from guild.tenancy.models import Guild, Membership


def close_guild(*, guild: Guild, act: UUID, policy_set: str) -> Leaf:
    """In the guild's tenant, with its ledger held. The leaf that says so comes first."""
    leaf = ledger.append(
        guild=guild.pk,
        kind=LeafKind.GUILD_CLOSED,
        actor=SYSTEM,
        subjects=[str(act)],
        policy_set=policy_set,
    )
    for subject in Subject.objects.filter(guild_id=guild.pk, withdrawn_at=None).order_by("made_at", "id"):
        consent.withdraw(by=subject.dreamer_id, contribution=subject.contribution)
    live = Membership.objects.select_related("guild").filter(guild_id=guild.pk, ended_at=None)
    for member in live.order_by("joined_at", "id"):
        say_farewell(member, Going())
        _end(member, act=act, policy_set=policy_set)
    return leaf


def _end(member: Membership, *, act: UUID, policy_set: str) -> None:
    tenancy.end_membership(membership=member)
    leaf = ledger.append(
        guild=member.guild_id,
        kind=LeafKind.MEMBERSHIP_ENDED,
        actor=SYSTEM,
        subjects=[str(member.pseudonym)],
        policy_set=policy_set,
        detail={"closing": act},
    )
    end_terms(member, leaf)
