"""The list of a guild's proposals: open ones first, those that end soonest at the top."""

from dataclasses import dataclass
from typing import Any

from governance.deliberation import clock
from governance.deliberation.enums import ENDED, State
from governance.deliberation.models import Proposal
from governance.deliberation.selectors import progress_of, proposals_of, voted_in
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Line:
    """One proposal in the list. `mine` is None for whoever may not vote in it."""

    proposal: Proposal
    voted: int
    may: int
    mine: bool | None
    is_over: bool

    @property
    def waits_for_me(self) -> bool:
        return self.mine is False and not self.is_over


def lists_of(member: Membership) -> dict[str, Any]:
    """`open` and `drafts` as lines, `ended` as rows to take pages from. Raises Denied."""
    every = proposals_of(member)
    going_on = list(every.filter(state=State.OPEN).order_by("closes_at", "pk"))
    progress, mine = progress_of(going_on), voted_in(member, going_on)
    now = clock.database_now()
    lines = [
        Line(
            proposal=one,
            voted=progress.get(one.pk, (0, 0))[0],
            may=progress.get(one.pk, (0, 0))[1],
            mine=mine.get(one.pk),
            is_over=one.closes_at is not None and one.closes_at <= now,
        )
        for one in going_on
    ]
    drafts = every.filter(state__in=(State.SPONSORED, State.DRAFT)).order_by("-state", "-drafted_at", "pk")
    return {"open": lines, "drafts": list(drafts), "ended": every.filter(state__in=ENDED)}
