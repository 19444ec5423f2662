"""Who may have done what a leaf says was done. Pure.

The law decides before an act (`governance.policies`); this is what an audit holds against the log
afterwards, from the leaves alone: whether whoever acted was a member then, and held an office that such an
act needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from governance.ledger.enums import LeafKind

STEWARD: Final = "steward"
ENFORCER: Final = "enforcer"
HOSTS: Final = frozenset({"architect", STEWARD})


@dataclass(frozen=True)
class Need:
    """What an act needs. `system`: nobody may have done it by hand; `live`: whoever did was a member then,
    and not one who had left; `offices`: one of these was held; `host`: or the session was theirs; `oneself`:
    or it was done to oneself; `lawful`: a law was asked, and the leaf names it.
    """

    system: bool = False
    member: bool = True
    live: bool = True
    offices: frozenset[str] = frozenset()
    host: bool = False
    oneself: bool = False
    lawful: bool = True


_ENFORCERS = Need(offices=frozenset({ENFORCER}))
_STEWARDS = Need(offices=frozenset({STEWARD}))
_HOSTING = Need(offices=HOSTS)
_MEMBERS = Need()
_OWNERS = Need(live=False, lawful=False, system=True)
_NOBODY = Need(system=True, member=False, lawful=False)
_MODERATORS = Need(offices=frozenset({STEWARD, ENFORCER}))
_ARCHITECTS = Need(offices=frozenset({"architect"}))
_UNNAMED = Need(system=True, member=False)
"""By the law, and in nobody's name: a call for a stop does not say whose it is."""

_OF_COLONIES: Final = (
    LeafKind.COLONY_CHANGED,
    LeafKind.COLONY_ARCHIVED,
    LeafKind.COLONY_REOPENED,
    LeafKind.COLONY_JOINED,
    LeafKind.COLONY_LEFT,
    LeafKind.COLONY_PART_GIVEN,
    LeafKind.RITUAL_WRITTEN,
    LeafKind.RITUAL_TRANSLATED,
    LeafKind.RITUAL_SCHEDULED,
    LeafKind.RITUAL_UNSCHEDULED,
    LeafKind.RITUAL_OFFERED,
    LeafKind.RITUAL_OFFER_WITHDRAWN,
    LeafKind.RITUAL_ADOPTED,
    LeafKind.RITUAL_ASKED_FOR,
    LeafKind.RITUAL_ASKING_ANSWERED,
    LeafKind.RITUAL_SPOKEN_OF,
    LeafKind.RITUAL_OFFERED_BEYOND,
    LeafKind.RITUAL_WITHHELD,
    LeafKind.EVENING_PROPOSED,
    LeafKind.EVENING_ANSWERED,
    LeafKind.EVENING_CALLED_OFF,
    LeafKind.RITUAL_RESTED,
    LeafKind.RITUAL_WOKEN,
    LeafKind.COMPARISON_MADE,
)
"""Who leads a colony is no office: an audit asks for a member, and the law decided about the rest."""

_OF_DELIBERATION: Final = (
    LeafKind.PROPOSAL_DRAFTED,
    LeafKind.PROPOSAL_REVISED,
    LeafKind.PROPOSAL_SPONSORED,
    LeafKind.PROPOSAL_WITHDRAWN,
    LeafKind.AMENDMENT_OFFERED,
    LeafKind.AMENDMENT_DECIDED,
    LeafKind.ARGUMENT_MADE,
    LeafKind.ARGUMENT_EDITED,
    LeafKind.OBJECTION_ANSWERED,
    LeafKind.PETITION_STARTED,
    LeafKind.PETITION_SIGNED,
    LeafKind.PETITION_UNSIGNED,
    LeafKind.PETITION_WITHDRAWN,
)

