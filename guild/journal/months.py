"""A month of the calendar, and its neighbours."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def checked(cls, year: int, month: int) -> "Month | None":
        """None for a month that, with its neighbours, does not fit into the calendar."""
        fits = MINYEAR < year < MAXYEAR and 1 <= month <= 12
        return cls(year, month) if fits else None

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def before(self) -> "Month":
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def after(self) -> "Month":
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)
