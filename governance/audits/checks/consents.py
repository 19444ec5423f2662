"""Consents and uses against their leaves, both ways: a row without its leaf, a leaf without its row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Block, Examination
from governance.audits.reading import ListedRow
from governance.audits.registry import BesideTheLog
from governance.audits.rules import Advice, Rule
from governance.consent.enums import ConsentState
from governance.consent.resolution import stated_in
from governance.ledger.enums import LeafKind

STATEMENTS, USES, LISTED = "consent_statement", "consent_use", "consent_use_subject"
STATED: Final = frozenset(f"consent.{state.value}" for state in ConsentState)
RESTRICTIONS: Final = "consent_restriction"
RESTRICTING: Final = frozenset({LeafKind.CONSENT_RESTRICTED.value, LeafKind.CONSENT_UNRESTRICTED.value})
_FORGED: Final = "Somebody with full rights over the database made it: the application writes both at once."
_ROW_BACK: Final = "Restore the row as the leaf tells it, and tell the dreamer."

STATEMENT_RULES = (
    Rule(
        "consent.row",
        Severity.CRITICAL,
        "A consent is not what its leaf says.",
        "Its depth, its end, its state, its date or what it is about was changed after it was given.",
        f"{_ROW_BACK} What was made under the changed consent is to be made again.",
        (Advice.RE_BLEND, Advice.NOTIFY, Advice.RESTORE),
    ),
    Rule(
        "consent.unrecorded",
        Severity.CRITICAL,
        "A consent has no leaf in the log.",
        _FORGED,
        "Treat it as never given: destroy what was opened under it, and tell the dreamer.",
        (Advice.SHRED, Advice.RE_BLEND, Advice.NOTIFY),
    ),
    Rule(
        "consent.lost",
        Severity.CRITICAL,
        "A consent that the log records is missing from the tables.",
        "The row was removed, so that what a dreamer said no longer counts.",
        _ROW_BACK,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
)
USE_RULES = (
    Rule(
        "use.forbidden",
        Severity.CRITICAL,
        "A lent dream was used without leave.",
        "At that leaf no consent for that purpose stood: it was never given, refused, withdrawn, run out or "
        "restricted.",
        "Destroy what was made of it, and tell the dreamer.",
        (Advice.RE_BLEND, Advice.SHRED, Advice.NOTIFY),
    ),
    Rule(
        "use.list",
        Severity.CRITICAL,
        "The list of what was used is not the one that its leaf proves.",
        "A dream was added to the list or taken out of it, so that its dreamer sees another history.",
        "Restore the list from a backup: its root stands in the leaf.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "use.row",
        Severity.MAJOR,
        "A use is not what its leaf says.",
        "Who used it, what for or when was changed afterwards.",
        "Restore the row as the leaf tells it.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "use.unrecorded",
        Severity.CRITICAL,
        "A use has no leaf in the log.",
        _FORGED,
        "Look for what was opened, and tell the dreamers that it names.",
        (Advice.NOTIFY, Advice.RESTORE),
    ),
    Rule(
        "use.lost",
        Severity.CRITICAL,
        "A use that the log records is missing from the tables.",
        "The row was removed, so that dreamers do not see who used their dreams.",
        "Restore the row as the leaf tells it, and tell the dreamers.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "use.subject",
        Severity.CRITICAL,
        "A dream's part in a use is not what the use says.",
        "Whose it is, which dream, or what for was changed, so that the wrong person sees it.",
        "Restore the row from the leaf and its list, and tell both dreamers.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
)

_STATED = (
    "SELECT t.id, t.leaf_index, t.scope, t.scope_id, t.pseudonym, t.actor, t.purpose, t.state, t.depth, "
    "t.expires_at, t.notice_digest, t.stated_at, t.contribution, t.dreamer_id, s.commitment, s.dreamer_id, "
    "m.dreamer_id "
    "FROM consent_statement t "
    "LEFT JOIN consent_subject s ON s.guild_id = t.guild_id AND s.contribution = t.contribution "
    "LEFT JOIN tenancy_membership m ON m.guild_id = t.guild_id AND m.pseudonym = t.pseudonym "
    "WHERE t.guild_id = %s AND t.leaf_index BETWEEN %s AND %s ORDER BY t.leaf_index"
)
_RESTRICTED = (
    "SELECT r.id, r.leaf_index, r.restricted, r.at, r.contribution, s.commitment FROM consent_restriction r "
    "LEFT JOIN consent_subject s ON s.guild_id = r.guild_id AND s.contribution = r.contribution "
    "WHERE r.guild_id = %s AND r.leaf_index BETWEEN %s AND %s ORDER BY r.leaf_index"
)
_USED = (
    'SELECT id, leaf_index, purpose, actor, "on", subject, count, root, at FROM consent_use '
    "WHERE guild_id = %s AND leaf_index BETWEEN %s AND %s ORDER BY leaf_index"
)


class StatedRow(NamedTuple):
    """A row of `consent_statement`, with whose its subject is and who carries its pseudonym."""

    id: UUID
    leaf_index: int
    scope: str
    scope_id: UUID | None
    pseudonym: UUID
    actor: str
    purpose: str
    state: str
    depth: Any
    expires_at: datetime | None
    notice: str
    at: datetime
    contribution: UUID | None
    dreamer_id: UUID
    commitment: str | None
    owner_id: UUID | None
    member_id: UUID | None


class UsedRow(NamedTuple):
    """A row of `consent_use`."""

    id: UUID
    leaf_index: int
    purpose: str
    actor: str
    on: str
    subject: UUID
    together: int
    root: str
    at: datetime


def statements(examination: Examination, block: Block) -> Iterator[Discrepancy]:
    """Every statement against its leaf."""
    rows = [StatedRow(*row) for row in _between(_STATED, examination, block)]
    seen = set()
    for row in rows:
        leaf = block.leaves.get(row.leaf_index)
        seen.add(row.leaf_index)
        where: dict[str, Any] = {"table": STATEMENTS, "row": str(row.id), "contribution": row.contribution}
        if leaf is None or leaf["kind"] not in STATED:
            yield Discrepancy("consent.unrecorded", row.leaf_index, **where)
        elif apart := differing(_said_by_leaf(leaf, row), _said_by_row(row)):
            yield Discrepancy("consent.row", row.leaf_index, **where, expected=apart[0], actual=apart[1])
    yield from _without_row("consent.lost", STATEMENTS, block, kinds=STATED, seen=seen)
    examination.count("consents", len(rows))


def restrictions(examination: Examination, block: Block) -> Iterator[Discrepancy]:
    """Every restriction to storage, and every one that was lifted, against its leaf."""
    seen = set()
    for identity, index, restricted, at, contribution, commitment in _between(
        _RESTRICTED, examination, block
    ):
        leaf = block.leaves.get(index)
        seen.add(index)
        where: dict[str, Any] = {"table": RESTRICTIONS, "row": str(identity), "contribution": contribution}
        if leaf is None or leaf["kind"] not in RESTRICTING:
            yield Discrepancy("consent.unrecorded", index, **where)
            continue
        told = {
            "restricted": leaf["kind"] == LeafKind.CONSENT_RESTRICTED.value,
            "commitment": next(iter(leaf["subjects"]), None),
            "at": datetime.fromisoformat(leaf["at"]),
        }
        if apart := differing(told, {"restricted": restricted, "commitment": commitment, "at": at}):
            yield Discrepancy("consent.row", index, **where, expected=apart[0], actual=apart[1])
    yield from _without_row("consent.lost", RESTRICTIONS, block, kinds=RESTRICTING, seen=seen)


def uses(examination: Examination, block: Block) -> Iterator[Discrepancy]:
    """Every use against its leaf, and every dream's part in it against the use."""
    rows = {row.leaf_index: row for row in map(UsedRow._make, _between(_USED, examination, block))}
    for row in rows.values():
        leaf = block.leaves.get(row.leaf_index)
        if leaf is None or leaf["kind"] != LeafKind.USE.value:
            yield Discrepancy("use.unrecorded", row.leaf_index, table=USES, row=str(row.id))
        elif apart := differing(_used_by_leaf(leaf), row._asdict()):
            yield Discrepancy("use.row", row.leaf_index, USES, str(row.id), *apart)
    kinds = frozenset({LeafKind.USE.value})
    yield from _without_row("use.lost", USES, block, kinds=kinds, seen=rows.keys())
    yield from _parts(block.listed, rows)
    examination.count("uses", len(rows))


