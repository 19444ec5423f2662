"""What can go wrong in the journal, each with a sentence the dreamer can act on."""

from collections.abc import Sequence
from dataclasses import dataclass


class JournalError(Exception):
    """Base of the journal's errors; `str(error)` is the sentence to show."""


class UnknownTimeZone(JournalError):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is not a time zone we know: choose one such as Europe/Lisbon.")


class EmptyText(JournalError):
    def __init__(self) -> None:
        super().__init__("There is no text here to read: write at least one word.")


class BrokenReading(JournalError):
    def __init__(self) -> None:
        super().__init__("The stored reading of this dream is damaged: save the dream again to renew it.")


class ImportRefused(JournalError):
    """The whole file cannot be read; nothing of it is imported."""


class EditedElsewhere(JournalError):
    """Somebody (the same person in another window) saved a newer revision in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "This dream was changed in another window since you opened it. "
            "Your text is still here: compare it with the saved one, then save again to keep yours."
        )


class StagedImportGone(JournalError):
    def __init__(self) -> None:
        super().__init__("This import was already finished or has expired: upload the file again.")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one field."""

    field: str
    sentence: str


class DraftRefused(JournalError):
    """A draft that may not be kept as it is; `problems` names every field concerned."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = tuple(problems)
