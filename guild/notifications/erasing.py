"""What goes with the account."""

from uuid import UUID

from guild.notifications.models import PushDevice


def erase_own(dreamer: UUID) -> None:
    """In the dreamer's tenant: the devices."""
    PushDevice.objects.filter(dreamer_id=dreamer).delete()
