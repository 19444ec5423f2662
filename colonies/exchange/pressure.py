"""Whether a guild's cultures are melting into one, in plain words. Pure.

Distinctness is (beta - 1) / (N - 1): 1 while N colonies share nothing, 0 when all of them keep the same. It
says the same whether colonies are founded or end, as beta alone would not.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ALLOWED_FALL = 0.25  # of distinctness, within the window, unless the guild's policy says otherwise
WINDOW = timedelta(days=183)
MANY_ADOPTIONS = 3
FEW_ADAPTED = 1 / 3
RECENT = timedelta(days=92)
_NOTHING = 1e-9  # below what a sum of fractions can tell


@dataclass(frozen=True)
class Moment:
    """How distinct the colonies of a guild were on one day, and how many there were."""

    on: date
    colonies: int
    beta: float

    @property
    def distinctness(self) -> float:
        """1 where there is nothing to be told apart from."""
        return 1.0 if self.colonies < 2 else min(max((self.beta - 1) / (self.colonies - 1), 0.0), 1.0)


@dataclass(frozen=True)
class Taken:
    """A ritual of `source` that another colony took up, and whether that colony has made it its own since."""

    on: date
    source: str
    adapted: bool


@dataclass(frozen=True)
class Change:
    """What happened to the rituals of a guild from `since` on: `taken_up` from other colonies, being those
    `of` these titles; laid to rest; and written anew.
    """

    since: date
    taken_up: int
    of: tuple[str, ...]
    rested: int
    written: int


ChangesSince = Callable[[date], Change]


def notices(
    history: Sequence[Moment],
    taken: Sequence[Taken],
    *,
    allowed_fall: float = ALLOWED_FALL,
    changes: ChangesSince | None = None,
) -> list[str]:
    """What the guild is told today, the last day of `history` (oldest first). Empty when all is well. With
    `changes` it is also told what changed meanwhile.
    """
    if not history:
        return []
    today = history[-1]
    return [*_fall(history, today, allowed_fall, changes), *_pull(taken, today.on)]


def _fall(
    history: Sequence[Moment], today: Moment, allowed_fall: float, changes: ChangesSince | None
) -> list[str]:
    recent = [moment for moment in history if today.on - moment.on <= WINDOW]
    most = max(recent, key=lambda moment: moment.distinctness)
    if most.distinctness - today.distinctness <= allowed_fall + _NOTHING:
        return []
    then, now = (math.floor(100 * moment.distinctness + _NOTHING) for moment in (most, today))
    meanwhile = f"{_in_words(changes(most.on))} " if changes is not None else ""
    return [
        f"The colonies of this guild are growing alike: on {most.on:%-d %B %Y} they were {then}\u00a0% "
        f"distinct, and now {now}\u00a0%. {meanwhile}Nobody did wrong; it may be worth asking what each "
        "would miss of its own."
    ]


def _in_words(change: Change) -> str:
    """One sentence: how often something was taken up, what; how much was laid to rest, and written."""
    of = f" ({', '.join(f'“{title}”' for title in change.of)})" if change.of else ""
    return (
        f"Since then a ritual was taken up from another colony {_times(change.taken_up)}{of}, "
        f"{_many(change.rested)} laid to rest, and {_many(change.written)} written anew."
    )


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _many(count: int) -> str:
    return {0: "none was", 1: "one was"}.get(count, f"{count} were")


def _pull(taken: Sequence[Taken], today: date) -> list[str]:
    recent = [one for one in taken if today - one.on <= RECENT]
    counted, adapted = Counter(one.source for one in recent), Counter(o.source for o in recent if o.adapted)
    return [
        f"{count} colonies have taken up “{source}” within three months, and {adapted[source] or 'none'} of "
        "them changed it since: it may be pressing out what was kept before."
        for source, count in sorted(counted.items())
        if count >= MANY_ADOPTIONS and adapted[source] < count * FEW_ADAPTED
    ]
