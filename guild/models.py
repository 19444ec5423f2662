"""The models of the ground floor and of the portal, room by room."""

from guild.dreamers.models import Dreamer
from guild.journal.models import Dream, DreamRevision, StagedImport
from guild.notifications.models import Choice, DigestTime, Message, Notice, PushDevice
from guild.portal.rights.models import RightsRecord, StagedArchive
from guild.tenancy.models import Guild, Membership
from guild.vault.models import DataKey

__all__ = [
    "Choice",
    "DataKey",
    "DigestTime",
    "Dream",
    "DreamRevision",
    "Dreamer",
    "Guild",
    "Membership",
    "Message",
    "Notice",
    "PushDevice",
    "RightsRecord",
    "StagedArchive",
    "StagedImport",
]