NEEDS: Final[Mapping[str, Need]] = MappingProxyType(
    {
        LeafKind.GUILD_FOUNDED.value: Need(live=False, member=False),
        LeafKind.MEMBERSHIP_STARTED.value: _STEWARDS,
        LeafKind.MEMBERSHIP_ENDED.value: Need(offices=frozenset({STEWARD}), oneself=True),
        LeafKind.OFFICE_GRANTED.value: _STEWARDS,
        LeafKind.OFFICE_WITHDRAWN.value: Need(offices=frozenset({STEWARD}), oneself=True),
        LeafKind.LOUNGE_MADE.value: _HOSTING,
        LeafKind.LOUNGE_CHANGED.value: _HOSTING,
        LeafKind.SESSION_SCHEDULED.value: _HOSTING,
        LeafKind.SESSION_OPENED.value: _HOSTING,
        LeafKind.SESSION_CLOSED.value: Need(offices=frozenset({STEWARD}), host=True),
        LeafKind.CONTRIBUTION_LENT.value: _MEMBERS,
        LeafKind.ASSOCIATION_ADDED.value: _MEMBERS,
        LeafKind.CONSENT_GIVEN.value: Need(lawful=False),
        LeafKind.CONSENT_EXPIRED.value: _NOBODY,
        LeafKind.USE.value: Need(system=True, lawful=False),
        LeafKind.BLEND_REQUESTED.value: Need(system=True, offices=frozenset({STEWARD}), host=True),
        LeafKind.BLEND_FAILED.value: _NOBODY,
        LeafKind.DREAMSCAPE_MADE.value: Need(system=True, host=True),
        LeafKind.DREAMSCAPE_SUPERSEDED.value: _NOBODY,
        LeafKind.LAW_REFUSED.value: Need(),
        LeafKind.POLICY_ENACTED.value: Need(system=True, offices=frozenset({STEWARD})),
        LeafKind.COLONY_FOUNDED.value: Need(offices=frozenset({"leader", STEWARD})),
        **{kind.value: _MEMBERS for kind in _OF_COLONIES},
        LeafKind.DIVERSITY_TOLD.value: _NOBODY,
        LeafKind.AUDIT_REQUESTED.value: Need(system=True, offices=frozenset({ENFORCER}), lawful=False),
        LeafKind.AUDIT_FINISHED.value: _NOBODY,
        LeafKind.FINDING_MADE.value: _NOBODY,
        LeafKind.FINDING_ASSIGNED.value: _ENFORCERS,
        LeafKind.RULING_MADE.value: _ENFORCERS,
        LeafKind.RULING_CONFIRMED.value: _ENFORCERS,
        LeafKind.RULING_DECLINED.value: _ENFORCERS,
        LeafKind.APPEAL_DECIDED.value: _ENFORCERS,
        LeafKind.LIFTING_ASKED.value: _ENFORCERS,
        LeafKind.CONTENT_REPORTED.value: _UNNAMED,
        LeafKind.CONTENT_OPENED.value: _MODERATORS,
        LeafKind.CONTENT_DECIDED.value: _MODERATORS,
        LeafKind.MODERATION_APPEALED.value: _MEMBERS,
        LeafKind.MODERATION_ANSWERED.value: _MODERATORS,
        LeafKind.BLEND_RESISTED.value: _UNNAMED,
        LeafKind.BLEND_RELENTED.value: _UNNAMED,
        LeafKind.BLEND_HALTED.value: _UNNAMED,
        LeafKind.EXPERIENCE_WRITTEN.value: _ARCHITECTS,
        LeafKind.EXPERIENCE_TRIED.value: _ARCHITECTS,
        LeafKind.EXPERIENCE_ENDORSED.value: _ENFORCERS,
        LeafKind.EXPERIENCE_APPROVED.value: Need(system=True, offices=frozenset({ENFORCER})),
        LeafKind.EXPERIENCE_SUSPENDED.value: _UNNAMED,
        LeafKind.EXPERIENCE_LIFTED.value: Need(system=True, offices=frozenset({ENFORCER})),
        LeafKind.EXPERIENCE_LIFTING_ASKED.value: _ENFORCERS,
        LeafKind.INVITATION_MADE.value: _MEMBERS,
        LeafKind.INVITATION_REVOKED.value: _MEMBERS,
        LeafKind.MEMBERSHIP_UNBARRED.value: _STEWARDS,
        LeafKind.OFFICE_RENEWED.value: _STEWARDS,
        LeafKind.HANDOVER_ASKED.value: _MEMBERS,
        LeafKind.HANDOVER_DECLINED.value: _MEMBERS,
        LeafKind.HANDOVER_TAKEN_BACK.value: _MEMBERS,
        LeafKind.GUILD_ACT_ASKED.value: _STEWARDS,
        LeafKind.GUILD_ACT_AGREED.value: Need(offices=frozenset({STEWARD, ENFORCER})),
        LeafKind.GUILD_ACT_ENDED.value: _MEMBERS,
        LeafKind.GUILD_CLOSED.value: Need(system=True, member=False),
        **{kind.value: _MEMBERS for kind in _OF_DELIBERATION},
        LeafKind.BALLOT_CAST.value: Need(system=True),  # a secret one names nobody
        LeafKind.PETITION_CARRIED.value: Need(system=True),
        LeafKind.PROPOSAL_OPENED.value: _NOBODY,
        LeafKind.PROPOSAL_CLOSED.value: _NOBODY,
        LeafKind.PROPOSAL_ENACTED.value: _NOBODY,
    }
)
"""What each kind needs; one that is not here was done by the house, or by somebody who was a member once."""

OTHERWISE: Final = _OWNERS
BY_RULING: Final = Need(system=True, offices=frozenset({ENFORCER}))
"""An office that changed hands because a ruling said so, or because enforcers lifted it."""

BY_THE_GUILD: Final = Need(system=True, member=False)
"""What the guild itself did: it let in whom it had invited, followed a vote, ended what was over."""

BECAUSE: Final[Mapping[str, Mapping[str, Need]]] = MappingProxyType(
    {
        LeafKind.MEMBERSHIP_STARTED.value: {"invitation": BY_THE_GUILD},
        LeafKind.MEMBERSHIP_ENDED.value: {"closing": BY_THE_GUILD},
        LeafKind.OFFICE_GRANTED.value: {"ruling": BY_RULING, "vote": BY_THE_GUILD, "handover": _MEMBERS},
        LeafKind.OFFICE_RENEWED.value: {"vote": BY_THE_GUILD},
        LeafKind.OFFICE_WITHDRAWN.value: {
            "ruling": BY_RULING,
            "vote": BY_THE_GUILD,
            "handover": _MEMBERS,
            "over": BY_THE_GUILD,
        },
    }
)
"""What kinds need where their detail names why. Whether it was so is heard with the leaf (see `handing`)."""


def need_of(kind: str, detail: Mapping[str, object]) -> Need:
    """What an act needs, as its leaf tells it."""
    for because, need in BECAUSE.get(kind, {}).items():
        if detail.get(because):
            return need
    return NEEDS.get(kind, OTHERWISE)
