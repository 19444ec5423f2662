"""Founding, describing and archiving a colony. Call inside the guild's tenant; `by` is the acting member.

Who comes and goes stands in `belonging`, what is kept in `writing`. Order of locks, in all three: the guild's
ledger first (`ledger.hold`), then rows.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from colonies.rituals import selectors
from colonies.rituals.enums import Admission, Part, Standing
from colonies.rituals.errors import Invalid, NotNow
from colonies.rituals.guards import tell_endings
from colonies.rituals.models import Belonging, Colony
from colonies.rituals.recording import record
from colonies.rituals.wording import optional_text, plain_text
from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership

LONGEST_NAME = 80
LONGEST_TRADITION = 300
LONGEST_CHARTER = 4_000


@dataclass(frozen=True)
class About:
    """What a colony says of itself."""

    name: str
    tradition: str = ""
    charter: str = ""
    admission: str = Admission.REQUEST


@transaction.atomic
def found(*, by: Membership, about: About) -> Colony:
    """A new colony, led by whoever founds it. Raises Denied, and Invalid for a name taken, or no name."""
    decision = require(actor=by, action=Action.FOUND_COLONY, resource=entities.guild(by.guild_id))
    said = _checked(about)
    slug = slugify(said.name)[:60]
    if not slug:
        raise Invalid("name", "Give the colony a name with at least one letter or digit from a to z, 0 to 9.")
    ledger.hold(guild=by.guild_id)
    try:
        with transaction.atomic():
            colony = Colony.objects.create(guild_id=by.guild_id, slug=slug, **vars(said))
    except IntegrityError:
        raise Invalid("name", "There is a colony of this name already; choose another name.") from None
    Belonging.objects.create(
        guild_id=by.guild_id,
        colony=colony,
        membership=by,
        part=Part.LEADER,
        standing=Standing.IN,
        joined_at=timezone.now(),
    )
    detail = {"admission": str(said.admission)}
    record(LeafKind.COLONY_FOUNDED, by=by, decision=decision, subjects=(colony.pk,), detail=detail)
    return colony


@transaction.atomic
def change(*, by: Membership, colony: Colony, about: About) -> Colony:
    """What the colony says of itself from now on; its address stays. Raises Denied, Invalid."""
    resource = selectors.resource_of(colony)
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=resource)
    said = _checked(about)
    ledger.hold(guild=by.guild_id)
    changed = [name for name, value in vars(said).items() if getattr(colony, name) != value]
    if not changed:
        return colony
    Colony.objects.filter(guild_id=by.guild_id, pk=colony.pk).update(**vars(said))
    for name, value in vars(said).items():
        setattr(colony, name, value)
    detail = {"changed": sorted(changed), "admission": str(said.admission)}
    record(LeafKind.COLONY_CHANGED, by=by, decision=decision, subjects=(colony.pk,), detail=detail)
    return colony


@transaction.atomic
def archive(*, by: Membership, colony: Colony) -> None:
    """Ends the keeping and keeps the record: everything can still be read. Raises Denied, NotNow."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=selectors.resource_of(colony))
    ledger.hold(guild=by.guild_id)
    kept = Colony.objects.filter(guild_id=by.guild_id, pk=colony.pk, archived_at=None)
    if not kept.update(archived_at=timezone.now()):
        raise NotNow("This colony is archived already.")
    tell_endings(guild=by.guild_id, rituals=[ritual.pk for ritual in selectors.rituals_of(colony)])
    record(LeafKind.COLONY_ARCHIVED, by=by, decision=decision, subjects=(colony.pk,))


@transaction.atomic
def reopen(*, by: Membership, colony: Colony) -> None:
    """Takes an archived colony up again. Raises Denied, NotNow."""
    decision = require(actor=by, action=Action.LEAD_COLONY, resource=selectors.resource_of(colony))
    ledger.hold(guild=by.guild_id)
    archived = Colony.objects.filter(guild_id=by.guild_id, pk=colony.pk, archived_at__isnull=False)
    if not archived.update(archived_at=None):
        raise NotNow("This colony is not archived.")
    record(LeafKind.COLONY_REOPENED, by=by, decision=decision, subjects=(colony.pk,))


def _checked(about: About) -> About:
    if about.admission not in Admission.values:
        raise Invalid("admission", "Choose how one comes in.")
    return About(
        name=plain_text(about.name, field="name", longest=LONGEST_NAME),
        tradition=optional_text(about.tradition, field="tradition", longest=LONGEST_TRADITION),
        charter=optional_text(about.charter, field="charter", longest=LONGEST_CHARTER),
        admission=str(about.admission),
    )
