"""Every data key of the house, wrapped under the newest key-encryption key; and an old one destroyed.

A walk goes guild by guild and dreamer by dreamer, each in its own tenant: no role of ours sees all keys at
once. Each batch commits by itself, so a walk that was interrupted goes on where it stopped, and pages are
served meanwhile: what is wrapped anew seals the same bytes as before.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from guild.dreamers.models import Dreamer
from guild.tenancy.context import Tenant, tenant
from guild.tenancy.selectors import every_guild
from guild.vault import rotation
from guild.vault.models import DataKey
from guild.vault.providers import provider

if TYPE_CHECKING:
    from django.db.models import QuerySet

PATIENCE = 60.0
"""Seconds to wait for transactions that were open when the newest key-encryption key came."""


class RotationRefused(Exception):
    """Nothing was changed; the message says what to do first."""


@dataclass(frozen=True)
class Rotated:
    """How many data keys were wrapped anew: in guilds, and of dreamers alone."""

    kek_id: bytes
    guild_keys: int
    personal_keys: int


def make_newest() -> bytes:
    """A new key-encryption key, which wraps from now on in every process; its id."""
    return provider().rotate()


def rewrap_all(*, say: Callable[[str], object] = lambda sentence: None) -> Rotated:
    """Wrap every data key under the newest key-encryption key. Repeated, it does what is left to do.

    Call outside of a transaction. Raises RotationRefused while a transaction from before goes on.
    """
    _let_older_transactions_end()
    newest = provider().newest()
    in_guilds = sum(_rewrap_guild(guild, newest, say=say) for guild in every_guild())
    personal = sum(_rewrap_dreamer(dreamer) for dreamer in _every_dreamer())
    return Rotated(newest, in_guilds, personal)


def destroy_kek(kek_id: bytes) -> None:
    """Forget an old key-encryption key that `require_unneeded` lets go. Raises RotationRefused as it does."""
    require_unneeded(kek_id)
    provider().destroy(kek_id)


def require_unneeded(kek_id: bytes) -> None:
    """Raises RotationRefused for the newest key-encryption key, for one that is not at hand, and while a
    single data key still needs it.
    """
    if kek_id not in provider().kek_ids():
        raise RotationRefused(f"There is no key-encryption key {kek_id.hex()} here: nothing was destroyed.")
    if kek_id == provider().newest():
        raise RotationRefused(
            f"Key-encryption key {kek_id.hex()} wraps every new key: make another one first (--new-key)."
        )
    _let_older_transactions_end()
    needing = sum(_needs(walk, keys, kek_id) for walk, keys in _walks())
    if needing:
        raise RotationRefused(
            f"Key-encryption key {kek_id.hex()} still opens keys of {needing} guilds or dreamers: "
            "wrap them anew first (rotate_keys), then destroy it."
        )


def _rewrap_guild(guild: UUID, newest: bytes, *, say: Callable[[str], object]) -> int:
    wrapped = 0
    while count := _rewrap_guild_batch(guild, newest):
        wrapped += count
    if wrapped:
        say(f"Guild {guild}: {wrapped} keys.")
    return wrapped


def _rewrap_guild_batch(guild: UUID, newest: bytes) -> int:
    """One batch with its leaf, in one transaction that holds the guild's ledger."""
    with tenant(guild=guild):
        if not rotation.is_behind(rotation.guild_keys()):
            return 0
        ledger.hold(guild=guild)
        count = rotation.rewrap_batch(rotation.guild_keys())
        if count:
            detail = {"kek": newest.hex(), "keys": count}
            ledger.append(guild=guild, kind=LeafKind.KEY_ROTATED, actor=SYSTEM, detail=detail)
        return count


def _rewrap_dreamer(dreamer: UUID) -> int:
    wrapped, count = 0, -1
    while count:
        with tenant(dreamer=dreamer):
            count = rotation.rewrap_batch(rotation.personal_keys())
            wrapped += count
    return wrapped


def _needs(walk: AbstractContextManager[Tenant], keys: Callable[[], "QuerySet[DataKey]"], kek: bytes) -> bool:
    with walk:
        return rotation.needs(keys(), kek_id=kek)


def _walks() -> Iterator[tuple[AbstractContextManager[Tenant], Callable[[], "QuerySet[DataKey]"]]]:
    """Every tenant, with the keys to look at in it."""
    for guild in every_guild():
        yield tenant(guild=guild), rotation.guild_keys
    for dreamer in _every_dreamer():
        yield tenant(dreamer=dreamer), rotation.personal_keys


def _every_dreamer() -> list[UUID]:
    """The ids of all accounts; the account table alone stands outside the walls."""
    return list(Dreamer.objects.order_by("pk").values_list("pk", flat=True))


def _let_older_transactions_end() -> None:
    if not rotation.wait_for_open_transactions(seconds=PATIENCE):
        raise RotationRefused(
            "A transaction that began before has not ended within a minute, and may still bring up a key "
            "under the old key-encryption key: look what holds it open, then run this again."
        )
