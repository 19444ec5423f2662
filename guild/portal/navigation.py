"""What every page's header knows: who is here, in which guild, and where they may go."""

from typing import Any

from django.http import HttpRequest

from guild.tenancy.selectors import memberships_of


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For templates: `guild`, `membership`, and `my_guilds`, a callable so that it costs only where shown."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"guild": None, "membership": None, "my_guilds": ()}
    return {
        "guild": getattr(request, "guild", None),
        "membership": membership,
        "my_guilds": lambda: memberships_of(user.pk),
    }
