"""Reads of experiences. The check is the function that fetches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from django.db.models import Prefetch

from governance.moderation import selectors as moderation
from governance.offices.selectors import as_one
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.models import Guild, Membership
from lounges.experiences.enums import Standing
from lounges.experiences.errors import NoSuchExperience
from lounges.experiences.models import Approval, Experience, ExperienceVersion
from lounges.experiences.recipe import PLAIN, Recipe

if TYPE_CHECKING:
    from django.db.models import QuerySet

KIND: Final = "experience"
"""What the room of moderation calls an experience."""
NO_SUCH_EXPERIENCE: Final = "There is no such experience in this guild."
PLAIN_NAME: Final = "The plain recipe"
PLAIN_WORDS: Final = "What every guild begins with. It asks for nothing beyond the guild's own law."


@dataclass(frozen=True)
class Shown:
    """An experience with its versions, oldest first; the plain one may have none that is stored. `hidden`
    says why moderation hid its description.
    """

    experience: Experience
    versions: tuple[ExperienceVersion, ...]
    hidden: str = ""

    @property
    def newest(self) -> ExperienceVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def standing(self) -> Standing:
        return standing_of(self.experience, self.newest)

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        return tuple(version.recipe for version in self.versions) or (PLAIN,)


def plain_id(guild: UUID) -> UUID:
    """The id of a guild's plain recipe, the same before it has a row and after."""
    return uuid5(guild, "the plain recipe")


def plain_of(guild: UUID) -> Experience:
    """The plain recipe of a guild: its row, or one that is not stored."""
    held = Experience.objects.filter(guild_id=guild, pk=plain_id(guild)).first()
    return held or Experience(
        id=plain_id(guild), guild_id=guild, name=PLAIN_NAME, description=PLAIN_WORDS, is_plain=True
    )


def standing_of(experience: Experience, version: ExperienceVersion | None) -> Standing:
    """Where a version stands: suspended with its experience, whatever its own state. The plain recipe, which
    has no version, is the house's and approved.
    """
    if experience.is_suspended:
        return Standing.SUSPENDED
    return Standing.APPROVED if version is None else Standing(version.state)


def approvals_of(version: ExperienceVersion) -> int:
    """How many enforcers approved a version."""
    return Approval.objects.filter(guild_id=version.guild_id, version_id=version.pk).count()


def resource_of(experience: Experience, version: ExperienceVersion | None) -> Resource:
    """A version as the law sees it, read afresh."""
    return entities.experience(
        id=experience.pk,
        guild=experience.guild_id,
        state=standing_of(experience, version),
        approvals=0 if version is None else approvals_of(version),
        author=None if version is None else version.author_id,
    )


def resource_to_approve(version: ExperienceVersion, *, to: Membership | None = None) -> Resource:
    """A version as the law sees it when it is to be approved: a draft is one also while it is suspended. For
    the member who asks, what they wrote before they left the guild and came back is theirs still.
    """
    author = version.author_id
    if to is not None and version.author is not None:
        author = as_one(version.author, to=to)
    return entities.experience(
        id=version.experience_id,
        guild=version.guild_id,
        state=version.state,
        approvals=approvals_of(version),
        author=author,
    )


def resource_used(guild: UUID, version: UUID | None) -> Resource:
    """What a session or a blend names, as the law sees it now; None is the plain recipe."""
    if version is None:
        return resource_of(plain_of(guild), None)
    row = ExperienceVersion.objects.select_related("experience").get(guild_id=guild, pk=version)
    return resource_of(row.experience, row)


def require_usable(*, actor: Membership | Guild, version: UUID | None) -> None:
    """Raises Denied unless the law of the guild lets blends be made by this version now."""
    guild = actor.pk if isinstance(actor, Guild) else actor.guild_id
    require(actor=actor, action=Action.USE_EXPERIENCE, resource=resource_used(guild, version))


def experiences_for(member: Membership) -> list[Shown]:
    """Every experience of the member's guild, the plain one first. Raises Denied."""
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(member.guild_id))
    rows = list(_with_versions(member.guild_id).order_by("-is_plain", "name", "id"))
    hidden = moderation.hidden(member.guild_id, KIND, [row.pk for row in rows])
    shown = [Shown(row, tuple(row.versions.all()), hidden.get(row.pk, "")) for row in rows]
    if not any(one.experience.is_plain for one in shown):
        shown.insert(0, Shown(plain_of(member.guild_id), ()))
    return shown


def experience_for(member: Membership, experience: UUID) -> Shown:
    """One experience of the member's guild. Raises NoSuchExperience or Denied."""
    row = _with_versions(member.guild_id).filter(pk=experience).first()
    if row is None and experience != plain_id(member.guild_id):
        raise NoSuchExperience(NO_SUCH_EXPERIENCE)
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(member.guild_id))
    if row is None:
        return Shown(plain_of(member.guild_id), ())
    hidden = moderation.hidden(member.guild_id, KIND, [row.pk])
    return Shown(row, tuple(row.versions.all()), hidden.get(row.pk, ""))


def version_for(member: Membership, experience: UUID, number: int) -> ExperienceVersion:
    """One version, with its experience. Raises NoSuchExperience or Denied."""
    shown = experience_for(member, experience)
    for version in shown.versions:
        if version.number == number:
            version.experience = shown.experience
            return version
    raise NoSuchExperience("This experience has no such version.")


def usable_for(member: Membership) -> list[ExperienceVersion]:
    """The versions that a session of the member's guild may be held by, beside the plain one: for each
    experience the newest that may be used, with its experience.
    """
    chosen = []
    for shown in experiences_for(member):
        for version in reversed(shown.versions):
            version.experience = shown.experience
            resource = resource_of(shown.experience, version)
            if authorize(actor=member, action=Action.USE_EXPERIENCE, resource=resource).allowed:
                chosen.append(version)
                break
    return chosen


def is_plain_usable(member: Membership) -> bool:
    """Whether sessions may be held by the plain recipe."""
    resource = resource_used(member.guild_id, None)
    return authorize(actor=member, action=Action.USE_EXPERIENCE, resource=resource).allowed


def numbers_of(version: ExperienceVersion | None) -> Recipe:
    """The recipe of a version, or the plain one."""
    return PLAIN if version is None else version.recipe


def approvers_of(shown: Shown) -> dict[UUID, Sequence[Approval]]:
    """Who approved each version of an experience, by the version's id."""
    rows = Approval.objects.filter(
        guild_id=shown.experience.guild_id, version__in=[version.pk for version in shown.versions]
    ).select_related("enforcer")
    found: dict[UUID, list[Approval]] = {version.pk: [] for version in shown.versions}
    for row in rows:
        found[row.version_id].append(row)
    return dict(found)


def _with_versions(guild: UUID) -> "QuerySet[Experience]":
    versions = ExperienceVersion.objects.filter(guild_id=guild).select_related("author").order_by("number")
    return Experience.objects.filter(guild_id=guild).prefetch_related(Prefetch("versions", versions))
