"""The ledger: appends in transactions, an audit of a million leaves, proofs; beside hashing and pymerkle.

    python bench/ledger.py [leaves]     1000000 unless another number is given

It starts a Postgres of its own, as durable as the product's, in a temporary folder. An append is one of the
product's transactions: the tenant, the ledger's lock, a leaf and the word of consent that it records. One
guild is served by one process, one transaction after the other; eight at once by a process a core, with a
thread a guild, as web servers are. The floor is SHA-256 over the same bytes, leaf by leaf and node by node,
and nothing else. The last line is JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

try:
    import pymerkle
except ImportError:  # `make bench` brings it
    pymerkle = None

from bench.made_up.house import apart, fork, house
from bench.made_up.ledger_story import Made, Story
from governance.ledger import tree, verification
from governance.ledger.growth import grow
from guild.embedded.postgres import SUPERUSER

Result = TypeVar("Result")

ROUNDS, SECONDS, WARM_UP = 3, 4.0, 25
GUILDS = 8
PROOFS = 500
BLOCK = 1 << 13


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def found_guilds(count: int) -> list[UUID]:
    from guild.tenancy.services import found_guild

    names = [f"guild-{uuid4().hex[:8]}" for _ in range(count)]
    return [found_guild(name=name, slug=name).pk for name in names]


# --- appends --------------------------------------------------------------------------------------


def appends_per_second(guilds: Sequence[UUID]) -> float:
    """Committed transactions a second over these guilds: the median of the rounds."""
    processes = min(os.cpu_count() or 1, len(guilds))
    return statistics.median(one_round(guilds, processes=processes) for _ in range(ROUNDS))


def one_round(guilds: Sequence[UUID], *, processes: int) -> float:
    begin, counts = fork.Barrier(len(guilds)), fork.Queue()
    workers = [
        fork.Process(target=keep_appending, args=(guilds[first::processes], begin, counts))
        for first in range(processes)
    ]
    for worker in workers:
        worker.start()
    total = sum(counts.get() for _ in guilds)
    for worker in workers:
        worker.join()
    return float(total)


def keep_appending(guilds: Sequence[UUID], begin: Any, counts: Any) -> None:
    """A thread a guild; each tells how many it appended in a second."""

    def serve(guild: UUID) -> None:
        dreamer = uuid4()
        for number in range(WARM_UP):
            append_one(guild, dreamer, number)
        begin.wait()
        done, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < SECONDS:
            append_one(guild, dreamer, done)
            done += 1
        counts.put(done / passed)

    threads = [threading.Thread(target=serve, args=(guild,)) for guild in guilds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def append_one(guild: UUID, dreamer: UUID, number: int) -> None:
    """What a word of consent costs: a transaction with its leaf and its row."""
    from governance.consent.enums import ConsentState, Purpose
    from governance.consent.purposes import NoticeMark
    from governance.consent.stating import About, Said, write
    from governance.ledger import services as ledger

    digest = f"{number:064x}"
    what = About(guild, dreamer, dreamer, contribution=uuid4(), commitment=digest)
    notice = NoticeMark(1, "en", digest)
    said = Said(Purpose.BLEND, ConsentState.GIVEN, Decimal("0.75"), None, notice)
    with ledger.held(guild=guild, dreamer=dreamer):
        write(what, said, at=datetime.now(UTC))


# --- the log, and hashing alone -------------------------------------------------------------------


def hash_alone(entries: Sequence[bytes]) -> list[list[bytes]]:
    """The tree of some entries, level by level: SHA-256 and nothing else."""
    sha256 = hashlib.sha256
    levels = [[sha256(b"\x00" + entry).digest() for entry in entries]]
    while len(below := levels[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return levels


def hashing_alone(guild: UUID, count: int) -> float:
    """The seconds that it takes to hash a whole log, its entries at hand."""
    from governance.audits.reading import rows_between
    from guild.tenancy.context import tenant

    seconds = 0.0
    with tenant(guild=guild):
        for first in range(0, count, BLOCK):
            entries = [row[3] for row in rows_between(guild, first, first + BLOCK - 1)]
            seconds += timed(partial(hash_alone, entries))[0]
    return seconds


LEAF = "guild_id, index, kind, at, entry, leaf_hash, subtrees"
LEAF_TYPES = ["uuid", "int8", "varchar", "timestamptz", "bytea", "bytea", "bytea"]
LISTED = (
    'id, guild_id, dreamer_id, use_id, contribution, commitment, position, purpose, "on", subject, count, '
    "leaf_index, at"
)
SUBJECT = "id, guild_id, dreamer_id, contribution, nonce, commitment, made_at"


def load(url: str, guild: UUID, count: int) -> None:
    """Write the first leaves of the story as rows of the guild's log, and what stands beside them."""
    story = islice(Story(law=law()).told(), count)
    first, edge = 0, []
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the uses themselves are not read
        while block := list(islice(story, BLOCK)):
            hashes, subtrees, edge = grow(edge, size=first, entries=[made.entry for made in block])
            numbered = list(enumerate(block, start=first))
            with cursor.copy(f"COPY ledger_leaf ({LEAF}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(LEAF_TYPES)
                for (index, made), hashed, completed in zip(numbered, hashes, subtrees, strict=True):
                    copy.write_row((guild, index, made.kind, made.at, made.entry, hashed, completed))
            with cursor.copy(f"COPY consent_use_subject ({LISTED}) FROM STDIN") as copy:
                for row in (row for index, made in numbered for row in rows_of_use(guild, index, made)):
                    copy.write_row(row)
            with cursor.copy(f"COPY consent_subject ({SUBJECT}) FROM STDIN") as copy:
                for made in (made for made in block if made.lent):
                    copy.write_row(row_of_subject(guild, made))
            first += len(block)
        for table in ("ledger_leaf", "consent_use_subject", "consent_subject"):
            cursor.execute(f"VACUUM (FREEZE, ANALYZE) {table}")
        cursor.execute("CHECKPOINT")  # or the server writes all of it while the next thing is measured


def rows_of_use(guild: UUID, index: int, made: Made) -> Iterator[tuple[Any, ...]]:
    use, subject = uuid4(), uuid4()
    for place, lent in enumerate(made.listed):
        told = (lent.contribution, lent.commitment, place, "blend", "blend", subject, len(made.listed))
        yield (uuid4(), guild, lent.dreamer, use, *told, index, made.at)


def row_of_subject(guild: UUID, made: Made) -> tuple[Any, ...]:
    assert made.lent is not None
    lent = made.lent
    return (uuid4(), guild, lent.dreamer, lent.contribution, bytes(32), lent.commitment, made.at)


def law() -> str:
    """The digest of the law that the story's guild is under."""
    from governance.policies import engine
    from governance.policies.law import HOUSE_LAW
    from governance.policies.services import digest_of

    return digest_of(HOUSE_LAW.text, house=engine.house().digest)


# --- the audit ------------------------------------------------------------------------------------


def audit(guild: UUID, count: int) -> dict[str, Any]:
    """Read the log as an audit does and judge every leaf: the seconds, the root, the megabytes at most."""
    from governance.audits.examination import Examination
    from governance.audits.replay import Replay
    from governance.audits.snapshots import snapshot
    from governance.policies import engine

    replay = Replay(guild=str(guild), houses=engine.known_houses())
    examination = Examination(guild=guild, replay=replay, seed="", at=datetime.now(UTC))
    before = resident()
    start = time.perf_counter()
    with snapshot(guild):
        for _ in examination.blocks():
            found = examination.take()
            assert not found, f"a clean log has a finding: {found[0]}"
    seconds = time.perf_counter() - start
    assert replay.tree.size == count
    root = (replay.tree.root() or b"").hex()
    return {"audit_s": seconds, "root": root, "mb_before": before, "mb_at_most": resident()}


def resident() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- proofs, and the peer -------------------------------------------------------------------------


def proofs(guild: UUID, count: int) -> tuple[float, float]:
    """Microseconds to make a proof of inclusion from the table, and to verify it."""
    from governance.ledger import selectors
    from guild.tenancy.context import tenant

    chosen = random.Random(20).sample(range(count), min(PROOFS, count))
    with tenant(guild=guild):
        root = selectors.root(guild, size=count)
        hashes = {index: bytes(selectors.leaf(guild, index).leaf_hash) for index in chosen}
        making, made = timed(
            lambda: [selectors.inclusion_proof(guild, index=index, size=count) for index in chosen]
        )
    verifying, _ = timed(lambda: [verify(proof, hashes[proof.index], root) for proof in made])
    return 1e6 * making / len(chosen), 1e6 * verifying / len(chosen)


def verify(proof: Any, leaf: bytes, root: bytes) -> None:
    verification.verify_inclusion(
        leaf=leaf, index=proof.index, size=proof.size, proof=proof.hashes, root=root
    )


def against_pymerkle(count: int) -> dict[str, float] | None:
    """The same leaves in memory: take them in, state the root, and prove and verify some of them. None
    without pymerkle.
    """
    if pymerkle is None:
        return None
    entries = [made.entry for made in islice(Story(law=law()).told(), count)]
    chosen = random.Random(20).sample(range(count), min(PROOFS, count))
    theirs, their_root = timed(lambda: with_pymerkle(entries, chosen))
    ours, our_root = timed(lambda: with_ours(entries, chosen))
    assert our_root == their_root, "two trees of the same leaves have two roots"
    return {"leaves": count, "pymerkle_s": round(theirs, 2), "ours_s": round(ours, 2), "ratio": theirs / ours}


def with_pymerkle(entries: Sequence[bytes], chosen: Sequence[int]) -> bytes:
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    peer.append_entries(entries)
    root = peer.get_root()
    for index in chosen:
        pymerkle.verify_inclusion(peer.get_leaf(index + 1), root, peer.prove_inclusion(index + 1))
    return bytes(root)


def with_ours(entries: Sequence[bytes], chosen: Sequence[int]) -> bytes:
    hashes = [tree.leaf_hash(entry) for entry in entries]
    whole = tree.MemoryTree(hashes)
    root, size = whole.root(), len(entries)
    for index in chosen:
        path = tuple(tree.span_hash(span, whole.lookup) for span in tree.inclusion_spans(index, size))
        verification.verify_inclusion(leaf=hashes[index], index=index, size=size, proof=path, root=root)
    return root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("leaves", nargs="?", type=int, default=1_000_000)
    count = parser.parse_args().leaves
    with house() as postgres:
        *guilds, log = apart(found_guilds, GUILDS + 1)
        appends = {str(many): round(appends_per_second(guilds[:many])) for many in (1, GUILDS)}
        print({"append_per_s": appends}, flush=True)
        apart(load, postgres.url(role=SUPERUSER), log, count)
        before, audited, after = (
            apart(hashing_alone, log, count),
            apart(audit, log, count),
            apart(hashing_alone, log, count),
        )
        floor = (before + after) / 2
        print({"leaves": count, "hash_floor_s": round(floor, 2)} | audited, flush=True)
        making, verifying = apart(proofs, log, count)
    peer = apart(against_pymerkle, count)
    print(peer, flush=True)
    result = {
        "append_per_s": appends,
        "audit_1m_s": round(audited["audit_s"] * 1_000_000 / count, 2),
        "hash_floor_ratio": round(audited["audit_s"] / floor, 2),
        "pymerkle_ratio": peer and round(peer["ratio"], 2),
        "proof_us": round(making, 1),
        "verify_us": round(verifying, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
