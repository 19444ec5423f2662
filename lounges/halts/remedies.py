"""What a ruling can order about a halt: that what it suspended may be used again."""

from uuid import UUID

from governance.audits.enums import WAITING
from governance.audits.models import Finding
from governance.oversight.enums import RemedyKind
from governance.oversight.errors import NotNow
from governance.oversight.remedies import Order, carried_out_by
from lounges.experiences import services as experiences
from lounges.halts.models import Halt
from lounges.halts.selectors import undecided_beside
from lounges.halts.services import RULE


def register_remedies() -> None:
    """Once, when the process starts."""
    carried_out_by(RemedyKind.LIFT, fits=_is_about_a_halt, perform=_lift)


def _is_about_a_halt(finding: Finding) -> bool:
    return finding.rule == RULE


def _lift(order: Order) -> int:
    """How many experiences may be used again. Raises NotNow while another halt of the same waits."""
    halt = Halt.objects.get(guild_id=order.guild, pk=UUID(order.finding.row))
    waiting = Finding.objects.filter(guild_id=order.guild, rule=RULE, state__in=WAITING)
    if undecided_beside(halt, findings=list(waiting.values_list("pk", flat=True))):
        raise NotNow(
            "Another blend by this experience was stopped too: rule on that first, then lift it here."
        )
    return int(
        experiences.lift(
            guild=order.by.guild, experience=halt.experience_id, ruling=order.ruling, at=order.at
        )
    )
