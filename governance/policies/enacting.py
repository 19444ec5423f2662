"""Giving a guild another law: a set that is never changed, its leaf, and the row that is decided by.

Only a vote that has passed does so, and the founding. Call in the guild's tenant.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies import engine, entities
from governance.policies.drafts import Draft, applied, read
from governance.policies.enums import Action, Because
from governance.policies.law import HOUSE_LAW, Law, law_of
from governance.policies.models import PolicySet
from governance.policies.services import policy_set, require
from governance.policies.told import told
from guild.tenancy.models import Guild, Membership

_FOLLOWERS: list[Callable[[Guild], object]] = []


def on_enacted(follower: Callable[[Guild], object]) -> None:
    """Call `follower` with the guild whenever its law changed, in the same transaction. Rooms above register
    when the process starts; registering twice is registering once.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def first_law(values: Mapping[str, str]) -> Law:
    """The law that a guild is founded with. Raises DraftRefused."""
    changed = {name: text for name, text in values.items() if text != HOUSE_LAW.value(name)}
    return applied(HOUSE_LAW, read({"values": changed})) if changed else HOUSE_LAW


def enact_first(*, guild: Guild, founder: Membership) -> PolicySet:
    """Record the law that a guild was founded with, in the leaf of its founding."""
    require(
        actor=guild, action=Action.ENACT_LAW, resource=entities.guild(guild.pk), founding=True, voted=False
    )
    return _record(guild, kind=LeafKind.GUILD_FOUNDED, because=Because.FOUNDING, by=founder, reference=None)


@transaction.atomic
def enact(
    *,
    guild: Guild,
    draft: Draft,
    reference: UUID,
    by: Membership | None = None,
    because: Because = Because.VOTE,
) -> PolicySet:
    """Make `draft` the law, because the vote `reference` has passed; `by` is who proposed it. Once for each
    vote: again returns the set that it made.

    Raises DraftRefused when it does not fit the law as it is now, and Denied.
    """
    ledger.hold(guild=guild.pk)
    done = PolicySet.objects.filter(guild_id=guild.pk, reference=reference).first()
    if done is not None:
        return done
    guild.refresh_from_db(fields=["law"])
    require(
        actor=guild,
        action=Action.ENACT_LAW,
        resource=entities.guild(guild.pk),
        founding=False,
        voted=because == Because.VOTE,
    )
    before = policy_set(guild)
    guild.law = applied(law_of(guild), draft).document
    guild.save(update_fields=["law"])
    made = _record(
        guild, kind=LeafKind.POLICY_ENACTED, because=because, by=by, reference=reference, before=before
    )
    for follower in _FOLLOWERS:
        follower(guild)
    return made


def _record(
    guild: Guild,
    *,
    kind: LeafKind,
    because: Because,
    by: Membership | None,
    reference: UUID | None,
    before: str = "",
) -> PolicySet:
    law, house = law_of(guild), engine.house().digest
    digest, number = policy_set(guild), PolicySet.objects.filter(guild_id=guild.pk).count() + 1
    leaf = ledger.append(
        guild=guild.pk,
        kind=kind,
        actor=by.pseudonym if kind == LeafKind.GUILD_FOUNDED and by else SYSTEM,
        policy_set=before or digest,
        detail=told(law, digest=digest, number=number, reference=reference),
    )
    return PolicySet.objects.create(
        guild_id=guild.pk,
        number=number,
        document=law.document,
        digest=digest,
        house=house,
        because=because,
        reference=reference,
        enacted_by=by,
        enacted_at=leaf.at,
        leaf=leaf.index,
    )
