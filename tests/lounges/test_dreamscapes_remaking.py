"""When two documents of a blend count as the same one."""

from typing import Any

import pytest

from lounges.dreamscapes.remaking import ROUNDING, alike

DOCUMENT = {"motifs": [{"id": 1, "share": 0.25, "terms": ["lamp"]}], "report": {"kept": True, "why": None}}


def changed(**values: Any) -> dict[str, Any]:
    return {"motifs": [{**DOCUMENT["motifs"][0], **values}], "report": DOCUMENT["report"]}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (DOCUMENT, True),
        (changed(share=0.25 + ROUNDING / 2), True),
        (changed(share=0.25 + ROUNDING * 2), False),
        (changed(terms=["lump"]), False),
        (changed(terms=["lamp", "sea"]), False),
        (changed(more=1), False),
        ({**DOCUMENT, "report": {"kept": False, "why": None}}, False),
        ({**DOCUMENT, "report": {"kept": True, "why": ""}}, False),
    ],
)
def test_documents_are_alike_but_for_rounding(other: Any, same: bool) -> None:
    assert (alike(DOCUMENT, other), alike(other, DOCUMENT)) == (same, same)
