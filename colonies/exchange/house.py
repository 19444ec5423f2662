"""Exchange between guilds of one house: what is offered beyond, a copy that is taken up, a letter back.

The offer is the only row that crosses, and it holds all that the other guild needs; nothing is fetched from
behind its guild's wall later on. Its digest stands in the ledger of the guild that offers and in that of each
guild that takes it up, so that anybody can tell from the public logs that both hold the same words.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from colonies.exchange import selectors
from colonies.exchange.enums import GIVEN_ON, WordKind
from colonies.exchange.house_models import HouseAdoption, HouseOffer, Letter
from colonies.exchange.lineages import trail_of
from colonies.exchange.services import LONGEST_STORY, LONGEST_WORD, check_given_on
from colonies.rituals import writing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.models import Colony, Ritual
from colonies.rituals.recording import record
from colonies.rituals.selectors import newest_of, resource_of, translations_of
from colonies.rituals.texts import RitualText, Wording, credited, steps_as_json, steps_from_json
from colonies.rituals.wording import optional_text, plain_text
from colonies.rituals.writing import Carried
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import require
from guild.tenancy.enums import Reach
from guild.tenancy.models import Guild, Membership

FORMAT = "dreamscape-ritual/1"
Json = dict[str, Any]


def house_offers_for(membership: Membership) -> list[HouseOffer]:
    """What other guilds of the house offer to this one, newest first; nothing where its own policy does not
    let it take anything up from there. Raises Denied.
    """
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    law = law_of(membership.guild)
    if law.exchange_reach != Reach.HOUSE:
        return []
    rows = HouseOffer.objects.filter(withdrawn_at=None).exclude(guild_id=membership.guild_id)
    if law.exchange_partners:
        rows = rows.filter(guild_id__in=law.exchange_partners)
    return list(rows)


def house_offer_for(membership: Membership, offer_id: UUID) -> HouseOffer:
    """One of them. Raises Http404, Denied."""
    found = next((row for row in house_offers_for(membership) if row.pk == offer_id), None)
    if found is None:
        raise Http404("There is no such offer to this guild, or it was withdrawn.")
    return found


def house_offer_of(ritual: Ritual) -> HouseOffer | None:
    """The offer of a ritual to other guilds that stands."""
    rows = HouseOffer.objects.filter(guild_id=ritual.guild_id, ritual_id=ritual.pk, withdrawn_at=None)
    return rows.first()


def letters_about(ritual: Ritual) -> list[Letter]:
    """What came back from other guilds about a ritual that was offered to them, and what was sent to one that
    it was taken up from; newest first.
    """
    of = {"guild_id": ritual.guild_id, "ritual_id": ritual.pk}
    offered = HouseOffer.objects.filter(**of).values_list("pk", flat=True)
    taken = HouseAdoption.objects.filter(**of).values_list("offer_id", flat=True)
    came = Letter.objects.filter(to_guild=ritual.guild_id, offer_id__in=list(offered))
    sent = Letter.objects.filter(guild_id=ritual.guild_id, offer_id__in=list(taken))
    return sorted([*came, *sent], key=lambda letter: letter.sent_at, reverse=True)


@transaction.atomic
def offer_beyond(*, by: Membership, ritual: Ritual, terms: str, word: str = "") -> HouseOffer:
    """Offers a ritual, as it is now, to the guilds that the policy of this one names. Raises Denied, Invalid,
    NotNow.
    """
    resource = resource_of(ritual.colony)
    decision = require(actor=by, action=Action.OFFER_RITUAL, resource=resource, beyond=True)
    if terms not in GIVEN_ON:
        raise Invalid("terms", "Choose on which terms it is given to other guilds.")
    said = optional_text(word, field="word", longest=LONGEST_WORD)
    ledger.hold(guild=by.guild_id)
    check_given_on(selectors.origin_of(ritual), terms=terms)
    if ritual.is_at_rest or house_offer_of(ritual) is not None:
        raise NotNow("This ritual is at rest, or offered to other guilds already.")
    document = document_of(ritual, home=by.guild, terms=terms, word=said)
    row = HouseOffer.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        readers=list(law_of(by.guild).exchange_partners),
        document=document,
        digest=digest_of(document),
        terms=terms,
    )
    detail = {"terms": str(terms), "offer": row.digest}
    subjects = (ritual.pk, row.pk)
    record(LeafKind.RITUAL_OFFERED_BEYOND, by=by, decision=decision, subjects=subjects, detail=detail)
    return row


@transaction.atomic
def withhold(*, by: Membership, row: HouseOffer) -> None:
    """No other guild sees the offer any more; who has taken it up keeps their copy. Raises Denied."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=resource_of(row.ritual.colony))
    ledger.hold(guild=by.guild_id)
    standing = HouseOffer.objects.filter(guild_id=by.guild_id, pk=row.pk, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now()):
        record(LeafKind.RITUAL_WITHHELD, by=by, decision=decision, subjects=(row.ritual_id, row.pk))