def _parts(listed: Iterable[ListedRow], uses: Mapping[int, UsedRow]) -> Iterator[Discrepancy]:
    """Each dream's part in a use; rows come in the order of leaf and commitment, which is their position."""
    position: dict[int, int] = {}
    for row in listed:
        place = position.get(row.leaf_index, 0)
        position[row.leaf_index] = place + 1
        where: dict[str, Any] = {"table": LISTED, "row": str(row.id), "contribution": row.contribution}
        used = uses.get(row.leaf_index)
        if used is None:
            yield Discrepancy("use.unrecorded", row.leaf_index, **where)
            continue
        told = {name: getattr(used, name) for name in ("purpose", "on", "subject", "together", "at")}
        told |= {"use_id": used.id, "position": place}
        told |= {"commitment": row.known_commitment, "dreamer_id": row.owner_id}
        if apart := differing(told, row._asdict()):
            yield Discrepancy("use.subject", row.leaf_index, **where, expected=apart[0], actual=apart[1])


def _said_by_leaf(leaf: Mapping[str, Any], row: StatedRow) -> dict[str, Any]:
    """What a leaf says of a statement; its dreamer is whoever carries its pseudonym, and owns its subject."""
    try:
        stated = stated_in(0, leaf)
    except (KeyError, IndexError, TypeError, ValueError):
        return {"entry": "a consent"}
    told = {
        "scope": stated.scope,
        **stated.said._asdict(),
        "at": datetime.fromisoformat(leaf["at"]),
        "dreamer_id": row.member_id,
        "actor": leaf["actor"],
    }
    if stated.scope == "contribution":
        return told | {"commitment": stated.scope_id, "owner_id": row.member_id}
    return told | {"scope_id": stated.scope_id, "pseudonym": stated.owner}


