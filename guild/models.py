"""The models of the ground floor and of the portal, room by room."""

from guild.dreamers.models import Dreamer
from guild.journal.models import Dream, DreamRevision, StagedImport
from guild.notifications.models import PushDevice
from guild.portal.rights.models import RightsRecord, StagedArchive
from guild.tenancy.models import Guild, Membership
from guild.vault.models import DataKey

__all__ = [
    "DataKey",
    "Dream",
    "DreamRevision",
    "Dreamer",
    "Guild",
    "Membership",
    "PushDevice",
    "RightsRecord",
    "StagedArchive",
    "StagedImport",
]
