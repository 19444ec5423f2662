"""Terms of office: how long one is given for."""

from datetime import datetime

from guild.tenancy.models import Guild


def until_for(guild: Guild) -> datetime | None:
    """When an office that is given now ends; None where the law sets no term."""
    return None
