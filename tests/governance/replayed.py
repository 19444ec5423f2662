"""A log in memory, written leaf by leaf as the ledger would, for tests of the replay."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.audits.discrepancies import Discrepancy
from governance.audits.loans import Listed
from governance.audits.replay import Replay, Row
from governance.ledger import leaves, tree
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import Entry
from governance.policies.law import HOUSE_LAW, Law, read_law, with_values
from governance.policies.services import digest_of
from governance.policies.told import told as law_told

GUILD = UUID(int=7)
BEGAN = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
HOUSE = "a" * 64


def law_digest(law: Law) -> str:
    return digest_of(law.text, house=HOUSE)


LAW, LAXER = law_digest(HOUSE_LAW), law_digest(read_law(with_values(individuality_floor="0.30")))
AYLA, EZRA, MIRA, ZED = (UUID(int=number) for number in range(1, 5))
SESSION, LOUNGE = UUID(int=20), UUID(int=21)


def listed_of(contributions: Sequence[UUID]) -> Listed:
    """The list of a use of these, as it stands beside its leaf."""
    return sorted((commitment_of(one), one.bytes) for one in contributions)


def commitment_of(contribution: UUID) -> str:
    return hmac.new(b"nonce", contribution.bytes, hashlib.sha256).hexdigest()


class WrittenLog:
    """Rows as they would be stored; each leaf comes a second after the one before."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.lists: dict[int, Listed] = {}
        self._hashes: list[bytes] = []

    def write(
        self,
        kind: LeafKind,
        *,
        actor: UUID | str = SYSTEM,
        subjects: Sequence[str] = (),
        law: str = "",
        detail: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        **said: Any,
    ) -> int:
        """Append one leaf, whose detail is `detail` and what else is said; its index."""
        index = len(self.rows)
        moment = at or BEGAN + timedelta(seconds=index)
        entry = leaves.encode(Entry(kind, moment, actor, tuple(subjects), law, {**(detail or {}), **said}))
        siblings = [
            tree.span_hash(
                tree.Span(node.position << node.level, (node.position + 1) << node.level), self._node
            )
            for node in tree.left_siblings(index)
        ]
        hashed = tree.leaf_hash(entry)
        self._hashes.append(hashed)
        subtrees = b"".join(tree.completed_subtrees(hashed, siblings))
        at = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.rows.append(Row(index, kind.value, at, entry, hashed, subtrees))
        return index

    def use(self, purpose: str, contributions: Sequence[UUID], **said: Any) -> int:
        """Append the leaf of a use of these, with its list beside it."""
        listed = listed_of(contributions)
        hashes = [tree.leaf_hash(bytes.fromhex(commitment)) for commitment, _ in listed]
        told: dict[str, Any] = {"on": "session", "subject": SESSION, "actor": MIRA} | said
        index = self.write(
            LeafKind.USE,
            subjects=[tree.root(hashes).hex()],
            purpose=purpose,
            count=len(listed),
            **told,
        )
        self.lists[index] = listed
        return index

    def enact(self, law: Law) -> str:
        """Append the leaf of another law; its digest."""
        self.write(LeafKind.POLICY_ENACTED, law=LAW, detail=told_of(law))
        return law_digest(law)

    def replayed(self, *, blocks: int = 1000) -> Replay:
        """The whole log, fed in blocks of so many rows."""
        replay = Replay(guild=str(GUILD), houses=[HOUSE])
        for start in range(0, len(self.rows), blocks):
            replay.feed(self.rows[start : start + blocks], self.lists)
        return replay

    def found(self) -> list[tuple[str, int | None]]:
        """What a replay finds: rules and leaves."""
        return told(self.replayed().found)

    def _node(self, node: tree.Node) -> bytes:
        return tree.MemoryTree(self._hashes).lookup(node)


def told_of(law: Law) -> dict[str, Any]:
    """What the leaf says by which a law comes into force."""
    return law_told(law, digest=law_digest(law), number=1, reference=None)


def told(found: Sequence[Discrepancy]) -> list[tuple[str, int | None]]:
    return [(discrepancy.rule, discrepancy.leaf_index) for discrepancy in found]


def founded() -> WrittenLog:
    """Ayla founds a guild and leads it, Ezra is its enforcer, Mira a member; Ayla opens a session."""
    log = WrittenLog()
    log.write(LeafKind.GUILD_FOUNDED, actor=AYLA, law=LAW, detail=told_of(HOUSE_LAW))
    log.write(LeafKind.MEMBERSHIP_STARTED, actor=AYLA, subjects=[str(AYLA)], law=LAW)
    log.write(LeafKind.OFFICE_GRANTED, actor=AYLA, subjects=[str(AYLA)], law=LAW, office="steward")
    for member in (EZRA, MIRA):
        log.write(LeafKind.MEMBERSHIP_STARTED, actor=AYLA, subjects=[str(member)], law=LAW)
    log.write(LeafKind.OFFICE_GRANTED, actor=AYLA, subjects=[str(EZRA)], law=LAW, office="enforcer")
    log.write(LeafKind.SESSION_OPENED, actor=AYLA, subjects=[str(SESSION)], law=LAW, lounge=LOUNGE)
    return log


def consent(
    log: WrittenLog,
    contribution: UUID,
    purpose: str,
    *,
    kind: LeafKind = LeafKind.CONSENT_GIVEN,
    actor: UUID | str = MIRA,
    expires_at: datetime | None = None,
) -> int:
    return log.write(
        kind,
        actor=actor,
        subjects=[commitment_of(contribution)],
        purpose=purpose,
        depth=0.5,
        expires_at=expires_at and expires_at.isoformat(),
        notice="c" * 64,
    )


def lend(
    log: WrittenLog, contribution: UUID, *, by: UUID = MIRA, purposes: Sequence[str] = ("blend",)
) -> int:
    """Consents first, then the lending, as a session writes them; the index of the lending."""
    for purpose in purposes:
        consent(log, contribution, purpose, actor=by)
    subjects, session = [commitment_of(contribution)], SESSION
    return log.write(LeafKind.CONTRIBUTION_LENT, actor=by, subjects=subjects, law=LAW, session=session)


def altered(row: Row, **fields: Any) -> Row:
    return row._replace(**fields)


def other_entry(row: Row, change: Mapping[str, str]) -> bytes:
    """The entry of a row with pieces of its text replaced."""
    text = row.entry.decode()
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()
