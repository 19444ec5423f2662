"""Asking for a ritual that is given by request, and answering."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from colonies.exchange import announcing, selectors
from colonies.exchange.enums import GIVEN_ON, Answer
from colonies.exchange.models import Asking, Offer
from colonies.exchange.services import LONGEST_WORD, check_given_on
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony
from colonies.rituals.recording import record
from colonies.rituals.selectors import resource_of
from colonies.rituals.wording import optional_text
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership


@transaction.atomic
def ask(*, by: Membership, row: Offer, colony: Colony, word: str = "") -> Asking:
    """Asks for a ritual in the name of a colony that `by` leads. Raises Denied, Invalid, NotNow."""
    resource = resource_of(colony)
    decision = require(actor=by, action=Action.ADOPT_RITUAL, resource=resource, giver="")
    said = optional_text(word, field="word", longest=LONGEST_WORD)
    ledger.hold(guild=by.guild_id)
    standing = Offer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None)
    if not row.is_by_request or not standing.exists():
        raise NotNow("This ritual is not given by request, or not any more.")
    if row.ritual.colony_id == colony.pk:
        raise NotNow("This colony keeps this ritual already.")
    try:
        with transaction.atomic():
            asking = Asking.objects.create(
                guild_id=by.guild_id, offer=row, colony=colony, asked_by=by, word=said
            )
    except IntegrityError:
        raise NotNow("This colony has asked for it before.") from None
    subjects = (row.ritual_id, asking.pk, colony.pk)
    record(LeafKind.RITUAL_ASKED_FOR, by=by, decision=decision, subjects=subjects)
    announcing.asked(asking, guild=by.guild)
    return asking


@transaction.atomic
def answer(*, by: Membership, asking: Asking, terms: str, reply: str = "") -> None:
    """Gives the ritual to those who asked, on `terms`, or declines, for "".

    Raises Denied, Invalid, NotNow.
    """
    ritual = asking.offer.ritual
    decision = require(
        actor=by, action=Action.OFFER_RITUAL, resource=resource_of(ritual.colony), beyond=False
    )
    if terms and terms not in GIVEN_ON:
        raise Invalid("terms", "Choose on which terms you give it, or decline.")
    said = optional_text(reply, field="reply", longest=LONGEST_WORD)
    if terms:
        check_given_on(selectors.origin_of(ritual), terms=terms)
    ledger.hold(guild=by.guild_id)
    given = Answer.GIVEN if terms else Answer.DECLINED
    if not _waiting(asking).update(answer=given, terms=terms, reply=said, answered_at=timezone.now()):
        raise NotNow("This was answered, or taken back, meanwhile.")
    subjects = (asking.offer.ritual_id, asking.pk, asking.colony_id)
    detail = {"answer": str(given), "terms": str(terms)}
    record(LeafKind.RITUAL_ASKING_ANSWERED, by=by, decision=decision, subjects=subjects, detail=detail)
    announcing.answered(asking, guild=by.guild)


@transaction.atomic
def take_back(*, by: Membership, asking: Asking) -> None:
    """A colony asks no more. Raises Denied; twice is once."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=resource_of(asking.colony))
    ledger.hold(guild=by.guild_id)
    if _waiting(asking).update(answer=Answer.TAKEN_BACK, answered_at=timezone.now()):
        subjects = (asking.offer.ritual_id, asking.pk, asking.colony_id)
        detail = {"answer": Answer.TAKEN_BACK.value, "terms": ""}
        record(LeafKind.RITUAL_ASKING_ANSWERED, by=by, decision=decision, subjects=subjects, detail=detail)


def _waiting(asking: Asking) -> QuerySet[Asking]:
    return Asking.objects.filter(guild_id=asking.guild_id, pk=asking.pk, answer=Answer.OPEN)
