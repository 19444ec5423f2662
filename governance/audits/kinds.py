"""The leaves of a few rare kinds, read out of turn. Inside the guild's tenant, once the log was heard."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from governance.audits.examination import Examination
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf

BATCH: Final = 500


def leaves_of(examination: Examination, *kinds: LeafKind) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(index, entry) of each, in order, as far as the audit heard the log; one that is no JSON is left out.

    The column that they are chosen by was held against what they say when the log was heard.
    """
    rows = Leaf.objects.filter(
        guild_id=examination.guild, kind__in=[kind.value for kind in kinds], index__lt=examination.size
    )
    indexes = list(rows.order_by("index").values_list("index", flat=True))
    for start in range(0, len(indexes), BATCH):
        part = examination.leaves(indexes[start : start + BATCH])
        yield from sorted(part.items())
