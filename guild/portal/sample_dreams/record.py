"""What one dream of the sample guild says of itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from guild.journal.enums import DreamKind
from guild.journal.records import Draft, Ratings


@dataclass(frozen=True)
class SampleDream:
    """`nights_ago` counts back from the sleep night on which the sample is loaded: 1 is the last whole night.

    `circle` marks the five that are lent to the sample guild's finished session, one of each member.
    """

    dreamer: str
    nights_ago: int
    title: str
    narrative: str
    ratings: Ratings = field(default_factory=Ratings)
    lucidity: int | None = None
    vividness: int | None = None
    recall: int | None = None
    kind: str = DreamKind.DREAM.value
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    circle: bool = False

    def draft(self, tonight: date) -> Draft:
        """What its dreamer would have written; `tonight` is the sleep night on which the sample is loaded."""
        return Draft(
            narrative=self.narrative,
            dreamed_on=tonight - timedelta(days=self.nights_ago),
            title=self.title,
            ratings=self.ratings,
            lucidity=self.lucidity,
            vividness=self.vividness,
            recall=self.recall,
            kind=self.kind,
            tags=self.tags,
            people=self.people,
            places=self.places,
        )
