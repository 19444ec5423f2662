"""Where a dreamer is led after changing a dream: rooms above may have a question about copies of it.

They register once, when the process starts; no signals.
"""

from collections.abc import Callable
from uuid import UUID

Question = Callable[[UUID, UUID], str | None]

_questions: list[Question] = []


def ask_afterwards(question: Question) -> None:
    """Ask `question` of (dreamer, dream), in the dreamer's tenant: the address of a page, or None.

    Registering twice is once.
    """
    if question not in _questions:
        _questions.append(question)


def open_question(dreamer: UUID, dream: UUID) -> str | None:
    """The first page that has a question about this dream as it is now; None where nobody has one."""
    return next(filter(None, (question(dreamer, dream) for question in _questions)), None)
