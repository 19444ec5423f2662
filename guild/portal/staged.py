"""Files that were read and never brought in: sealed copies of words, which wait a day for a yes."""

from colonies.diary import bringing as diary
from guild.dreamers.models import Dreamer
from guild.journal import services as journal
from guild.portal.rights import services as rights
from guild.tenancy.context import tenant


def forget_expired() -> int:
    """Remove those that have waited longer, whoever's they are; how many. Enters each dreamer's tenant."""
    removed = 0
    for dreamer in Dreamer.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(dreamer=dreamer):
            removed += journal.forget_expired_imports(dreamer=dreamer)
            removed += rights.forget_expired_archives(dreamer=dreamer)
            removed += diary.forget_expired(dreamer=dreamer)
    return removed
