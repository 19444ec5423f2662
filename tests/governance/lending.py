"""Makes lent dreams for the tests of consent, as a session would, without a session."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from governance.consent.enums import Purpose
from governance.consent.gate import Lent
from governance.consent.purposes import REGISTRY
from governance.consent.services import LentTo, state_terms
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.models import KeyKind
from guild.vault.places import Place

EVERYTHING = {Purpose.SHARE_IN_SESSION: True, Purpose.BLEND: True, Purpose.QUOTE: True}
WORDS = "A stair went down under the harbour and the lamps were fish."


def lend(
    member: Membership,
    granted: Mapping[Purpose, bool] | None = None,
    *,
    depth: float = 0.5,
    expires_at: datetime | None = None,
    words: str = WORDS,
    lent_to: LentTo | None = None,
) -> Lent:
    """One sealed contribution of `member` and the terms stated for it (`granted` empty: none at all)."""
    contribution = uuid4()
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        key = vault.create_key(
            kind=KeyKind.CONTRIBUTION,
            owner=contribution,
            dreamer=member.dreamer_id,
            guild=member.guild_id,
        )
        lent = sealed(member, contribution=contribution, key_id=key.id, words=words)
        answers = EVERYTHING if granted is None else granted
        if answers or lent_to is not None:
            answer(member, contribution, answers, depth=depth, expires_at=expires_at, lent_to=lent_to)
    return lent


def answer(
    member: Membership,
    contribution: UUID,
    granted: Mapping[Purpose, bool],
    *,
    depth: float = 0.5,
    expires_at: datetime | None = None,
    lent_to: LentTo | None = None,
) -> None:
    """State terms as `member`, inside their guild."""
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        state_terms(
            guild=member.guild_id,
            dreamer=member.dreamer_id,
            pseudonym=member.pseudonym,
            contribution=contribution,
            granted=granted,
            depth=depth,
            expires_at=expires_at,
            lent_to=lent_to,
        )


def sealed(member: Membership, *, contribution: UUID, key_id: UUID, words: str) -> Lent:
    place = Place(
        field="sessions_contribution.text",
        row=contribution,
        owner=member.dreamer_id,
        guild=member.guild_id,
    )
    return Lent(
        contribution=contribution,
        dreamer=member.dreamer_id,
        guild=member.guild_id,
        key_id=key_id,
        fields={"text": (vault.seal(key_id=key_id, text=words, place=place), place)},
    )


def readable(purpose: Purpose) -> str:
    """The digest of the text of a purpose, as somebody gives it who has read it."""
    return REGISTRY[purpose].notice.digest
