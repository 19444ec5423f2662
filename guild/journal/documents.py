"""Drafts and import plans as JSON text, for sealing whole: pure, and strict about what it reads back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from guild.journal.enums import ImportFormat
from guild.journal.importing import Accepted, ImportPlan, Refusal
from guild.journal.records import Draft, Ratings


def draft_text(draft: Draft) -> str:
    return json.dumps(_draft_fields(draft), ensure_ascii=False)


def read_draft(text: str) -> Draft:
    return _draft(json.loads(text))


def plan_text(plan: ImportPlan) -> str:
    return json.dumps(
        {
            "format": plan.format.value,
            "encoding": plan.encoding,
            "accepted": [[item.line, _draft_fields(item.draft)] for item in plan.accepted],
            "refused": [[item.line, item.reason] for item in plan.refused],
            "ignored_fields": plan.ignored_fields,
        },
        ensure_ascii=False,
    )


def read_plan(text: str) -> ImportPlan:
    fields = json.loads(text)
    return ImportPlan(
        format=ImportFormat(fields["format"]),
        encoding=fields["encoding"],
        accepted=tuple(Accepted(line, _draft(draft)) for line, draft in fields["accepted"]),
        refused=tuple(Refusal(line, reason) for line, reason in fields["refused"]),
        ignored_fields=tuple(fields["ignored_fields"]),
    )


def _draft_fields(draft: Draft) -> dict[str, Any]:
    return {**asdict(draft), "dreamed_on": draft.dreamed_on.isoformat()}


def _draft(fields: Mapping[str, Any]) -> Draft:
    return Draft(
        **{
            **fields,
            "dreamed_on": date.fromisoformat(fields["dreamed_on"]),
            "ratings": Ratings(**fields["ratings"]),
            "tags": tuple(fields["tags"]),
            "people": tuple(fields["people"]),
            "places": tuple(fields["places"]),
        }
    )
