"""An office that changes hands because the guild voted so."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.deliberation.enums import Kind
from governance.deliberation.outcomes import Change, Document, Hand, OutcomeRefused, register
from governance.offices import services as offices
from governance.offices.errors import OfficeRefused
from governance.offices.selectors import is_suspended
from governance.policies.errors import Denied
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership

GIVE, TAKE = "appoint", "dismiss"


@dataclass(frozen=True)
class _Appointment:
    """What a document says: who, which office, and whether it is given or taken."""

    act: str
    member: Membership
    office: Office


def check(guild: Guild, document: Document) -> None:
    """Raises OutcomeRefused unless the office can change hands as things are now."""
    said = _read(guild, document)
    holds = said.office.value in said.member.offices
    if said.act == TAKE and not holds:
        raise OutcomeRefused("office", f"{said.member.display_name} does not hold this office.")
    if said.act == GIVE and is_suspended(said.member.dreamer_id, guild=guild.pk, office=said.office):
        raise OutcomeRefused(
            "office", "A ruling suspended this office for them: two enforcers can lift that."
        )


def changes(guild: Guild, document: Document, reference: UUID) -> Sequence[Change]:
    """Who would hold it, or hold it no longer."""
    said = _read(guild, document)
    name, title = said.member.display_name, str(said.office.label)
    if said.act == GIVE:
        return [Change(title, "", f"{name} holds it")]
    return [Change(title, f"{name} holds it", f"{name} holds it no longer")]


def enact(*, guild: Guild, document: Document, reference: UUID) -> None:
    """Let the office change hands, under the id of the proposal."""
    said = _read(guild, document)
    act = offices.appoint_by_vote if said.act == GIVE else offices.dismiss_by_vote
    try:
        act(guild=guild, member=said.member, office=said.office, reference=reference)
    except (OfficeRefused, Denied) as refusal:
        raise OutcomeRefused("office", str(refusal)) from refusal


def _read(guild: Guild, document: Document) -> _Appointment:
    if set(document) != {"act", "member", "office"} or document["act"] not in (GIVE, TAKE):
        raise OutcomeRefused("document", "An appointment names an act, a member and an office.")
    try:
        office, identity = Office(document["office"]), UUID(str(document["member"]))
    except ValueError as error:
        raise OutcomeRefused("document", "An appointment names a member by id, and an office.") from error
    if office is Office.DREAMER:
        raise OutcomeRefused("office", "Dreaming is nobody's to give or to take.")
    rows = Membership.objects.filter(guild_id=guild.pk, pk=identity, ended_at=None)
    member = rows.select_related("guild").first()
    if member is None:
        raise OutcomeRefused("member", "There is no such member in this guild any more.")
    return _Appointment(str(document["act"]), member, office)


HAND = Hand(check=check, changes=changes, enact=enact)


def register_hand() -> None:
    """Called once, when the process starts."""
    register(Kind.APPOINTMENT, HAND)
