"""Pausing all use of what one lent, and lifting the pause (GDPR 18): lent copies are kept, and nothing else.

What was set aside before, one by one, stays set aside when the pause is lifted.
"""

from django.db import transaction

from governance.consent import restrictions
from guild.dreamers.models import Dreamer
from guild.portal.rights.enums import Right
from guild.portal.rights.selectors import lent_by, paused_copies
from guild.portal.rights.services import hold_account, hold_ledgers, note


@transaction.atomic
def pause_everything(*, by: Dreamer) -> int:
    """Restrict every lent copy in every guild to storage; how many were in use until now."""
    hold_account(by.pk)
    hold_ledgers(by.pk)
    lent = lent_by(by.pk)
    paused = [str(row.pk) for row in lent if restrictions.restrict(by=by.pk, contribution=row.pk)]
    if paused:
        note(by.pk, Right.RESTRICTION, detail={"copies": paused})
    return len(paused)


@transaction.atomic
def resume_everything(*, by: Dreamer) -> int:
    """Let what the pause had set aside be used again, under what was stated about it; how many there were."""
    hold_account(by.pk)
    hold_ledgers(by.pk)
    lent = paused_copies(by.pk)
    resumed = [row for row in lent if restrictions.lift_restriction(by=by.pk, contribution=row.pk)]
    if resumed:
        note(by.pk, Right.RESUMPTION, detail={"copies": len(resumed)})
    return len(resumed)
