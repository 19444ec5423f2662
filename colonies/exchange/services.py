"""Offering a ritual, taking one up, and what its terms ask of every later version."""

from django.db import transaction
from django.utils import timezone

from colonies.exchange import announcing, selectors
from colonies.exchange.enums import GIVEN_ON, Answer, Terms
from colonies.exchange.models import Adoption, Asking, Offer, Word
from colonies.exchange.selectors import Origin
from colonies.rituals import writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.recording import record
from colonies.rituals.selectors import belongs, newest_of, resource_of, translations_of
from colonies.rituals.texts import RitualText, credited
from colonies.rituals.wording import optional_text, plain_text
from colonies.rituals.writing import Carried
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

LONGEST_WORD = 1_000
LONGEST_STORY = 2_000


@transaction.atomic
def offer(*, by: Membership, ritual: Ritual, terms: str, word: str = "") -> Offer:
    """Offers a ritual to the colonies of the guild, on terms no freer than those it came on.

    Raises Denied, Invalid, NotNow.
    """
    resource = resource_of(ritual.colony)
    decision = require(actor=by, action=Action.OFFER_RITUAL, resource=resource, beyond=False)
    if terms not in Terms.values:
        raise Invalid("terms", "Choose on which terms it is given on.")
    said = optional_text(word, field="word", longest=LONGEST_WORD)
    ledger.hold(guild=by.guild_id)
    check_given_on(selectors.origin_of(ritual), terms=terms)
    if ritual.is_at_rest or selectors.offer_of(ritual) is not None:
        raise NotNow("This ritual is at rest, or offered already.")
    row = Offer.objects.create(guild_id=by.guild_id, ritual=ritual, offered_by=by, terms=terms, word=said)
    detail = {"terms": str(terms)}
    record(LeafKind.RITUAL_OFFERED, by=by, decision=decision, subjects=(ritual.pk, row.pk), detail=detail)
    return row


def check_given_on(origin: Origin | None, *, terms: str) -> None:
    """Raises NotNow for what came by request, and Invalid for terms that are freer than those it came on."""
    if origin is None:
        return
    if origin.by_request:
        raise NotNow(f"{origin.giver} gives this ritual by request: whoever wants it asks there.")
    if terms in GIVEN_ON and GIVEN_ON.index(Terms(terms)) < GIVEN_ON.index(Terms(origin.terms)):
        label = Terms(origin.terms).label
        raise Invalid("terms", f"{origin.giver} gave it on these terms: {label}. Give it on no more freely.")


@transaction.atomic
def withdraw(*, by: Membership, row: Offer) -> None:
    """The offer stands no more; whoever has taken the ritual up keeps it, and its lineage. Raises Denied."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=resource_of(row.ritual.colony))
    ledger.hold(guild=by.guild_id)
    standing = Offer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now()):
        subjects = (row.ritual_id, row.pk)
        record(LeafKind.RITUAL_OFFER_WITHDRAWN, by=by, decision=decision, subjects=subjects)


@transaction.atomic
def adopt(*, by: Membership, row: Offer, colony: Colony) -> Ritual:
    """Takes an offered ritual up in a colony that `by` leads: its newest words in all its languages, with its
    credit. What is given by request is given on the terms of the answer.

    Raises Denied; NotNow for an offer that stands no more, for a ritual that the colony has already, and for
    one that was not given to it yet.
    """
    resource = resource_of(colony)
    decision = require(actor=by, action=Action.ADOPT_RITUAL, resource=resource, giver="")
    ledger.hold(guild=by.guild_id)
    if not Offer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None).exists():
        raise NotNow("This offer was withdrawn meanwhile.")
    source, terms = row.ritual, _terms_for(row, colony)
    taken = Adoption.objects.filter(
        guild_id=by.guild_id, source_id=source.pk, ritual__colony_id=colony.pk, ritual__rested_at=None
    )
    if source.colony_id == colony.pk or taken.exists():
        raise NotNow("This colony keeps this ritual already.")
    version = newest_of(source)
    text = credited(version.text, otherwise=source.colony.name)
    ritual = writing.write(by=by, colony=colony, text=text)
    carried = [Carried(one.wording, one.translator_id) for one in translations_of(version)]
    writing.carry_over(by=by, ritual=ritual, wordings=carried)
    Adoption.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        source=source,
        source_version=version.number,
        credit=text.credit,
        terms=terms,
        by_request=row.is_by_request,
    )
    detail = {"terms": str(terms), "version": version.number}
    subjects = (ritual.pk, source.pk)
    record(LeafKind.RITUAL_ADOPTED, by=by, decision=decision, subjects=subjects, detail=detail)
    return ritual


def _terms_for(row: Offer, colony: Colony) -> str:
    if not row.is_by_request:
        return row.terms
    given = Asking.objects.filter(
        guild_id=row.guild_id, offer_id=row.pk, colony_id=colony.pk, answer=Answer.GIVEN
    ).first()
    if given is None:
        raise NotNow(f"{row.ritual.colony.name} gives this ritual by request: ask first, and wait for a yes.")
    return given.terms


@transaction.atomic
def speak(*, by: Membership, adoption: Adoption, kind: str, text: str) -> Word:
    """Sends thanks or a story back to those a ritual was learnt from. Raises Denied, Invalid."""
    colony = adoption.ritual.colony
    inside, resource = belongs(colony, by), resource_of(colony)
    decision = require(actor=by, action=Action.SPEAK_OF_RITUAL, resource=resource, belongs=inside)
    if kind not in dict(Word._meta.get_field("kind").flatchoices):
        raise Invalid("kind", "Choose whether these are thanks or a story.")
    said = plain_text(text, field="text", longest=LONGEST_STORY)
    ledger.hold(guild=by.guild_id)
    row = Word.objects.create(guild_id=by.guild_id, adoption=adoption, kind=kind, text=said, author=by)
    subjects = (adoption.ritual_id, adoption.source_id, row.pk)
    record(LeafKind.RITUAL_SPOKEN_OF, by=by, decision=decision, subjects=subjects, detail={"kind": str(kind)})
    announcing.spoken_of(row, guild=by.guild)
    return row


@transaction.atomic
def unsay(*, by: Membership, word: Word) -> None:
    """Takes back a word of one's own; nobody's permission is needed for it."""
    Word.objects.filter(guild_id=by.guild_id, pk=word.pk, author_id=by.pk).delete()


def keep_terms(*, ritual: Ritual, text: RitualText, note: str) -> None:
    """Asked before every new version: what was taken up keeps its credit, and the terms it came on.

    Raises Invalid.
    """
    came = selectors.origin_of(ritual)
    if came is None:
        return
    if came.terms == Terms.UNCHANGED:
        raise Invalid("title", f"{came.giver} gave this ritual so that it stays as it is.")
    if came.credit not in text.credit:
        raise Invalid("credit", f"Keep the credit that it came with: {came.credit}.")
    if came.terms == Terms.LINEAGE and not note.strip():
        raise Invalid("note", "Say what you changed and why: that is the term on which it was given.")
