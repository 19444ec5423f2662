"""What waits for an answer of somebody who leads a colony, for a page that they pass anyway."""

from dataclasses import dataclass

from colonies.exchange import selectors
from colonies.exchange.enums import EveningState
from colonies.exchange.evening_models import Evening
from colonies.exchange.models import Asking
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Waiting:
    """Colonies that ask for a ritual, and evenings that were proposed."""

    askings: tuple[Asking, ...]
    evenings: tuple[Evening, ...]

    def __bool__(self) -> bool:
        return bool(self.askings or self.evenings)


def waiting_for(membership: Membership) -> Waiting:
    """Nothing for somebody who leads no colony."""
    led = [colony.pk for colony in selectors.colonies_led_by(membership)]
    if not led:
        return Waiting((), ())
    proposed = Evening.objects.filter(
        guild_id=membership.guild_id, guest_id__in=led, state=EveningState.PROPOSED
    )
    return Waiting(tuple(selectors.askings_for(membership)), tuple(proposed.select_related("host", "guest")))
