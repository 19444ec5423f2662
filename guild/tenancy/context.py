"""Says to Postgres whose rows may be seen. Nothing else sets `app.guild_id` and `app.dreamer_id`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


@dataclass(frozen=True)
class Tenant:
    """The guild and the dreamer whose rows the current transaction sees; None hides every such row."""

    guild: UUID | None = None
    dreamer: UUID | None = None


Lock = tuple[int, str]
"""An advisory lock: the class of what is locked, and which one of it."""

NOBODY = Tenant()
_SAY = "SELECT set_config('app.guild_id', %s, true), set_config('app.dreamer_id', %s, true)"
_TAKE_LOCK = "pg_advisory_xact_lock(%s, hashtext(%s))"
_current: ContextVar[Tenant] = ContextVar("tenant", default=NOBODY)


def current() -> Tenant:
    """The tenant of the work going on now; `NOBODY` outside of any."""
    return _current.get()


@contextmanager
def tenant(
    *, guild: UUID | None = None, dreamer: UUID | None = None, lock: Lock | None = None
) -> Iterator[Tenant]:
    """Open a transaction (or a savepoint) in which only the rows of `guild` and of `dreamer` exist.

    Nests: the settings of the outer tenant are back when the inner one ends, whether it ends well or
    is rolled back (Postgres itself reverts a local setting with its savepoint). A `lock` is taken in the
    same round trip, as `take` does.
    """
    outer, inner = _current.get(), Tenant(guild, dreamer)
    nested = connection.in_atomic_block
    with transaction.atomic():
        _say(inner, lock=lock)
        token = _current.set(inner)
        try:
            yield inner
        finally:
            _current.reset(token)
        if nested and not connection.needs_rollback:
            _say(outer)


def in_each(dreamers: Iterable[UUID], write: Callable[[UUID], object]) -> None:
    """Call `write` for every dreamer, once each and in the order of their ids, with their rows in sight
    beside those of the guild as it is; afterwards what was seen before is seen again.

    For the row that each of many gets of one thing that happened: one round trip each, and no savepoint. An
    exception undoes the whole transaction, whoever catches it, so that nothing is ever written as another.
    """
    outer = _current.get()
    with transaction.atomic(savepoint=False):
        try:
            for dreamer in sorted(set(dreamers)):
                _current.set(Tenant(outer.guild, dreamer))
                _say(_current.get())
                write(dreamer)
        finally:
            _current.set(outer)
        _say(outer)


def narrow_to_guild(guild: UUID) -> None:
    """Let the transaction that is already open see the rows of `guild` as well, until its `tenant` ends.

    For the request middleware, which knows the dreamer before it knows the guild.
    """
    inner = Tenant(guild, _current.get().dreamer)
    _say(inner)
    _current.set(inner)


def take(lock: Lock) -> None:
    """Wait for an advisory lock and keep it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + _TAKE_LOCK, lock)


def _say(whose: Tenant, *, lock: Lock | None = None) -> None:
    settings = (str(whose.guild or ""), str(whose.dreamer or ""))
    with connection.cursor() as cursor:
        if lock is None:
            cursor.execute(_SAY, settings)
        else:
            cursor.execute(_SAY + ", " + _TAKE_LOCK, (*settings, *lock))
