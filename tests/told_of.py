"""What each of the cast was told, for tests of the moments at which somebody is."""

from guild.notifications.models import Notice
from guild.tenancy.context import tenant
from tests.cast import Cast


def told(cast: Cast) -> dict[str, list[tuple[str, str]]]:
    """Kind and path of all that each was told, by kind; whoever was told nothing is left out."""
    heard: dict[str, list[tuple[str, str]]] = {}
    for member in (*cast.members, cast.zed):
        with tenant(dreamer=member.dreamer_id):
            rows = list(Notice.objects.order_by("kind", "made_at").values_list("kind", "path"))
        if rows:
            heard[member.display_name.lower()] = rows
    return heard


def forget(cast: Cast) -> None:
    """Let nobody have been told anything."""
    for member in (*cast.members, cast.zed):
        with tenant(dreamer=member.dreamer_id):
            Notice.objects.all().delete()
