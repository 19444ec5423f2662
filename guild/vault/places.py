"""The place that sealed bytes belong to: authenticated with them, so that they open nowhere else."""

from dataclasses import dataclass
from uuid import UUID

APP, VERSION = "dreamscape", 1


@dataclass(frozen=True)
class Place:
    """`field` is table.column; `row`, `owner` and `guild` are ids; `revision` counts from 1."""

    field: str
    row: UUID
    owner: UUID
    guild: UUID | None = None
    revision: int = 1

    def associated_data(self) -> bytes:
        """app|table.field|version|guild-or-dash|row_id|owner|revision"""
        guild = self.guild or "-"
        parts = (APP, self.field, VERSION, guild, self.row, self.owner, self.revision)
        return "|".join(map(str, parts)).encode()
