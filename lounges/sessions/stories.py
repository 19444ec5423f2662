"""What the sessions know of the life of a lent dream: which session, how much of it, what its row says."""

from uuid import UUID

from governance.oversight.moments import Moment, Sort
from lounges.sessions.models import Contribution


def told_of(guild: UUID, contribution: UUID) -> list[Moment]:
    """One query, and nothing of it is opened."""
    row = (
        Contribution.objects.filter(guild_id=guild, pk=contribution)
        .select_related("session", "membership")
        .defer("title_sealed", "text_sealed", "reading_sealed")
        .first()
    )
    if row is None:
        return []
    where = f"to the session “{row.session.title}”"
    how = f"{row.get_extent_display()}, {'to be heard there' if row.told else 'to the blend alone'}"
    moments = [Moment(row.lent_at, Sort.LENT, f"Lent {where}", how, who=row.membership)]
    if row.withdrawn_at is not None:
        note = "its sealed bytes were removed"
        moments.append(Moment(row.withdrawn_at, Sort.TAKEN_BACK, f"Not lent any more {where}", note))
    return moments
