"""Offering a ritual, taking one up, and what its terms ask of every later version."""

from django.db import transaction
from django.utils import timezone

from colonies.exchange import selectors
from colonies.exchange.enums import Terms
from colonies.exchange.models import Adoption, Offer
from colonies.rituals import writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.recording import record
from colonies.rituals.selectors import newest_of, resource_of
from colonies.rituals.texts import RitualText, credited
from colonies.rituals.wording import optional_text
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

LONGEST_WORD = 1_000


@transaction.atomic
def offer(*, by: Membership, ritual: Ritual, terms: str, word: str = "") -> Offer:
    """Offers a ritual to the colonies of the guild. Raises Denied, Invalid, NotNow.

    What was taken up unchanged is given on unchanged.
    """
    decision = require(actor=by, action=Action.OFFER_RITUAL, resource=resource_of(ritual.colony))
    if terms not in Terms.values:
        raise Invalid("terms", "Choose on which terms it is given on.")
    said = optional_text(word, field="word", longest=LONGEST_WORD)
    ledger.hold(guild=by.guild_id)
    came = selectors.adoption_of(ritual)
    if came is not None and came.terms == Terms.UNCHANGED and terms != Terms.UNCHANGED:
        raise Invalid("terms", "You have it on the terms that it stays unchanged: give it on as it is.")
    if ritual.is_at_rest or selectors.offer_of(ritual) is not None:
        raise NotNow("This ritual is at rest, or offered already.")
    row = Offer.objects.create(guild_id=by.guild_id, ritual=ritual, offered_by=by, terms=terms, word=said)
    detail = {"terms": str(terms)}
    record(LeafKind.RITUAL_OFFERED, by=by, decision=decision, subjects=(ritual.pk, row.pk), detail=detail)
    return row


@transaction.atomic
def withdraw(*, by: Membership, row: Offer) -> None:
    """The offer stands no more; whoever has taken the ritual up keeps it, and its lineage. Raises Denied."""
    decision = require(actor=by, action=Action.OFFER_RITUAL, resource=resource_of(row.ritual.colony))
    ledger.hold(guild=by.guild_id)
    standing = Offer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now()):
        subjects = (row.ritual_id, row.pk)
        record(LeafKind.RITUAL_OFFER_WITHDRAWN, by=by, decision=decision, subjects=subjects)


@transaction.atomic
def adopt(*, by: Membership, row: Offer, colony: Colony) -> Ritual:
    """Takes an offered ritual up in a colony that `by` leads: its newest words, with its credit.

    Raises Denied; NotNow for an offer that stands no more, and for a ritual that the colony has already.
    """
    decision = require(actor=by, action=Action.ADOPT_RITUAL, resource=resource_of(colony))
    ledger.hold(guild=by.guild_id)
    if not Offer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None).exists():
        raise NotNow("This offer was withdrawn meanwhile.")
    source = row.ritual
    taken = Adoption.objects.filter(
        guild_id=by.guild_id, source_id=source.pk, ritual__colony_id=colony.pk, ritual__rested_at=None
    )
    if source.colony_id == colony.pk or taken.exists():
        raise NotNow("This colony keeps this ritual already.")
    version = newest_of(source)
    text = credited(version.text, otherwise=source.colony.name)
    ritual = writing.write(by=by, colony=colony, text=text)
    Adoption.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        source=source,
        source_version=version.number,
        credit=text.credit,
        terms=row.terms,
    )
    detail = {"terms": row.terms, "version": version.number}
    subjects = (ritual.pk, source.pk)
    record(LeafKind.RITUAL_ADOPTED, by=by, decision=decision, subjects=subjects, detail=detail)
    return ritual


def keep_terms(*, ritual: Ritual, text: RitualText, note: str) -> None:
    """Asked before every new version: what was taken up keeps its credit, and the terms it came on.

    Raises Invalid.
    """
    came = selectors.adoption_of(ritual)
    if came is None:
        return
    if came.terms == Terms.UNCHANGED:
        raise Invalid("title", f"{came.source.colony.name} gave this ritual so that it stays as it is.")
    if came.credit not in text.credit:
        raise Invalid("credit", f"Keep the credit that it came with: {came.credit}.")
    if not note.strip():
        raise Invalid("note", "Say what you changed and why: that is the term on which it was given.")
