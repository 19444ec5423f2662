"""A log without end, as a busy guild would write it, to be hashed and audited. The same at every run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.ledger import tree
from governance.ledger.enums import SYSTEM, LeafKind
from governance.policies.law import HOUSE_LAW
from governance.policies.told import told

BEGUN = datetime(2026, 1, 1)  # noqa: DTZ001 in UTC; its Z is written by hand
MEMBERS, SESSION = 40, 12
PURPOSES = ("share_in_session", "blend", "quote")
WITHDRAWN = 0.2
"""In how many sessions somebody takes a dream back."""

write_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Lent:
    """A contribution: what stands for it in the log, and whose it is."""

    contribution: UUID
    commitment: str
    dreamer: str


@dataclass(frozen=True, slots=True)
class Made:
    """One leaf; `subject` is what it is about, `listed` what stands beside it if it is one of use."""

    kind: str
    at: datetime
    entry: bytes
    lent: Lent | None = None
    listed: tuple[Lent, ...] = ()


class Story:
    """Sessions of twelve, one after the other: what is lent, told, blended, and at times withdrawn."""

    def __init__(self, *, law: str) -> None:
        self.law = law
        self.random = random.Random(20)
        self.members = [self.identity() for _ in range(MEMBERS)]
        self.at = BEGUN
        self.written = 0

    def told(self) -> Iterator[Made]:
        """The whole story."""
        yield from self.founding()
        while True:
            yield from self.session()

    def founding(self) -> Iterator[Made]:
        founder = self.members[0]
        yield self.leaf(
            LeafKind.GUILD_FOUNDED,
            founder,
            [],
            self.law,
            **told(HOUSE_LAW, digest=self.law, number=1, reference=None),
        )
        yield self.leaf(LeafKind.MEMBERSHIP_STARTED, founder, [founder], self.law)
        yield self.leaf(LeafKind.OFFICE_GRANTED, founder, [founder], self.law, office="steward")
        for member in self.members[1:]:
            yield self.leaf(LeafKind.MEMBERSHIP_STARTED, founder, [member], self.law)
        for member in self.members[1:]:
            yield self.leaf(LeafKind.OFFICE_GRANTED, founder, [member], self.law, office="architect")

    def session(self) -> Iterator[Made]:
        session = self.identity()
        host, *others = self.random.sample(self.members, SESSION)
        yield self.leaf(LeafKind.SESSION_OPENED, host, [session], self.law)
        lent = [Lent(UUID(self.identity()), self.digest(), member) for member in (host, *others)]
        for dream in lent:
            yield from self.lending(dream, session=session)
            yield self.use(host, [dream], purpose="share_in_session", on="session", subject=session)
        run = self.identity()
        outputs = self.digest()
        yield from self.blend(run, lent, session=session, outputs=outputs)
        if self.random.random() < WITHDRAWN:
            yield from self.withdrawing(lent[-1], session=session)
            said = {"run": run, "session": session, "because": "withdrawal"}
            yield self.leaf(LeafKind.DREAMSCAPE_SUPERSEDED, SYSTEM, [outputs], **said)
            again = {"session": session, "outputs": self.digest(), "supersedes": run}
            yield from self.blend(self.identity(), lent[:-1], **again)
        yield self.leaf(LeafKind.SESSION_CLOSED, host, [session], self.law)

    def lending(self, dream: Lent, *, session: str) -> Iterator[Made]:
        depth = self.random.randrange(0, 21) / 20
        for purpose in PURPOSES:
            yield self.statement(LeafKind.CONSENT_GIVEN, dream, purpose=purpose, depth=depth)
        told, subjects = {"session": session, "extent": "whole"}, [dream.commitment]
        yield self.leaf(LeafKind.CONTRIBUTION_LENT, dream.dreamer, subjects, self.law, lent=dream, **told)

    def withdrawing(self, dream: Lent, *, session: str) -> Iterator[Made]:
        for purpose in PURPOSES:
            yield self.statement(LeafKind.CONSENT_WITHDRAWN, dream, purpose=purpose, depth=0.5)
        yield self.leaf(LeafKind.CONTRIBUTION_WITHDRAWN, dream.dreamer, [dream.commitment], session=session)

    def statement(self, kind: LeafKind, dream: Lent, *, purpose: str, depth: float) -> Made:
        said = {"purpose": purpose, "depth": int(depth) if depth in (0, 1) else depth}
        return self.leaf(kind, dream.dreamer, [dream.commitment], expires_at=None, notice="9b" * 32, **said)

    def use(self, actor: str, lent: Sequence[Lent], **said: Any) -> Made:
        listed = tuple(sorted(lent, key=lambda one: one.commitment))
        hashes = [tree.leaf_hash(bytes.fromhex(one.commitment)) for one in listed]
        subjects, count = [tree.root(hashes).hex()], len(listed)
        return self.leaf(LeafKind.USE, actor, subjects, listed=listed, count=count, **said)

    def blend(
        self, run: str, lent: Sequence[Lent], *, session: str, outputs: str, supersedes: str | None = None
    ) -> Iterator[Made]:
        asked = {"session": session, "supersedes": supersedes}
        yield self.leaf(LeafKind.BLEND_REQUESTED, SYSTEM, [run], self.law, **asked)
        yield self.use(SYSTEM, lent, purpose="blend", on="blend", subject=run)
        made = {"run": run, "session": session, "use_leaf": self.written - 1, "voices": len(lent)}
        measured = {"floor": 0.6, "retention": 0.8125}
        yield self.leaf(
            LeafKind.DREAMSCAPE_MADE, SYSTEM, [self.digest(), outputs], self.law, **made, **measured
        )

    def leaf(
        self,
        kind: LeafKind,
        actor: str,
        subjects: Sequence[str],
        law: str = "",
        /,
        *,
        lent: Lent | None = None,
        listed: tuple[Lent, ...] = (),
        **detail: Any,
    ) -> Made:
        """The bytes that `leaves.encode` writes, at a fifth of the cost."""
        self.at += timedelta(milliseconds=self.random.randrange(20, 90_000))
        self.written += 1
        about = ",".join(f'"{subject}"' for subject in subjects)
        entry = (
            f'{{"actor":"{actor}","at":"{self.at.isoformat(timespec="microseconds")}Z",'
            f'"detail":{write_json(detail)},"kind":"{kind.value}","policy_set":"{law}",'
            f'"subjects":[{about}]}}'
        )
        return Made(kind.value, self.at.replace(tzinfo=UTC), entry.encode(), lent, listed)

    def identity(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def digest(self) -> str:
        return f"{self.random.getrandbits(256):064x}"
