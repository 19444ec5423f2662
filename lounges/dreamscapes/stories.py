"""What the blends know of the life of a lent dream: the dreamscapes made with it, and which were replaced."""

from uuid import UUID

from governance.oversight.moments import Moment, Sort
from lounges.dreamscapes.models import BlendRun, BlendVoice


def told_of(guild: UUID, contribution: UUID) -> list[Moment]:
    """One query, whatever the number of dreamscapes."""
    voices = BlendVoice.objects.filter(guild_id=guild, contribution_id=contribution)
    runs = BlendRun.objects.filter(guild_id=guild, pk__in=voices.values("run_id")).select_related("session")
    return [moment for run in runs for moment in _moments(run)]


def _moments(run: BlendRun) -> list[Moment]:
    where = f"in the session “{run.session.title}”"
    moments = []
    if run.finished_at is not None:
        words = "A dreamscape was made with it"
        moments.append(Moment(run.finished_at, Sort.MADE, words, where, leaf=run.ended_leaf))
    if run.superseded_at is not None:
        words = "That dreamscape was replaced, and its key destroyed"
        note = f"{where}: {run.get_because_display()}"
        moments.append(Moment(run.superseded_at, Sort.MADE, words, note, leaf=run.superseded_leaf))
    return moments
