"""Reads of guilds and memberships: the check is the function that fetches."""

from uuid import UUID

from django.db import connection

from guild.tenancy.enums import Office
from guild.tenancy.errors import NotAMember
from guild.tenancy.models import Guild, Membership


def membership_for(dreamer: UUID, slug: str) -> Membership:
    """The live membership of `dreamer` in the guild at `slug`, with its guild.

    Raises NotAMember (a 404) for an unknown guild, a stranger and a former member alike.
    """
    try:
        return Membership.objects.select_related("guild").get(
            dreamer_id=dreamer, guild__slug=slug, ended_at=None
        )
    except Membership.DoesNotExist as error:
        raise NotAMember("There is no such guild among yours.") from error


def membership_in(dreamer: UUID, guild: UUID) -> Membership:
    """As `membership_for`, by the guild's id: for sockets and tasks."""
    try:
        return Membership.objects.select_related("guild").get(
            dreamer_id=dreamer, guild_id=guild, ended_at=None
        )
    except Membership.DoesNotExist as error:
        raise NotAMember("There is no such guild among yours.") from error


def memberships_of(dreamer: UUID) -> list[Membership]:
    """Every live membership of `dreamer`, by the guild's name."""
    return list(
        Membership.objects.select_related("guild")
        .filter(dreamer_id=dreamer, ended_at=None)
        .order_by("guild__name")
    )


def members_of(guild: UUID) -> list[Membership]:
    """The live members of a guild, by display name."""
    return list(Membership.objects.filter(guild_id=guild, ended_at=None).order_by("display_name", "id"))


def holders_of(guild: UUID, office: Office) -> list[UUID]:
    """The dreamers who hold an office in a guild now."""
    held = Membership.objects.filter(guild_id=guild, ended_at=None, offices__contains=[office.value])
    return list(held.values_list("dreamer_id", flat=True))


def guild_by_id(guild: UUID) -> Guild:
    """The guild whose tenant this is. Raises NotAMember where the wall hides it."""
    try:
        return Guild.objects.get(pk=guild)
    except Guild.DoesNotExist as error:
        raise NotAMember("There is no such guild among yours.") from error


def every_guild() -> list[UUID]:
    """The ids of all guilds, for what the clock does in each in turn; everything else stays walled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_guild_ids()")
        return [row[0] for row in cursor.fetchall()]
