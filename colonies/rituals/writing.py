"""Writing what a colony keeps: rituals, their versions and translations; laying to rest and waking."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from colonies.rituals import selectors
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.guards import ask_guards, tell_endings
from colonies.rituals.models import Colony, Ritual, RitualVersion, Translation
from colonies.rituals.recording import record
from colonies.rituals.texts import RitualText, Wording, checked, checked_wording, steps_as_json
from colonies.rituals.wording import optional_text
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from governance.policies.services import Decision, require
from guild.tenancy.models import Membership

LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class Carried:
    """A translation that comes along with a ritual, and the member of this guild who made it, if one did."""

    wording: Wording
    translator: UUID | None = None


@transaction.atomic
def write(*, by: Membership, colony: Colony, text: RitualText) -> Ritual:
    """A new ritual of the colony, at its first version. Raises Denied, Invalid."""
    resource = selectors.resource_of(colony)
    decision = require(actor=by, action=Action.WRITE_RITUAL, resource=resource)
    said = checked(text)
    ledger.hold(guild=by.guild_id)
    ritual = Ritual.objects.create(guild_id=by.guild_id, colony=colony, title=said.title)
    _keep_version(ritual, said, by=by, decision=decision, note="")
    return ritual


@transaction.atomic
def revise(*, by: Membership, ritual: Ritual, text: RitualText, note: str, on: int) -> RitualVersion:
    """A new version, written over version `on`; `note` says what changed and why.

    Raises Denied; NotNow when somebody else wrote a version meanwhile; Invalid, also when nothing changed.
    """
    resource = selectors.resource_of(ritual.colony)
    decision = require(actor=by, action=Action.WRITE_RITUAL, resource=resource)
    said, why = checked(text), optional_text(note, field="note", longest=LONGEST_NOTE)
    ledger.hold(guild=by.guild_id)
    if selectors.newest_of(ritual).text == said:
        raise Invalid("title", "Nothing is changed yet.")
    ask_guards(ritual=ritual, text=said, note=why)
    claimed = Ritual.objects.filter(guild_id=by.guild_id, pk=ritual.pk, version=on)
    if not claimed.update(version=on + 1, title=said.title):
        raise NotNow("Somebody else has written a new version meanwhile: read it, then write yours over it.")
    ritual.version, ritual.title = on + 1, said.title
    return _keep_version(ritual, said, by=by, decision=decision, note=why)


@transaction.atomic
def translate(*, by: Membership, version: RitualVersion, wording: Wording) -> Translation:
    """The version in another language; what stood there in that language before is replaced.

    Raises Denied, Invalid.
    """
    colony = version.ritual.colony
    resource, inside = selectors.resource_of(colony), selectors.belongs(colony, by)
    decision = require(actor=by, action=Action.TRANSLATE_RITUAL, resource=resource, belongs=inside)
    said = checked_wording(wording, of=version.text)
    ledger.hold(guild=by.guild_id)
    row, _ = Translation.objects.update_or_create(
        guild_id=by.guild_id,
        version_id=version.pk,
        language=said.language,
        defaults={
            "translator": by,
            "title": said.title,
            "intention": said.intention,
            "contraindications": said.contraindications,
            "step_texts": list(said.step_texts),
            "made_at": timezone.now(),
        },
    )
    detail = {"language": said.language, "version": version.number}
    subjects = (version.ritual_id, row.pk)
    record(LeafKind.RITUAL_TRANSLATED, by=by, decision=decision, subjects=subjects, detail=detail)
    return row


@transaction.atomic
def carry_over(*, by: Membership, ritual: Ritual, wordings: Iterable[Carried]) -> None:
    """Brings the translations of a ritual along to one that was just written with its words, as `by` whom the
    law has let write it.
    """
    version = selectors.newest_of(ritual)
    Translation.objects.bulk_create(
        Translation(
            guild_id=by.guild_id,
            version=version,
            language=said.language,
            translator_id=carried.translator,
            title=said.title,
            intention=said.intention,
            contraindications=said.contraindications,
            step_texts=list(said.step_texts),
        )
        for carried in wordings
        for said in [checked_wording(carried.wording, of=version.text)]
    )


@transaction.atomic
def lay_to_rest(*, by: Membership, ritual: Ritual) -> None:
    """Ends the keeping of a ritual; its words stay. Raises Denied, NotNow."""
    resource = selectors.resource_of(ritual.colony)
    decision = require(actor=by, action=Action.WRITE_RITUAL, resource=resource)
    ledger.hold(guild=by.guild_id)
    kept = Ritual.objects.filter(guild_id=by.guild_id, pk=ritual.pk, rested_at=None)
    if not kept.update(rested_at=timezone.now()):
        raise NotNow("This ritual is at rest already.")
    tell_endings(guild=by.guild_id, rituals=[ritual.pk])
    record(LeafKind.RITUAL_RESTED, by=by, decision=decision, subjects=(ritual.pk,))


@transaction.atomic
def wake(*, by: Membership, ritual: Ritual) -> None:
    """Takes a ritual up again. Raises Denied, NotNow."""
    resource = selectors.resource_of(ritual.colony)
    decision = require(actor=by, action=Action.WRITE_RITUAL, resource=resource)
    ledger.hold(guild=by.guild_id)
    resting = Ritual.objects.filter(guild_id=by.guild_id, pk=ritual.pk, rested_at__isnull=False)
    if not resting.update(rested_at=None):
        raise NotNow("This ritual is being kept.")
    record(LeafKind.RITUAL_WOKEN, by=by, decision=decision, subjects=(ritual.pk,))


def _keep_version(
    ritual: Ritual, text: RitualText, *, by: Membership, decision: Decision, note: str
) -> RitualVersion:
    version = RitualVersion.objects.create(
        guild_id=by.guild_id,
        ritual=ritual,
        number=ritual.version,
        author=by,
        title=text.title,
        intention=text.intention,
        tradition=text.tradition,
        source=text.source,
        credit=text.credit,
        language=text.language,
        contraindications=text.contraindications,
        steps=steps_as_json(text.steps),
        note=note,
        digest=text.digest,
    )
    detail = {"version": version.number, "text": text.digest}
    subjects = (ritual.colony_id, ritual.pk)
    record(LeafKind.RITUAL_WRITTEN, by=by, decision=decision, subjects=subjects, detail=detail)
    return version
