"""An experience that is approved because the guild voted so."""

from collections.abc import Sequence
from uuid import UUID

from governance.deliberation.enums import Kind
from governance.deliberation.outcomes import Change, Document, Hand, OutcomeRefused, register
from governance.deliberation.selectors import opened_at_leaf
from governance.policies.errors import Denied
from guild.tenancy.models import Guild
from lounges.experiences import services
from lounges.experiences.enums import VersionState
from lounges.experiences.errors import NotNow
from lounges.experiences.models import ExperienceVersion

TITLE = "Approved experiences"


def check(guild: Guild, document: Document) -> None:
    """Raises OutcomeRefused unless the experience has a version that can be approved as things are now."""
    if _read(guild, document).state == VersionState.DRAFT:
        raise OutcomeRefused("experience", "Its newest version is a draft: open it to be tried first.")


def changes(guild: Guild, document: Document, reference: UUID) -> Sequence[Change]:
    """What could be used afterwards: once voting has opened, the version that was the newest then."""
    version = _read(guild, document, before=opened_at_leaf(guild.pk, reference))
    name = f"{version.experience.name}, version {version.number}"
    return [Change(TITLE, "", f"{name}, may be used in sessions")]


def enact(*, guild: Guild, document: Document, reference: UUID) -> None:
    """Approve it in the name of the guild, under the id of the proposal; no version but that voted on."""
    newest = _read(guild, document)
    if newest != _read(guild, document, before=opened_at_leaf(guild.pk, reference)):
        raise OutcomeRefused(
            "experience", "Another version was written since voting opened, and nobody voted on that one."
        )
    try:
        services.approve_by_vote(guild=guild, experience=newest.experience_id, reference=reference)
    except (NotNow, Denied) as refusal:
        raise OutcomeRefused("experience", str(refusal)) from refusal


def _read(guild: Guild, document: Document, *, before: int | None = None) -> ExperienceVersion:
    """The newest version, or that which was the newest before a leaf."""
    if set(document) != {"experience"}:
        raise OutcomeRefused("document", "An approval names an experience, and nothing else.")
    try:
        identity = UUID(str(document["experience"]))
    except ValueError as error:
        raise OutcomeRefused("experience", "An approval names an experience by its id.") from error
    rows = ExperienceVersion.objects.filter(guild_id=guild.pk, experience_id=identity)
    if before is not None:
        rows = rows.filter(leaf__lt=before)
    version = rows.select_related("experience").order_by("number").last()
    if version is None:
        raise OutcomeRefused("experience", "There is no such experience in this guild.")
    return version


HAND = Hand(check=check, changes=changes, enact=enact)


def register_hand() -> None:
    """Called once, when the process starts."""
    register(Kind.EXPERIENCE, HAND)
