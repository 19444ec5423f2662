"""The leaf that each change of a colony leaves in its guild's ledger."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.services import Decision
from guild.tenancy.models import Membership


def record(
    kind: LeafKind,
    *,
    by: Membership,
    decision: Decision,
    subjects: tuple[UUID | str, ...],
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Call in the transaction of the change, after `ledger.hold`."""
    ledger.append(
        guild=by.guild_id,
        kind=kind,
        actor=by.pseudonym,
        subjects=[str(subject) for subject in subjects],
        policy_set=decision.policy_set,
        detail=detail or {},
    )
