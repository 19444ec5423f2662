"""Hearing what was lent. Every reading goes through the consent gate, and so is a use that its dreamer can
see.

One reading of a whole transcript is one use of everything in it, recorded as one leaf.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from governance.consent import gate
from governance.consent import selectors as consents
from governance.consent.enums import ConsentState, Purpose
from governance.consent.purposes import REGISTRY
from governance.moderation import selectors as moderation
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.places import Place
from lounges.sessions import selectors
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Association, Contribution, Session

HEARD_FIELDS = ("title", "text")
UNTOLD = "Lent to the blend alone: its words are not shown here."
UNHEARD = "This dream is not shown here any more."
LENT_KIND, SAID_KIND = "lent-dream", "association"
"""What the room of moderation calls what is told here, and what is said to it."""


@dataclass(frozen=True)
class Said:
    """One association, open; `hidden` says why moderation hid it, and then there are no words."""

    id: UUID
    contribution: UUID
    name: str
    hue: int
    is_mine: bool
    at: datetime
    text: str = field(repr=False)
    hidden: str = ""


@dataclass(frozen=True)
class Telling:
    """One lent dream as the session hears it; `note` says why there are no words, and is empty when
    there are. `asked` is what its dreamer was asked for and did not answer, told to them alone.
    """

    id: UUID
    membership: UUID
    name: str
    hue: int
    is_mine: bool
    extent: str
    at: datetime
    note: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    associations: tuple[Said, ...]
    asked: tuple[str, ...] = ()

    @property
    def is_heard(self) -> bool:
        return not self.note


def transcript_for(membership: Membership, session: Session) -> list[Telling]:
    """Everything that is lent to the session now, and what was said to it, in order.

    The caller has checked that the member hears this session. Takes the guild's ledger until the
    transaction ends.
    """
    rows = list(selectors.lent_rows(session))
    return _tellings(membership, session, rows)


def telling_for(membership: Membership, session: Session, contribution_id: UUID) -> Telling:
    """One lent dream of the session, heard. Raises Http404."""
    row = selectors.contribution_in(session, contribution_id)
    return _tellings(membership, session, [row])[0]


def _tellings(membership: Membership, session: Session, rows: Sequence[Contribution]) -> list[Telling]:
    hidden = moderation.hidden(membership.guild_id, LENT_KIND, [row.pk for row in rows])
    told = [selectors.lent_of(row, fields=HEARD_FIELDS) for row in rows if row.told and row.pk not in hidden]
    use = gate.open_for(
        told,
        purpose=Purpose.SHARE_IN_SESSION,
        actor=membership.pseudonym,
        on="session",
        subject=session.pk,
    )
    heard = {opened.contribution: opened.texts for opened in use.opened}
    said = _associations(membership, session, [row.pk for row in rows if row.pk in heard])
    asked = _asked_of(membership, rows)
    return [
        replace(
            _telling(membership, row, heard.get(row.pk), said.get(row.pk, []), hidden.get(row.pk, "")),
            asked=asked.get(row.pk, ()),
        )
        for row in rows
    ]


def _asked_of(membership: Membership, rows: Sequence[Contribution]) -> dict[UUID, tuple[str, ...]]:
    """What the member was asked for about their own dreams, by title; two queries where they lend any."""
    mine = [row.pk for row in rows if row.dreamer_id == membership.dreamer_id]
    held = consents.in_force(membership.guild_id, mine) if mine else None
    return {
        contribution: tuple(
            entry.title
            for entry in REGISTRY.values()
            if held is not None
            and (said := held.statement(contribution, entry.purpose)) is not None
            and said.state == ConsentState.REQUESTED
        )
        for contribution in mine
    }


def _telling(
    membership: Membership,
    row: Contribution,
    texts: Mapping[str, bytes] | None,
    said: Sequence[Said],
    hidden: str,
) -> Telling:
    note = "" if texts is not None else UNHEARD if row.told else UNTOLD
    if hidden:
        note = f"Hidden by moderation: {hidden}."
    return Telling(
        id=row.pk,
        membership=row.membership_id,
        name=row.membership.display_name,
        hue=row.membership.hue,
        is_mine=row.dreamer_id == membership.dreamer_id,
        extent=row.get_extent_display(),
        at=row.lent_at,
        note=note,
        title=texts["title"].decode() if texts else "",
        text=texts["text"].decode() if texts else "",
        associations=tuple(said),
    )


def place_of(row: Association) -> Place:
    """Where the sealed words of an association belong."""
    return Place(field="lounges_association.text", row=row.pk, owner=row.dreamer_id, guild=row.guild_id)


def key_of(row: Association) -> UUID:
    """The key that the words of an association are sealed under; fetch the row with its session."""
    return row.session.key_id if row.key_id is None else row.key_id


def openers_of(rows: Sequence[Association]) -> dict[UUID, vault.Opener]:
    """The keys of these associations, by their ids, in one query."""
    return vault.openers({key_of(row) for row in rows}) if rows else {}


def said_for(membership: Membership, session: Session, association_id: UUID) -> Said:
    """One association to a dream that is still lent to the session. Raises Http404."""
    row = (
        Association.objects.filter(
            guild_id=session.guild_id,
            session_id=session.pk,
            pk=association_id,
            contribution__state=ContributionState.LENT,
        )
        .select_related("membership", "session", "contribution")
        .first()
    )
    if row is None or not is_told_still(row.contribution):
        raise Http404("There is no such association in this session; its dream may have been withdrawn.")
    hidden = moderation.hidden(row.guild_id, SAID_KIND, [row.pk])
    return _said(membership, row, openers_of([row]), hidden.get(row.pk, ""))


def is_told_still(row: Contribution) -> bool:
    """Whether a dream may be heard now, and so what was said to it, or is about to be."""
    held = consents.in_force(row.guild_id, [row.pk])
    return held.opens(row.pk, Purpose.SHARE_IN_SESSION, at=timezone.now())


def _associations(
    membership: Membership, session: Session, contributions: Sequence[UUID]
) -> dict[UUID, list[Said]]:
    rows = list(
        Association.objects.filter(
            guild_id=session.guild_id, session_id=session.pk, contribution_id__in=contributions
        ).select_related("membership", "session")
    )
    keys = openers_of(rows)
    hidden = moderation.hidden(session.guild_id, SAID_KIND, [row.pk for row in rows])
    said: dict[UUID, list[Said]] = {}
    for row in rows:
        said.setdefault(row.contribution_id, []).append(_said(membership, row, keys, hidden.get(row.pk, "")))
    return said


def _said(membership: Membership, row: Association, keys: Mapping[UUID, vault.Opener], hidden: str) -> Said:
    """What is hidden stays sealed."""
    text = "" if hidden else keys[key_of(row)].open_text(bytes(row.text_sealed), place_of(row))
    return Said(
        id=row.pk,
        contribution=row.contribution_id,
        name=row.membership.display_name,
        hue=row.membership.hue,
        is_mine=row.dreamer_id == membership.dreamer_id,
        at=row.added_at,
        text=text,
        hidden=hidden,
    )
