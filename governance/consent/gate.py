"""The one door to lent content. Consent is checked, the use is recorded, and only then is a key unwrapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from governance.consent import selectors, services
from governance.consent.enums import Purpose, Refusal
from governance.consent.errors import GateMisused
from governance.consent.models import Statement, Use, UseSubject
from governance.consent.purposes import registered
from governance.consent.resolution import GIVING
from governance.consent.selectors import InForce
from governance.consent.terms import Terms
from governance.ledger import services as ledger
from governance.ledger import tree
from governance.ledger.enums import LeafKind
from guild.tenancy.context import current
from guild.vault import services as vault
from guild.vault.places import Place


@dataclass(frozen=True)
class Lent:
    """A contribution, still shut: its key, and its sealed fields by name with the place each belongs to.

    `session` and `lounge` are where it is opened from; it opens there only if it was lent there.
    """

    contribution: UUID
    dreamer: UUID
    guild: UUID
    key_id: UUID
    fields: Mapping[str, tuple[bytes, Place]] = field(repr=False)
    session: UUID | None = None
    lounge: UUID | None = None


@dataclass(frozen=True)
class Opened:
    """A contribution, open, with the terms it must be used under."""

    contribution: UUID
    dreamer: UUID
    terms: Terms
    texts: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Refused:
    """A contribution that stays shut."""

    contribution: UUID
    reason: Refusal


@dataclass(frozen=True)
class OpenedUse:
    """One use. `leaf_index` is None when nothing was allowed, and so nothing was opened or recorded."""

    leaf_index: int | None
    opened: tuple[Opened, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class _Allowed:
    lent: Lent
    terms: Terms
    commitment: str


def open_for(
    lent: Sequence[Lent], *, purpose: Purpose, actor: UUID | str, on: str, subject: UUID
) -> OpenedUse:
    """Open what its dreamers allow for `purpose`, and say what they do not.

    `actor` is a guild pseudonym or "system"; `on` and `subject` name what it is opened for ("blend" and the
    run's id, "session" and the session's id). One leaf is written for all of it, before any key is
    unwrapped. Call in the guild's tenant, in a transaction that does little else: the guild's ledger is
    held until it ends, which is also what keeps a withdrawal from slipping in between the check and the
    use. An error opens nothing and leaves no leaf. Raises GateMisused, Unregistered, and the vault's
    SealBroken, KeyMissing, KeyDestroyed.
    """
    registered(purpose)
    if not lent:
        return OpenedUse(None, (), ())
    guild = _guild_of(lent)
    ledger.hold(guild=guild)
    now = timezone.now()
    held = selectors.in_force(guild, [item.contribution for item in lent])
    allowed, refused = _judge(lent, held, purpose=Purpose(purpose), at=now)
    if not allowed:
        return OpenedUse(None, (), refused)
    leaf_index = _record(
        allowed, guild=guild, purpose=Purpose(purpose), actor=actor, on=on, subject=subject, at=now
    )
    keys = vault.openers([item.lent.key_id for item in allowed])
    return OpenedUse(leaf_index, tuple(_open(item, keys[item.lent.key_id]) for item in allowed), refused)


def _guild_of(lent: Sequence[Lent]) -> UUID:
    guilds = {item.guild for item in lent}
    if len(guilds) > 1:
        raise GateMisused("Contributions of two guilds are never opened together: open each guild's alone.")
    (guild,) = guilds
    if current().guild != guild:
        raise GateMisused("Lent content is opened inside its own guild: enter that guild's tenant first.")
    if len({item.contribution for item in lent}) < len(lent):
        raise GateMisused("The same contribution was passed twice: pass each once.")
    return guild


def _judge(
    lent: Sequence[Lent], held: InForce, *, purpose: Purpose, at: datetime
) -> tuple[tuple[_Allowed, ...], tuple[Refused, ...]]:
    """What opens and what does not; a consent found to have run out is recorded as that, once."""
    allowed, refused = [], []
    over: dict[int, Statement] = {}
    for item in lent:
        reason = _refusal(item, held, purpose=purpose, at=at)
        row = held.statement(item.contribution, purpose)
        if reason is Refusal.EXPIRED and row is not None and row.state in GIVING:
            over[row.leaf_index] = row
        terms = None if reason else held.terms(item.contribution, purpose, at=at)
        if terms is None:
            refused.append(Refused(item.contribution, reason or Refusal.UNSTATED))
            continue
        allowed.append(_Allowed(item, terms, held.subjects[item.contribution].commitment))
    for ended in over.values():
        services.expire(ended, at=at)
    return tuple(allowed), tuple(refused)


def _refusal(item: Lent, held: InForce, *, purpose: Purpose, at: datetime) -> Refusal | None:
    """Why this contribution stays shut, or None. Whatever is not plainly given is refused."""
    subject = held.subjects.get(item.contribution)
    if subject is None:
        return Refusal.UNSTATED
    if subject.dreamer_id != item.dreamer:
        return Refusal.NOT_THE_DREAMERS
    if _is_elsewhere(item.session, subject.session) or _is_elsewhere(item.lounge, subject.lounge):
        return Refusal.MISPLACED
    verdict = held.verdict(item.contribution, purpose, at=at)
    row = held.statement(item.contribution, purpose)
    if row is not None and row.dreamer_id != item.dreamer:
        return Refusal.NOT_THE_DREAMERS
    return Refusal(verdict.reason) if verdict.reason else None


def _is_elsewhere(opened_from: UUID | None, lent_to: UUID | None) -> bool:
    return opened_from is not None and lent_to is not None and opened_from != lent_to


def _record(
    allowed: Sequence[_Allowed],
    *,
    guild: UUID,
    purpose: Purpose,
    actor: UUID | str,
    on: str,
    subject: UUID,
    at: datetime,
) -> int:
    """Write the leaf and its rows; the leaf's index."""
    by_contribution = {item.lent.contribution: item.lent.dreamer for item in allowed}
    commitments = {item.lent.contribution: item.commitment for item in allowed}
    in_order = sorted(commitments.values())
    places = {commitment: place for place, commitment in enumerate(in_order)}
    root = tree.root([tree.leaf_hash(bytes.fromhex(commitment)) for commitment in in_order]).hex()
    detail = {"purpose": purpose.value, "on": on, "subject": subject, "count": len(in_order)}
    leaf = ledger.append(guild=guild, kind=LeafKind.USE, actor=actor, subjects=[root], detail=detail, at=at)
    said = {
        "guild_id": guild,
        "purpose": purpose,
        "on": on,
        "subject": subject,
        "count": len(in_order),
        "leaf_index": leaf.index,
        "at": at,
    }
    use = Use.objects.create(actor=str(actor), root=root, **said)
    UseSubject.objects.bulk_create(
        UseSubject(
            use=use,
            dreamer_id=by_contribution[contribution],
            contribution=contribution,
            commitment=commitment,
            position=places[commitment],
            **said,
        )
        for contribution, commitment in commitments.items()
    )
    return leaf.index


def _open(allowed: _Allowed, opener: vault.Opener) -> Opened:
    lent = allowed.lent
    texts = {name: opener.open_bytes(sealed, place) for name, (sealed, place) in lent.fields.items()}
    return Opened(lent.contribution, lent.dreamer, allowed.terms, texts)
