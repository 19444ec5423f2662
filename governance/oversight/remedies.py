"""What a ruling can order, and who carries it out. Rooms above register what they can do; no signals.

Everything here runs in the transaction in which the ruling takes effect: if one remedy cannot be done, none
is, and the ruling does not stand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.audits.models import Finding
from governance.oversight.enums import RemedyKind
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Order:
    """One remedy, as whoever carries it out needs it. `by` is the enforcer by whose act the ruling takes
    effect; `member` is whom it names, with the `office` to suspend.
    """

    finding: Finding
    ruling: UUID
    by: Membership
    at: datetime
    member: Membership | None
    office: Office | None

    @property
    def guild(self) -> UUID:
        return self.finding.guild_id


Fits = Callable[[Finding], bool]
Perform = Callable[[Order], int]


@dataclass(frozen=True)
class _Means:
    fits: Fits
    perform: Perform


_means: dict[RemedyKind, _Means] = {}


def carried_out_by(kind: RemedyKind, *, fits: Fits, perform: Perform) -> None:
    """Say, once at the start, who carries out a kind of remedy.

    `fits` tells from a finding alone, without a query, whether the remedy could do anything about it.
    `perform` does it in the guild's tenant, holding its ledger, and returns to how many things it was done;
    what it raises undoes the ruling.
    """
    _means[kind] = _Means(fits, perform)


def fitting(finding: Finding) -> tuple[RemedyKind, ...]:
    """The remedies that could do something about this finding, in their usual order."""
    return tuple(kind for kind in RemedyKind if kind in _means and _means[kind].fits(finding))


def perform(kind: RemedyKind, order: Order) -> int:
    """Carry out one remedy; to how many things it was done."""
    return _means[kind].perform(order)


IN_ORDER: Sequence[RemedyKind] = (
    RemedyKind.SUSPEND,
    RemedyKind.SHRED,
    RemedyKind.RE_BLEND,
    RemedyKind.LIFT,
    RemedyKind.NOTIFY,
)
"""First whatever stops the harm: a dream that is to be destroyed must not be blended once more before."""
