"""What a ruling can order about dreamscapes: end what was made, and make it again of what is still lent."""

from uuid import UUID

from governance.audits.models import Finding
from governance.oversight.enums import RemedyKind
from governance.oversight.remedies import Order, carried_out_by
from lounges.dreamscapes.models import BlendRun, BlendVoice
from lounges.dreamscapes.services import replace_by_ruling

TABLES = frozenset(
    {"dreamscapes_run", "dreamscapes_dreamscape", "dreamscapes_reflection", "dreamscapes_voice"}
)


def register_remedies() -> None:
    """Once, when the process starts."""
    carried_out_by(RemedyKind.RE_BLEND, fits=_is_about_a_dreamscape, perform=_blend_again)


def _is_about_a_dreamscape(finding: Finding) -> bool:
    """Or about a lent dream, which dreamscapes may have been made with."""
    return finding.table in TABLES or finding.contribution is not None


def _blend_again(order: Order) -> int:
    """How many dreamscapes were ended; each that can be is asked for again."""
    return replace_by_ruling(guild=order.guild, runs=_runs_of(order.finding), at=order.at)


def _runs_of(finding: Finding) -> list[UUID]:
    """The runs that the finding is about: the row's own, or every one with the lent dream in it."""
    if finding.table in TABLES:
        named = _named(finding) or _made_at(finding)
        if named:
            return named
    if finding.contribution is None:
        return []
    voices = BlendVoice.objects.filter(guild_id=finding.guild_id, contribution_id=finding.contribution)
    return list(voices.values_list("run_id", flat=True))


def _made_at(finding: Finding) -> list[UUID]:
    """The run that was made at the finding's leaf: a reflection's row is its dreamer's alone to see."""
    if finding.leaf_index is None:
        return []
    runs = BlendRun.objects.filter(guild_id=finding.guild_id, ended_leaf=finding.leaf_index)
    return list(runs.values_list("pk", flat=True))


def _named(finding: Finding) -> list[UUID]:
    """The run that the finding's row is, or belongs to; none for a row that is not there any more."""
    try:
        row = UUID(finding.row)
    except ValueError:
        return []
    voices = BlendVoice.objects.filter(guild_id=finding.guild_id, pk=row).values_list("run_id", flat=True)
    runs = BlendRun.objects.filter(guild_id=finding.guild_id, pk=row).values_list("pk", flat=True)
    return [*runs, *voices]
