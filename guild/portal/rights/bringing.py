"""From an archive to what it would bring into this account, line by line; pure, and strict.

Dreams come with all they said before, and settings if their owner likes. Consents, uses and notices are
history: they are counted and shown, and never come back to life.
"""

import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from guild.dreamers.models import Theme
from guild.dreamers.names import validate_name
from guild.journal.import_fields import RecordRefused
from guild.journal.importing import MOST_DREAMS, ImportTerms, Refusal, fingerprint
from guild.journal.portable import Carried, carried_from
from guild.portal.rights.archive import ArchiveRefused, Unpacked
from guild.portal.rights.gathering import ACCOUNT, DREAMS

Json = dict[str, Any]
LONGEST_NAME = 60
_MEMBERSHIP = "/membership.json"


@dataclass(frozen=True)
class History:
    """What an archive remembers of one guild, and nothing here will act on."""

    guild: str
    lent: int
    statements: int
    given: int
    uses: int


@dataclass(frozen=True)
class Brought:
    """One dream that can be added, with the line it stands on."""

    line: int
    carried: Carried = field(repr=False)

    @property
    def night(self) -> date:
        return self.carried.draft.dreamed_on

    @property
    def title(self) -> str:
        return self.carried.draft.title

    @property
    def opening(self) -> str:
        return self.carried.draft.opening

    @property
    def earlier(self) -> int:
        return len(self.carried.earlier)


@dataclass(frozen=True)
class ArchivePlan:
    """What an archive would bring. `settings` is empty where it has none that this house can take over."""

    made_at: datetime
    dreams: tuple[Brought, ...]
    refused: tuple[Refusal, ...]
    settings: Mapping[str, Any]
    history: tuple[History, ...]


def read_archive(data: bytes, *, terms: ImportTerms, now: datetime) -> ArchivePlan:
    """Read the bytes of an archive whole. Raises ArchiveRefused."""
    archive = Unpacked(data)
    dreams: list[Brought] = []
    refused: list[Refusal] = []
    for number, line in archive.lines(DREAMS):
        try:
            carried = _judged(line, terms=terms, room=len(dreams) < MOST_DREAMS, now=now)
        except RecordRefused as refusal:
            refused.append(Refusal(number, str(refusal)))
            continue
        dreams.append(Brought(number, carried))
    return ArchivePlan(
        made_at=_made_at(archive),
        dreams=tuple(dreams),
        refused=tuple(refused),
        settings=_settings_in(archive.json(ACCOUNT)),
        history=tuple(_history_in(archive)),
    )


def _judged(line: Any, *, terms: ImportTerms, room: bool, now: datetime) -> Carried:
    """Two dreams of an archive may be alike, since its owner kept them as two; one that is here already stays
    as it is.
    """
    if not isinstance(line, dict):
        raise RecordRefused("This line is not a JSON object.")
    carried = carried_from(line, terms=terms, now=now)
    if fingerprint(carried.draft) in terms.existing:
        raise RecordRefused("This dream is already in your journal.")
    if not room:
        raise RecordRefused(f"More than {MOST_DREAMS:,} dreams at once: bring it in again after this.")
    return carried


def _made_at(archive: Unpacked) -> datetime:
    try:
        moment = datetime.fromisoformat(archive.manifest["made_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveRefused("The manifest of this archive does not say when it was made.") from error
    if moment.tzinfo is None:
        raise ArchiveRefused("The manifest of this archive does not say when it was made.")
    return moment


def _settings_in(account: Any) -> Json:
    """Those settings that this house could have written; anything else is left where it is."""
    given = account.get("settings") if isinstance(account, dict) else None
    if not isinstance(given, dict):
        return {}
    return {name: given[name] for name, fits in _SETTINGS.items() if name in given and fits(given[name])}


def _is_name(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        return False
    try:
        validate_name(value)
    except ValidationError:
        return False
    return True


def _is_time_zone(value: Any) -> bool:
    return isinstance(value, str) and value in zoneinfo.available_timezones()


def _is_hour(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in range(24)


def _is_theme(value: Any) -> bool:
    return value in Theme.values


_SETTINGS = {
    "name": _is_name,
    "time_zone": _is_time_zone,
    "night_turnover_hour": _is_hour,
    "theme": _is_theme,
}


def _history_in(archive: Unpacked) -> Iterator[History]:
    """By guild, in the order of the archive."""
    folders = [name.removesuffix(_MEMBERSHIP) for name in archive.files if name.endswith(_MEMBERSHIP)]
    for folder in folders:
        memberships = archive.json(f"{folder}{_MEMBERSHIP}")
        states = [line.get("state") for line in _mappings(archive, f"{folder}/consents/statements.jsonl")]
        yield History(
            guild=_guild_name(memberships),
            lent=len(list(_mappings(archive, f"{folder}/lent.jsonl"))),
            statements=len(states),
            given=sum(state in ("given", "renewed") for state in states),
            uses=len(list(_mappings(archive, f"{folder}/uses.jsonl"))),
        )


def _guild_name(memberships: Any) -> str:
    try:
        name = memberships[0]["guild_name"]
    except (KeyError, TypeError, IndexError):
        name = None
    return name[:120] if isinstance(name, str) and name else "a guild"


def _mappings(archive: Unpacked, name: str) -> Iterator[Json]:
    return (line for _, line in archive.lines(name) if isinstance(line, dict))
