"""Giving the templates of a guild's law other values. Each change is a leaf, which an audit reads again."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies import entities
from governance.policies.entities import Exchange
from governance.policies.enums import Action
from governance.policies.services import policy_set, require
from guild.tenancy.enums import Reach
from guild.tenancy.models import Guild, Membership

LEAST_FALL, LARGEST_FALL = Decimal("0.05"), Decimal("1.00")
MOST_PARTNERS = 20
VALUES = ["exchange_reach", "exchange_partners", "diversity_fall"]


_FOLLOWERS: list[Callable[[Guild], object]] = []


def on_exchange_set(follower: Callable[[Guild], object]) -> None:
    """Call `follower` with the guild whenever these values changed, in the same transaction. Rooms above
    register when the process starts; registering twice is registering once.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


class ValueRefused(ValueError):
    """A value that the template does not take; `field` names it, the message is a sentence to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def set_exchange(*, by: Membership, reach: str, partners: Iterable[UUID] = (), fall: Decimal) -> Guild:
    """How far the rituals of the guild travel, with which guilds (none named: all of the house), and how far
    the distinctness of its colonies may fall within half a year. The same values again change nothing.

    Raises Denied, ValueRefused.
    """
    decision = require(actor=by, action=Action.SET_EXCHANGE, resource=entities.guild(by.guild_id))
    chosen = sorted(set(partners) - {by.guild_id})
    if reach not in Reach.values:
        raise ValueRefused("reach", "Choose how far rituals may travel.")
    if len(chosen) > MOST_PARTNERS:
        raise ValueRefused("partners", f"Name at most {MOST_PARTNERS} guilds, or none for all of them.")
    if not LEAST_FALL <= fall <= LARGEST_FALL:
        raise ValueRefused("fall", "Choose a share from 5 % to 100 %.")
    ledger.hold(guild=by.guild_id)
    guild = by.guild
    guild.refresh_from_db(fields=VALUES)
    before = Exchange.of(guild)
    guild.exchange_reach, guild.exchange_partners = str(reach), chosen
    guild.diversity_fall = fall.quantize(Decimal("0.01"))
    after = Exchange.of(guild)
    if after == before:
        return guild
    guild.save(update_fields=VALUES)
    ledger.append(
        guild=guild.pk,
        kind=LeafKind.POLICY_ENACTED,
        actor=by.pseudonym,
        policy_set=decision.policy_set,
        detail={"exchange": after.text.split(), "law": policy_set(guild)},
    )
    for follower in _FOLLOWERS:
        follower(guild)
    return guild
