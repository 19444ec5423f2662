"""What of a session can be reported, for the room of moderation: who sees it, whose it is, what it says."""

from uuid import UUID

from django.http import Http404

from governance.moderation.registry import Found, Reportable
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed
from lounges.sessions import events, hearing, selectors
from lounges.sessions.enums import EventType
from lounges.sessions.models import Association, Contribution

NOT_THERE = "There is nothing here that you could report; it may have been taken back."


def _said(guild: UUID, association: UUID) -> Association | None:
    rows = Association.objects.filter(guild_id=guild, pk=association)
    return rows.select_related("session", "membership", "contribution").first()


def _find_said(member: Membership, association: UUID) -> Found:
    row = _said(member.guild_id, association)
    if row is None:
        raise Http404(NOT_THERE)
    selectors.heard_session_for(member, row.session_id)
    hearing.said_for(member, row.session, association)
    return Found(row.membership)


def _words_said(guild: UUID, association: UUID) -> str | None:
    row = _said(guild, association)
    if row is None:
        return None
    try:
        opener = vault.opener(hearing.key_of(row))
    except KeyDestroyed:
        return None
    return opener.open_text(bytes(row.text_sealed), hearing.place_of(row))


def _changed_said(guild: UUID, association: UUID) -> None:
    row = _said(guild, association)
    if row is not None:
        _look_again(row.contribution)


def _find_lent(member: Membership, contribution: UUID) -> Found:
    row = (
        Contribution.objects.filter(guild_id=member.guild_id, pk=contribution, told=True)
        .select_related("membership")
        .first()
    )
    if row is None or not row.is_lent:
        raise Http404(NOT_THERE)
    selectors.heard_session_for(member, row.session_id)
    return Found(row.membership)


def _changed_lent(guild: UUID, contribution: UUID) -> None:
    row = Contribution.objects.filter(guild_id=guild, pk=contribution).first()
    if row is not None:
        _look_again(row)


def _look_again(row: Contribution) -> None:
    """Every open page asks anew for the dream and what was said to it."""
    if row.is_lent:
        session = events.lock(row.session_id)
        events.publish(session=session, type=EventType.DREAM_RESTATED, data={"id": row.pk})


SAID = Reportable(
    kind=hearing.SAID_KIND,
    noun="something said in a session",
    find=_find_said,
    words=_words_said,
    changed=_changed_said,
)
LENT = Reportable(
    kind=hearing.LENT_KIND,
    noun="a dream lent to a session",
    find=_find_lent,
    words=lambda guild, contribution: None,  # its dreamer allowed nobody to open it for this
    changed=_changed_lent,
)
