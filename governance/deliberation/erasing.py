"""Erasing what somebody said in a deliberation. What was proposed and decided is the guild's."""

from uuid import UUID

from governance.deliberation.models import Argument, Objection, Receipt


def erase_words(dreamer: UUID, *, guild: UUID) -> int:
    """The words of their reasons, questions and objections, and their receipts; how much that was.

    The rows stay, so that replies keep their place and objections their weight. In both their tenants.
    """
    arguments = Argument.objects.filter(guild_id=guild, author__dreamer_id=dreamer).exclude(text="")
    objections = Objection.objects.filter(guild_id=guild, member__dreamer_id=dreamer).exclude(reason="")
    erased = arguments.update(text="") + objections.update(reason="")
    Receipt.objects.filter(dreamer_id=dreamer).delete()
    return erased
