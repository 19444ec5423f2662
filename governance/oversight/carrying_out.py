"""The remedies that governance itself carries out; the lounges add theirs (see `remedies.carried_out_by`)."""

from governance.audits.models import Finding
from governance.consent import guild_acts as consent
from governance.consent.errors import NotLent
from governance.consent.models import Subject
from governance.offices import suspending
from governance.oversight.enums import RemedyKind
from governance.oversight.errors import Unfit
from governance.oversight.remedies import Order, carried_out_by
from governance.oversight.ruling_models import Telling


def register_remedies() -> None:
    """Once, when the process starts."""
    carried_out_by(RemedyKind.NOTIFY, fits=_is_about_a_lent_dream, perform=_tell)
    carried_out_by(RemedyKind.SHRED, fits=_is_about_a_lent_dream, perform=_shred)
    carried_out_by(RemedyKind.SUSPEND, fits=_always, perform=_suspend)


def _is_about_a_lent_dream(finding: Finding) -> bool:
    return finding.contribution is not None


def _always(finding: Finding) -> bool:
    return True


def _tell(order: Order) -> int:
    """Leave word for the dreamer who lent it, where they will see it from anywhere."""
    if order.finding.contribution is None:
        return 0
    subject = Subject.objects.filter(guild_id=order.guild, contribution=order.finding.contribution).first()
    if subject is None:
        return 0
    _, is_new = Telling.objects.get_or_create(
        guild_id=order.guild,
        ruling_id=order.ruling,
        dreamer_id=subject.dreamer_id,
        defaults={
            "contribution": subject.contribution,
            "rule": order.finding.rule,
            "told_at": order.at,
        },
    )
    return int(is_new)


def _shred(order: Order) -> int:
    """Revoke every consent to the lent dream: its key is destroyed, what was made with it is made again.

    Where its dreamer took it back meanwhile, there is nothing left to do.
    """
    if order.finding.contribution is None:
        return 0
    try:
        consent.revoke_all(by=order.by, contribution=order.finding.contribution)
    except NotLent:
        return 0
    return 1


def _suspend(order: Order) -> int:
    if order.member is None or order.office is None:
        raise Unfit("office", "Choose whose office is to be suspended.")
    suspending.suspend(member=order.member, office=order.office, ruling=order.ruling)
    return 1
