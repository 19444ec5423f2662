"""What those who lead a colony may see of how it is kept: only where at least five people stand behind it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from colonies.rituals import selectors
from colonies.rituals.enums import Keeping
from colonies.rituals.models import Colony, Observance, Ritual
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.tenancy.models import Membership

WEEKS = 4
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """One whole week: `people` kept it, `keepings` times; both None where that may not be shown."""

    first_night: date
    people: int | None
    keepings: int | None

    @property
    def is_shown(self) -> bool:
        return self.people is not None


@dataclass(frozen=True)
class Figures:
    """The last four whole weeks of one ritual, oldest first."""

    ritual: Ritual
    weeks: tuple[Week, ...]


def figures_for(membership: Membership, colony: Colony, *, tonight: date) -> list[Figures]:
    """For those who lead. Each week of each ritual is a question of its own to the law, with its number of
    people; there are no sums over weeks or rituals from which a hidden week could be worked out.
    """
    resource = selectors.resource_of(colony)
    monday = tonight - timedelta(days=tonight.weekday())
    firsts = [monday - A_WEEK * count for count in range(WEEKS, 0, -1)]
    rituals = [ritual for ritual in selectors.rituals_of(colony) if not ritual.is_at_rest]
    counted = _counted(colony, firsts)

    def week(ritual: Ritual, first: date) -> Week:
        people, keepings = counted.get((ritual.pk, first), (0, 0))
        may = authorize(
            actor=membership, action=Action.VIEW_COLONY_FIGURES, resource=resource, people=people
        ).allowed
        return Week(first, people, keepings) if may else Week(first, None, None)

    return [Figures(ritual, tuple(week(ritual, first) for first in firsts)) for ritual in rituals]


def _counted(colony: Colony, firsts: list[date]) -> dict[tuple[object, date], tuple[int, int]]:
    """(ritual, first night of the week) -> (people, keepings), in one query a week."""
    found: dict[tuple[object, date], tuple[int, int]] = {}
    for first in firsts:
        rows = (
            Observance.objects.filter(
                Q(keeping=Keeping.KEPT) | Q(keeping=Keeping.PARTLY),
                guild_id=colony.guild_id,
                ritual__colony_id=colony.pk,
                night__gte=first,
                night__lt=first + A_WEEK,
            )
            .values("ritual_id")
            .annotate(people=Count("membership_id", distinct=True), keepings=Count("pk"))
            .order_by()
        )
        found |= {(row["ritual_id"], first): (row["people"], row["keepings"]) for row in rows}
    return found
