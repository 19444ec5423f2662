"""How one statement is written: a row and a leaf, together. The services of this room call it; nothing else.

Every function here wants `ledger.hold` to have been called first in the transaction, as the ledger asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from governance.consent.enums import ConsentState, Purpose, Scope
from governance.consent.models import ServedNotice, Statement, Subject
from governance.consent.purposes import NoticeMark
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind

LEAF_OF_STATE: Mapping[ConsentState, LeafKind] = {
    state: LeafKind(f"consent.{state.value}") for state in ConsentState
}


@dataclass(frozen=True)
class About:
    """What a statement is about, and whose word it is.

    A broader scope has its `scope_id`; the scope *contribution* has the contribution and what stands for it
    in the ledger.
    """

    guild: UUID
    dreamer: UUID
    pseudonym: UUID
    scope: Scope = Scope.CONTRIBUTION
    scope_id: UUID | None = None
    contribution: UUID | None = None
    commitment: str = ""


@dataclass(frozen=True)
class Said:
    """What is stated: the state, its limits, and the text it answers."""

    purpose: Purpose
    state: ConsentState
    depth: Decimal
    expires_at: datetime | None
    notice: NoticeMark
    served: ServedNotice | None = None


def about(subject: Subject, *, pseudonym: UUID) -> About:
    """A statement about one contribution."""
    return About(
        guild=subject.guild_id,
        dreamer=subject.dreamer_id,
        pseudonym=subject.pseudonym or pseudonym,
        contribution=subject.contribution,
        commitment=subject.commitment,
    )


def write(what: About, said: Said, *, at: datetime, actor: UUID | str | None = None) -> Statement:
    """The row and its leaf. `actor` is who said it, where it was not the dreamer."""
    by = what.pseudonym if actor is None else actor
    statement = Statement(
        guild_id=what.guild,
        dreamer_id=what.dreamer,
        pseudonym=what.pseudonym,
        scope=what.scope,
        scope_id=what.scope_id,
        contribution=what.contribution,
        actor=str(by),
        purpose=said.purpose,
        state=said.state,
        depth=said.depth,
        expires_at=said.expires_at,
        notice_version=said.notice.version,
        notice_language=said.notice.language,
        notice_digest=said.notice.digest,
        served_id=None if said.served is None else said.served.pk,
        served_at=None if said.served is None else said.served.served_at,
        stated_at=at,
    )
    ledger.append(
        guild=what.guild,
        kind=LEAF_OF_STATE[said.state],
        actor=by,
        subjects=[what.commitment] if what.scope is Scope.CONTRIBUTION else [],
        detail=_detail(what, said),
        at=at,
        beside=statement,
    )
    return statement


def _detail(what: About, said: Said) -> dict[str, Any]:
    """Enough to recompute from leaves alone what stands where (see `resolution.stated_in`)."""
    detail: dict[str, Any] = {
        "purpose": said.purpose.value,
        "depth": float(said.depth),
        "expires_at": said.expires_at and said.expires_at.isoformat(),
        "notice": said.notice.digest,
    }
    if what.scope is not Scope.CONTRIBUTION:
        detail |= {"scope": what.scope.value, "scope_id": what.scope_id, "pseudonym": what.pseudonym}
    return detail


def follow(
    earlier: Statement, what: About, *, state: ConsentState, at: datetime, actor: UUID | str | None = None
) -> Statement:
    """The statement that ends an earlier one, under the same terms and the text that it was given under."""
    notice = NoticeMark(earlier.notice_version, earlier.notice_language, earlier.notice_digest)
    said = Said(Purpose(earlier.purpose), state, earlier.depth, earlier.expires_at, notice)
    return write(what, said, at=at, actor=actor)


def newest(what: About, purpose: Purpose) -> Statement | None:
    """What was said last about exactly this, at this level alone."""
    rows = Statement.objects.filter(guild_id=what.guild, purpose=purpose)
    if what.scope is Scope.CONTRIBUTION:
        rows = rows.filter(contribution=what.contribution)
    else:
        rows = rows.filter(contribution=None, scope_id=what.scope_id, pseudonym=what.pseudonym)
    return rows.order_by("-leaf_index").first()


def about_row(row: Statement) -> About:
    """What an earlier statement is about. Raises Subject.DoesNotExist where nothing stands for it."""
    if row.contribution is not None:
        subject = Subject.objects.get(guild_id=row.guild_id, contribution=row.contribution)
        return about(subject, pseudonym=row.pseudonym)
    return About(
        guild=row.guild_id,
        dreamer=row.dreamer_id,
        pseudonym=row.pseudonym,
        scope=Scope(row.scope),
        scope_id=row.scope_id,
    )
