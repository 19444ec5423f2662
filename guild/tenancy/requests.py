"""Requests as the middlewares hand them to views: for type checking."""

from django.http import HttpRequest

from guild.dreamers.models import Dreamer
from guild.tenancy.models import Guild, Membership


class DreamerRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Dreamer


class GuildRequest(DreamerRequest):
    """A request below /g/<slug>/ by a live member of that guild."""

    guild: Guild
    membership: Membership
