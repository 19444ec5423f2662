"""Correcting what is lent (GDPR 16): a dream was changed in its journal, and lent copies still say otherwise.

Asks nobody's permission, and works after leaving the guild: the words are the dreamer's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from governance.consent import recipients
from governance.consent.enums import Told
from governance.consent.errors import NoSuchConsent
from governance.consent.own_words import open_own
from governance.consent.selectors import subject_for
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from guild.journal import selectors as journal
from guild.journal.errors import EmptyText
from guild.journal.models import Dream
from guild.journal.reading import Reading, read_narrative
from guild.journal.records import OpenDream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.sessions import events
from lounges.sessions.contents import content_commitment
from lounges.sessions.enums import ContributionState, EventType, Extent
from lounges.sessions.errors import Invalid
from lounges.sessions.lending import Passage, words_to_lend
from lounges.sessions.models import Contribution
from lounges.sessions.selectors import lent_of, place_of

OWN_FIELDS = ("title", "text")


@dataclass(frozen=True)
class OldCopy:
    """A lent copy of an earlier revision of a dream, in its dreamer's words.

    `fits` is whether these very words may be lent of the dream as it is now.
    """

    contribution: UUID
    guild: UUID
    session: str
    extent: Extent
    revision: int
    fits: bool
    text: str = field(repr=False)


def old_copies(dreamer: UUID, dream: OpenDream) -> list[OldCopy]:
    """Every copy still lent, in any guild, of an earlier revision of the dream; latest first."""
    with tenant(dreamer=dreamer):
        rows = list(_old_rows(dreamer).filter(dream_id=dream.id))
    return [_copy(row, dream) for row in rows]


def has_old_copies(dreamer: UUID, dream_id: UUID) -> bool:
    """Whether `old_copies` would give any; opens nothing. In the dreamer's tenant."""
    return _old_rows(dreamer).filter(dream_id=dream_id).exists()


def dreams_with_old_copies(dreamer: UUID) -> list[UUID]:
    """The dreams of which `old_copies` would give any, in the dreamer's tenant."""
    return list(dict.fromkeys(_old_rows(dreamer).values_list("dream_id", flat=True)))


def _old_rows(dreamer: UUID) -> QuerySet[Contribution]:
    present = Dream.objects.filter(dreamer_id=dreamer, pk=OuterRef("dream_id")).values("revision")
    mine = Contribution.objects.filter(dreamer_id=dreamer, dream_revision__lt=Subquery(present))
    return mine.exclude(state=ContributionState.WITHDRAWN).order_by("-lent_at", "id")


def _copy(row: Contribution, dream: OpenDream) -> OldCopy:
    with tenant(guild=row.guild_id, dreamer=row.dreamer_id):
        ((_, words),) = open_own([lent_of(row, fields=OWN_FIELDS)])
        text = words["text"].decode()
        return OldCopy(
            contribution=row.pk,
            guild=row.guild_id,
            session=row.session.title,
            extent=Extent(row.extent),
            revision=row.revision,
            fits=_fits(Extent(row.extent), text, dream),
            text=text,
        )


def _fits(extent: Extent, text: str, dream: OpenDream) -> bool:
    if extent is not Extent.EXCERPT:
        return extent is Extent.RETOLD
    try:
        words_to_lend(Passage(extent, text), narrative=dream.narrative)
    except Invalid:
        return False
    return True


@transaction.atomic
def rectify(*, by: UUID, contribution: UUID, words: str = "") -> bool:
    """Make a lent copy say what the dream says now; `words` is the passage, unless the whole dream is lent.

    The copy is sealed anew under its own key at its next revision, the ledger holds what stands for the new
    content, and whoever it had reached is told. Whether anything in it changed: a copy that says the same
    already, or is corrected already, stays as it is. Dreamscapes made of the old one stay, and say so.

    Raises NoSuchConsent (a 404) for anybody else's and for one that was withdrawn, Http404 where the dream is
    no longer in the journal, and Invalid for words that cannot be lent.
    """
    row = _own(by, contribution)
    with tenant(guild=row.guild_id, dreamer=by):
        dream = journal.dream_for(by, row.dream_id)
        passage = words_to_lend(Passage(Extent(row.extent), words), narrative=dream.narrative)
        reading = _reading_of(passage, dream)
        ledger.hold(guild=row.guild_id)
        session = events.lock(row.session_id)
        held = _own(by, contribution)
        if held.dream_revision >= dream.revision:
            return False
        changed = _seal_anew(held, dream, words=passage, reading=reading)
        if changed:
            _tell(held)
            if held.is_lent:
                events.publish(session=session, type=EventType.DREAM_RESTATED, data={"id": held.pk})
        return changed


def _own(dreamer: UUID, contribution: UUID) -> Contribution:
    with tenant(dreamer=dreamer):
        mine = Contribution.objects.filter(dreamer_id=dreamer, pk=contribution)
        row = mine.exclude(state=ContributionState.WITHDRAWN).first()
    if row is None:
        raise NoSuchConsent("You have lent no such dream.")
    return row


def _reading_of(words: str, dream: OpenDream) -> Reading:
    try:
        return read_narrative(words, dream.emotions)
    except EmptyText:
        raise Invalid("excerpt", "There is nothing to read in this; write something first.") from None


def _seal_anew(row: Contribution, dream: OpenDream, *, words: str, reading: Reading) -> bool:
    """Write the copy's next revision; False, and nothing but the dream's revision, if it says the same."""
    opener = vault.opener(row.key_id)
    before = content_commitment(row, opener=opener)
    title = dream.title if row.extent == Extent.WHOLE else ""
    row.dream_revision, row.revision = dream.revision, row.revision + 1
    contents: Mapping[str, str | bytes] = {"title": title, "text": words, "reading": reading.to_bytes()}
    for name, content in contents.items():
        setattr(row, f"{name}_sealed", opener.seal(content, place_of(row, name)))
    if content_commitment(row, opener=opener) == before:
        Contribution.objects.filter(pk=row.pk).update(dream_revision=dream.revision)
        return False
    row.save(update_fields=["dream_revision", "revision", "title_sealed", "text_sealed", "reading_sealed"])
    return True


def _tell(row: Contribution) -> None:
    """The leaf, and a notice to everybody whom the copy had reached."""
    subject = subject_for(row.dreamer_id, row.pk)
    leaf = ledger.append(
        guild=row.guild_id,
        kind=LeafKind.DREAM_RECTIFIED,
        actor=Membership.objects.values_list("pseudonym", flat=True).get(pk=row.membership_id),
        subjects=[subject.commitment],
        detail={
            "session": row.session_id,
            "revision": row.revision,
            "content": content_commitment(row),
        },
    )
    recipients.tell(subject, recipients.of(subject), what=Told.RECTIFIED, at=leaf.at)
