"""What a dreamer takes along from the sessions of one guild: plain values, one mapping a line.

In the guild's tenant and the dreamer's; also for somebody who has left, since it is theirs.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from governance.consent.own_words import open_own
from lounges.sessions import hearing
from lounges.sessions.models import Association, Contribution, Participation
from lounges.sessions.selectors import lent_of

Json = dict[str, Any]
OWN_FIELDS = ("title", "text")


def participations_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every session joined, with when its terms were accepted, and which."""
    rows = Participation.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("session__lounge")
    for row in rows:
        yield {
            "session": str(row.session_id),
            "lounge": row.session.lounge.name,
            "title": row.session.title,
            "format": row.session.format,
            "confidentiality": row.session.confidentiality,
            "opened_at": _moment(row.session.opened_at),
            "closed_at": _moment(row.session.closed_at),
            "accepted_terms_at": _moment(row.accepted_terms_at),
            "terms_digest": row.terms_digest,
            "stepped_out_at": _moment(row.stepped_out_at),
        }


def contributions_of(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Every dream lent, in one's own words as they were lent; a withdrawn one has none left."""
    rows = list(Contribution.objects.filter(guild_id=guild, dreamer_id=dreamer))
    lent = [lent_of(row, fields=OWN_FIELDS) for row in rows if row.is_lent]
    words: Mapping[UUID, Mapping[str, bytes]] = dict(open_own(lent))
    for row in rows:
        own = words.get(row.pk)
        yield {
            "contribution": str(row.pk),
            "session": str(row.session_id),
            "dream": str(row.dream_id),
            "dream_revision": row.dream_revision,
            "extent": row.extent,
            "told": row.told,
            "state": row.state,
            "lent_at": _moment(row.lent_at),
            "withdrawn_at": _moment(row.withdrawn_at),
            "title": None if own is None else own["title"].decode(),
            "text": None if own is None else own["text"].decode(),
        }


def said_by(dreamer: UUID, *, guild: UUID) -> Iterator[Json]:
    """Everything said to others' dreams: one's own words, and the ids of what they were said to."""
    rows = list(Association.objects.filter(guild_id=guild, dreamer_id=dreamer).select_related("session"))
    keys = hearing.openers_of(rows)
    for row in rows:
        yield {
            "session": str(row.session_id),
            "contribution": str(row.contribution_id),
            "added_at": _moment(row.added_at),
            "text": keys[hearing.key_of(row)].open_text(bytes(row.text_sealed), hearing.place_of(row)),
        }


def _moment(at: Any) -> str | None:
    return None if at is None else at.isoformat()
