"""What the clock says of proposals before their time is over: a draft looks for sponsors, a vote closes soon.
Each is said once, however often the clock comes by.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from governance.deliberation import announcing
from governance.deliberation.enums import State
from governance.deliberation.models import Proposal
from governance.deliberation.selectors import sponsors_needed, sponsors_of

FRESH: Final = timedelta(days=7)
"""A draft that found nobody within this time is not told of any more."""

SOON: Final = timedelta(hours=24)
SHARE: Final = 3
"""Of a vote that is open for less than three days, its last third."""


def nudge(guild: UUID, *, now: datetime) -> None:
    """Tell those who can still do something; in the guild's tenant."""
    rows = Proposal.objects.filter(guild_id=guild).select_related("guild", "author")
    for proposal in rows.filter(state=State.DRAFT, drafted_at__gt=now - FRESH):
        if not proposal.hindrance and len(sponsors_of(proposal)) < sponsors_needed(proposal, proposal.guild):
            announcing.sponsors_wanted(proposal)
    for proposal in rows.filter(state=State.OPEN, closes_at__gt=now, closes_at__lte=now + SOON):
        if closes_soon(proposal, now=now):
            announcing.closing(proposal)


def closes_soon(proposal: Proposal, *, now: datetime) -> bool:
    """Whether the last day of a vote has begun, or the last third of a short one."""
    if proposal.opened_at is None or proposal.closes_at is None:
        return False
    return proposal.closes_at - now <= min(SOON, (proposal.closes_at - proposal.opened_at) / SHARE)
