"""What other rooms have to say before a ritual is changed. They register in their wing's `ready()`."""

from typing import Protocol

from colonies.rituals.models import Ritual
from colonies.rituals.texts import RitualText


class Guard(Protocol):
    """Raises Invalid where this text, with this note, may not become the ritual's next version."""

    def __call__(self, *, ritual: Ritual, text: RitualText, note: str) -> None: ...


_GUARDS: list[Guard] = []


def before_revision(guard: Guard) -> None:
    """Ask `guard` before every new version. Registering twice is registering once."""
    if guard not in _GUARDS:
        _GUARDS.append(guard)


def ask_guards(*, ritual: Ritual, text: RitualText, note: str) -> None:
    """Raises the first refusal."""
    for guard in _GUARDS:
        guard(ritual=ritual, text=text, note=note)
