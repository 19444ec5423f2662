"""What goes with the account."""

from uuid import UUID

from guild.notifications.models import Choice, DigestTime, Message, Notice, PushDevice


def erase_own(dreamer: UUID) -> None:
    """In the dreamer's tenant: all that they were told and chose, what is on its way, and the devices."""
    for model in (Message, Notice, Choice, DigestTime, PushDevice):
        model.objects.filter(dreamer_id=dreamer).delete()
