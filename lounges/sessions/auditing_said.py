"""What an audit looks at in what was said to lent dreams: each association against its leaf, both ways.

What was said before associations had leaves is held to its seal alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.rules import Advice, Rule
from governance.consent.models import Subject
from governance.ledger.enums import LeafKind
from guild.vault import services as vault
from lounges.sessions import hearing
from lounges.sessions.contents import said_commitment
from lounges.sessions.models import Association

ASSOCIATIONS: Final = "lounges_association"
BATCH: Final = 500
TOLERANCE: Final = timedelta(minutes=5)
_BACK: Final = "Restore the row from a backup, or remove it, and tell who said it."

RULES = (
    Rule(
        "said.seal",
        Severity.MAJOR,
        "What somebody said to a dream does not open where it stands.",
        "Its sealed bytes were changed, or belong to another row.",
        _BACK,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "said.altered",
        Severity.CRITICAL,
        "The words that somebody said to a dream are not those that were said.",
        "Somebody who holds the keys opened them, changed them and sealed them again.",
        "Remove the row, tell who said it, and change the key-encryption key.",
        (Advice.NOTIFY, Advice.ROTATE_KEY),
    ),
    Rule(
        "said.row",
        Severity.MAJOR,
        "What was said to a dream is not as its leaf tells it.",
        "Its session, the dream it was said to, who said it or when was changed.",
        _BACK,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "said.unrecorded",
        Severity.MAJOR,
        "Something was said to a dream that the log of this guild knows nothing of.",
        "The row was made by hand, or moved here from another guild.",
        "Remove the row, and tell the member in whose name it stands.",
        (Advice.NOTIFY,),
    ),
    Rule(
        "said.lost",
        Severity.MAJOR,
        "Something that was said to a dream is missing.",
        "The row was removed, or moved to another guild, and whoever said it did not erase it.",
        "Restore the row from a backup, and tell who said it.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
)


@dataclass
class _Told:
    """What the log knows: the leaf of each association, and when the first of all was said."""

    said: dict[str, int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    since: datetime | None = None


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every association, then those that only the log knows."""
    told, seen = _told(examination), set[str]()
    rows = (
        Association.objects.filter(guild_id=examination.guild)
        .select_related("session", "membership")
        .order_by("id")
    )
    for batch in _batches(rows):
        seen.update(str(row.pk) for row in batch)
        yield from _batch(examination, batch, told)
        examination.count("associations", len(batch))
    for lost in sorted(told.said.keys() - told.erased - seen):
        yield Discrepancy("said.lost", told.said[lost], ASSOCIATIONS, lost, "a row", "none")


def _told(examination: Examination) -> _Told:
    told, speakers = _Told(), dict[str, str]()
    kinds = (LeafKind.ASSOCIATION_ADDED, LeafKind.ASSOCIATIONS_ERASED)
    for index, leaf in leaves_of(examination, *kinds):
        _take_in(told, speakers, index, leaf)
    return told


def _take_in(told: _Told, speakers: dict[str, str], index: int, leaf: Mapping[str, Any]) -> None:
    """Only whoever said something erases it."""
    if leaf["kind"] == LeafKind.ASSOCIATIONS_ERASED.value:
        told.erased.update(one for one in leaf["subjects"] if speakers.get(one) == leaf["actor"])
        return
    said = leaf["subjects"][0]
    told.said[said], speakers[said] = index, leaf["actor"]
    told.since = told.since or datetime.fromisoformat(leaf["at"])


def _batch(examination: Examination, rows: Sequence[Association], told: _Told) -> Iterator[Discrepancy]:
    openers = vault.openers_at_hand({hearing.key_of(row) for row in rows})
    leaves = examination.leaves([told.said[str(row.pk)] for row in rows if str(row.pk) in told.said])
    commitments = _commitments(examination.guild, [row.contribution_id for row in rows])
    for row in rows:
        index, opener = told.said.get(str(row.pk)), openers.get(hearing.key_of(row))
        if index is None and not _is_from_before(row, told):
            yield _at(row, "said.unrecorded", None, ("a leaf", "none"))
            continue
        leaf = {} if index is None else leaves.get(index, {})
        if leaf and (apart := differing(_said(row, leaf), _stored(row, commitments))):
            yield _at(row, "said.row", index, apart)
        yield from _sealed(row, opener, index, leaf)


def _is_from_before(row: Association, told: _Told) -> bool:
    return told.since is None or row.added_at < told.since - TOLERANCE


def _said(row: Association, leaf: Mapping[str, Any]) -> dict[str, Any]:
    """What the leaf says of an association."""
    at = datetime.fromisoformat(leaf["at"])
    return {
        "session": leaf["detail"].get("session"),
        "to": leaf["detail"].get("to"),
        "by": leaf["actor"],
        "dreamer": row.membership.dreamer_id,
        "at": row.added_at if abs(row.added_at - at) <= TOLERANCE else at,
    }


def _stored(row: Association, commitments: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "session": row.session_id,
        "to": commitments.get(row.contribution_id),
        "by": row.membership.pseudonym,
        "dreamer": row.dreamer_id,
        "at": row.added_at,
    }


def _sealed(
    row: Association, opener: vault.Opener | None, index: int | None, leaf: Mapping[str, Any]
) -> Iterator[Discrepancy]:
    """A key that is gone went with who said it; one that does not unwrap is found as a key."""
    if opener is None:
        return
    if not opener.holds(bytes(row.text_sealed), hearing.place_of(row)):
        yield _at(row, "said.seal", index, ("it opens", "it does not"))
        return
    told = leaf["detail"].get("content") if leaf else None
    if told is not None and (found := said_commitment(row, opener=opener)) != told:
        yield _at(row, "said.altered", index, (str(told), found))


def _at(row: Association, rule: str, leaf: int | None, apart: tuple[str, str]) -> Discrepancy:
    return Discrepancy(rule, leaf, ASSOCIATIONS, str(row.pk), *apart)


def _commitments(guild: UUID, contributions: Sequence[UUID]) -> dict[UUID, str]:
    rows = Subject.objects.filter(guild_id=guild, contribution__in=contributions)
    return dict(rows.values_list("contribution", "commitment"))


def _batches(rows: Any) -> Iterator[list[Association]]:
    batch: list[Association] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