def _said_by_row(row: StatedRow) -> dict[str, Any]:
    return row._asdict() | {"actor": row.actor or str(row.pseudonym)}


def _used_by_leaf(leaf: Mapping[str, Any]) -> dict[str, Any]:
    detail = leaf["detail"]
    return {
        "purpose": detail.get("purpose"),
        "actor": leaf["actor"],
        "on": detail.get("on"),
        "subject": detail.get("subject"),
        "together": detail.get("count"),
        "root": next(iter(leaf["subjects"]), None),
        "at": datetime.fromisoformat(leaf["at"]),
    }


def _without_row(
    rule: str, table: str, block: Block, *, kinds: frozenset[str], seen: Iterable[int]
) -> Iterator[Discrepancy]:
    recorded = {index for index, leaf in block.leaves.items() if leaf["kind"] in kinds}
    for index in sorted(recorded.difference(seen)):
        yield Discrepancy(rule, index, table=table, expected="a row", actual="none")


def _between(statement: str, examination: Examination, block: Block) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [examination.guild, block.first, block.last])
        return cursor.fetchall()


BESIDE = (
    BesideTheLog(statements, STATEMENT_RULES),
    BesideTheLog(restrictions, STATEMENT_RULES),
    BesideTheLog(uses, USE_RULES),
)
