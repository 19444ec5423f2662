"""Every read of this room: one's own records and archives, and 404s or an error for anything else."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from governance.consent.models import Subject
from guild.dreamers.models import Dreamer
from guild.journal.models import Dream, DreamRevision
from guild.journal.records import OpenDream
from guild.journal.selectors import dream_rows_of, import_terms_for, opened
from guild.portal.rights.bringing import ArchivePlan, read_archive
from guild.portal.rights.enums import Extent, Right
from guild.portal.rights.errors import ArchiveGone
from guild.portal.rights.models import STAGED_FOR, RightsRecord, StagedArchive
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of, memberships_of
from guild.vault import services as vault
from guild.vault.places import Place
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Association, Contribution
from lounges.sessions.rectifying import dreams_with_old_copies

RECENT, MOST_OUTDATED = 10, 20


def place_of(row: StagedArchive) -> Place:
    """Where a sealed archive belongs."""
    return Place("rights_staged_archive.archive", row=row.pk, owner=row.dreamer_id)


def staged_archive_for(dreamer: Dreamer, staged_id: UUID) -> tuple[StagedArchive, ArchivePlan]:
    """A staged archive, held until the transaction ends, and what it would bring as things stand now.

    Raises ArchiveGone for one that is finished, expired or somebody else's.
    """
    held = StagedArchive.objects.select_for_update().filter(dreamer_id=dreamer.pk, pk=staged_id)
    row = held.filter(staged_at__gt=timezone.now() - STAGED_FOR).first()
    if row is None:
        raise ArchiveGone
    data = vault.open_bytes(key_id=row.key_id, sealed=bytes(row.archive_sealed), place=place_of(row))
    return row, read_archive(data, terms=import_terms_for(dreamer), now=timezone.now())


def lent_by(dreamer: UUID, *, dream_id: UUID | None = None) -> list[Contribution]:
    """Every copy that is lent still, in any guild, or those of one dream; in the dreamer's tenant."""
    mine = Contribution.objects.filter(dreamer_id=dreamer).exclude(state=ContributionState.WITHDRAWN)
    rows = mine if dream_id is None else mine.filter(dream_id=dream_id)
    return list(rows.order_by("guild_id", "lent_at", "id"))


def paused_copies(dreamer: UUID) -> list[Contribution]:
    """What the last pause set aside, and is lent still; none where no pause goes on, and nothing that was let
    go since and set aside anew.
    """
    records = RightsRecord.objects.filter(dreamer_id=dreamer)
    lifted = records.filter(right=Right.RESUMPTION).values_list("at", flat=True).first()
    pauses = records.filter(right=Right.RESTRICTION)
    since = pauses if lifted is None else pauses.filter(at__gt=lifted)
    rows = since.order_by("at").values_list("at", "detail")
    paused = {copy: at for at, detail in rows for copy in detail["copies"]}
    aside = Subject.objects.filter(dreamer_id=dreamer, withdrawn_at=None, restricted_at__isnull=False)
    held = {
        contribution
        for contribution, at in aside.values_list("contribution", "restricted_at")
        if at is not None and str(contribution) in paused and at <= paused[str(contribution)]
    }
    return [row for row in lent_by(dreamer) if row.pk in held]


def records_of(dreamer: UUID) -> list[RightsRecord]:
    """The rights used last, newest first."""
    return list(RightsRecord.objects.filter(dreamer_id=dreamer)[:RECENT])


def certificate_for(dreamer: UUID, record_id: UUID) -> RightsRecord:
    """A record with a certificate. Raises Http404 for anybody else's, and for one without."""
    record = RightsRecord.objects.filter(dreamer_id=dreamer, pk=record_id).exclude(certificate="").first()
    if record is None:
        raise Http404("There is no such certificate of yours.")
    return record


@dataclass(frozen=True)
class Overview:
    """Where one's rights stand: what there is, what is lent, what waits to be corrected."""

    dreams: int
    lent: int
    paused: int
    outdated: tuple[OpenDream, ...]
    guilds: tuple[Membership, ...]
    records: tuple[RightsRecord, ...]

    @property
    def in_use(self) -> int:
        """Lent copies that are not set aside."""
        return self.lent - self.paused


def overview_of(dreamer: UUID) -> Overview:
    """The page of one dreamer, in their own tenant."""
    lent = lent_by(dreamer)
    outdated = dream_rows_of(dreamer).filter(pk__in=dreams_with_old_copies(dreamer))
    return Overview(
        dreams=dream_rows_of(dreamer).count(),
        lent=len(lent),
        paused=sum(row.state == ContributionState.RESTRICTED for row in lent),
        outdated=tuple(opened(outdated[:MOST_OUTDATED])),
        guilds=tuple(memberships_of(dreamer)),
        records=tuple(records_of(dreamer)),
    )


@dataclass(frozen=True)
class Going:
    """What an erasure would take, in numbers. `stewardless` names guilds that it would leave without a
    steward, which keeps an account from being erased.
    """

    dreams: int
    earlier: int
    lent: int
    said: int
    guilds: tuple[str, ...]
    stewardless: tuple[str, ...]


def going_with(dreamer: UUID, extent: Extent, *, dream_id: UUID | None = None) -> Going:
    """What the first step of an erasure shows, in the dreamer's tenant."""
    of_dream = {} if dream_id is None else {"dream_id": dream_id}
    members = memberships_of(dreamer) if extent is Extent.ACCOUNT else []
    dreams = Dream.objects.filter(dreamer_id=dreamer)
    return Going(
        dreams=1 if dream_id is not None else dreams.count(),
        earlier=DreamRevision.objects.filter(dreamer_id=dreamer, **of_dream).count(),
        lent=len(lent_by(dreamer, dream_id=dream_id)),
        said=Association.objects.filter(dreamer_id=dreamer).count() if extent is Extent.ACCOUNT else 0,
        guilds=tuple(member.guild.name for member in members),
        stewardless=tuple(member.guild.name for member in members if _is_last_steward(member)),
    )


def _is_last_steward(member: Membership) -> bool:
    if Office.STEWARD not in member.offices:
        return False
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        others = [other for other in members_of(member.guild_id) if other.pk != member.pk]
    return bool(others) and not any(Office.STEWARD in other.offices for other in others)