def follow_policy(guild: Guild) -> None:
    """What is offered beyond is for whom the policy names now, and for nobody where it names nobody.

    Called in the transaction that set the policy; that leaf says all of it.
    """
    standing = HouseOffer.objects.filter(guild_id=guild.pk, withdrawn_at=None)
    law = law_of(guild)
    if law.exchange_reach == Reach.HOUSE:
        standing.update(readers=list(law.exchange_partners))
    else:
        standing.update(withdrawn_at=timezone.now())


def end_offers(*, guild: UUID, rituals: Collection[UUID]) -> None:
    """What is kept no more is offered to no other guild. Called in the transaction that ended it, whose leaf
    says so.
    """
    standing = HouseOffer.objects.filter(guild_id=guild, ritual_id__in=rituals, withdrawn_at=None)
    standing.update(withdrawn_at=timezone.now())


@transaction.atomic
def adopt_from_house(*, by: Membership, row: HouseOffer, colony: Colony) -> Ritual:
    """Takes up what another guild offers, in a colony that `by` leads, with its languages and its lineage.

    Raises Denied; NotNow for an offer that stands no more or is not what its digest says, and for a ritual
    that the colony has already.
    """
    resource = resource_of(colony)
    decision = require(actor=by, action=Action.ADOPT_RITUAL, resource=resource, giver=str(row.guild_id))
    ledger.hold(guild=by.guild_id)
    if not HouseOffer.objects.filter(pk=row.pk, withdrawn_at=None).exists():
        raise NotNow("This offer was withdrawn meanwhile.")
    if digest_of(row.document) != row.digest:
        raise NotNow("This offer is not what it says it is, so it cannot be taken up: tell an enforcer.")
    taken = HouseAdoption.objects.filter(
        guild_id=by.guild_id, offer_id=row.pk, ritual__colony_id=colony.pk, ritual__rested_at=None
    )
    if taken.exists():
        raise NotNow("This colony keeps this ritual already.")
    text, wordings = read(row.document)
    ritual = writing.write(by=by, colony=colony, text=text)
    writing.carry_over(by=by, ritual=ritual, wordings=wordings)
    HouseAdoption.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        offer_id=row.pk,
        giver=row.guild_id,
        document=row.document,
        digest=row.digest,
        terms=row.terms,
        credit=text.credit,
    )
    detail = {"terms": row.terms, "giver": str(row.guild_id), "offer": row.digest}
    record(LeafKind.RITUAL_ADOPTED, by=by, decision=decision, subjects=(ritual.pk, row.pk), detail=detail)
    return ritual


@transaction.atomic
def write_back(*, by: Membership, adoption: HouseAdoption, kind: str, text: str) -> Letter:
    """Sends thanks or a story to the guild that a ritual came from, in the name of the colony.

    Raises Denied, Invalid.
    """
    colony = adoption.ritual.colony
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=resource_of(colony))
    if kind not in WordKind.values:
        raise Invalid("kind", "Choose whether these are thanks or a story.")
    said = plain_text(text, field="text", longest=LONGEST_STORY)
    ledger.hold(guild=by.guild_id)
    row = Letter.objects.create(
        guild_id=by.guild_id,
        to_guild=adoption.giver,
        offer_id=adoption.offer_id,
        kind=kind,
        sender=f"{colony.name}, {by.guild.name}",
        text=said,
    )
    detail = {"kind": str(kind), "to": str(adoption.giver)}
    subjects = (adoption.ritual_id, adoption.offer_id, row.pk)
    record(LeafKind.RITUAL_SPOKEN_OF, by=by, decision=decision, subjects=subjects, detail=detail)
    return row


def document_of(ritual: Ritual, *, home: Guild, terms: str, word: str) -> Json:
    """Everything about a ritual that leaves its guild, and nothing else."""
    version = newest_of(ritual)
    text = credited(version.text, otherwise=f"{ritual.colony.name}, {home.name}")
    return {
        "format": FORMAT,
        "guild": {"id": str(home.pk), "name": home.name},
        "colony": ritual.colony.name,
        "version": version.number,
        "terms": str(terms),
        "word": word,
        "text": vars(text) | {"steps": steps_as_json(text.steps)},
        "translations": [
            asdict(one.wording) | {"step_texts": one.step_texts} for one in translations_of(version)
        ],
        "trail": trail_of(ritual, guild_name=home.name),
    }


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over a document in a fixed form: sorted keys, no spaces, UTF-8."""
    spelt = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelt.encode()).hexdigest()


def read(document: Mapping[str, Any]) -> tuple[RitualText, list[Carried]]:
    """The words of a document, and its translations."""
    words = document["text"]
    text = RitualText(**{**words, "steps": steps_from_json(words["steps"])})
    wordings = [
        Carried(Wording(**{**one, "step_texts": tuple(one["step_texts"])}))
        for one in document["translations"]
    ]
    return text, wordings
