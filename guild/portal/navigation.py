"""What every page's header knows: who is here, in which guild, and where they may go."""

from typing import Any

from django.http import HttpRequest

from governance.oversight.access import may_oversee
from guild.tenancy.selectors import memberships_of


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For templates: `guild`, `membership`, and, as callables so that they cost only where shown, `my_guilds`
    and `oversees`, whether the member is let into the guild's oversight.
    """
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"guild": None, "membership": None, "my_guilds": (), "oversees": False}
    return {
        "guild": getattr(request, "guild", None),
        "membership": membership,
        "my_guilds": lambda: memberships_of(user.pk),
        "oversees": lambda: membership is not None and may_oversee(membership),
    }
