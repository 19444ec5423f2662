"""The log in Postgres: gapless, append-only for everyone, and provable from few rows."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError
from pytest_django import DjangoAssertNumQueries

from governance.consent.models import Use
from governance.ledger import selectors, tree
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.errors import EntryRefused, LeafMissing, LedgerError
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.ledger.services import append, held, hold
from governance.ledger.verification import verify_consistency, verify_inclusion
from guild.tenancy.context import Tenant, current, tenant
from guild.tenancy.models import Membership
from tests.cast import Cast

Within = Callable[[Membership], AbstractContextManager[Any]]


def add(guild: UUID, count: int = 1) -> None:
    for number in range(count):
        append(guild=guild, kind=LeafKind.USE, actor=SYSTEM, detail={"number": number})


def leaf_hashes(guild: UUID) -> list[bytes]:
    rows = Leaf.objects.filter(guild_id=guild).order_by("index").values_list("leaf_hash", flat=True)
    return [bytes(row) for row in rows]


def test_append_keeps_the_exact_bytes_that_were_hashed(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        written = append(
            guild=cast.lantern.id,
            kind=LeafKind.LOUNGE_MADE,
            actor=cast.ayla.pseudonym,
            subjects=["ab" * 32],
            policy_set="cd" * 32,
            detail={"lounge": cast.lantern.id},
        )
        kept = selectors.leaf(cast.lantern.id, written.index)
    entry = decode(bytes(kept.entry))
    assert (entry.kind, entry.actor, entry.at, entry.policy_set) == (
        LeafKind.LOUNGE_MADE,
        cast.ayla.pseudonym,
        kept.at,
        "cd" * 32,
    )
    assert bytes(kept.leaf_hash) == tree.leaf_hash(bytes(kept.entry))


def test_every_row_holds_the_hashes_that_the_tree_in_memory_completes(cast: Cast, within: Within) -> None:
    """The function in Postgres is held to the pure tree: across 64, a leaf completes up to six subtrees."""
    guild = cast.lantern.id
    with within(cast.ayla):
        written = [
            append(guild=guild, kind=LeafKind.USE, actor=SYSTEM, detail={"number": number})
            for number in range(66)
        ]
        rows = Leaf.objects.filter(guild_id=guild).order_by("index")
        kept = [(row.index, bytes(row.leaf_hash), bytes(row.subtrees)) for row in rows]
        hashes = [tree.leaf_hash(bytes(row.entry)) for row in rows]
    in_memory = tree.MemoryTree(hashes)
    siblings = [[in_memory.lookup(node) for node in tree.left_siblings(size)] for size in range(66)]
    expected = [
        (index, hashed, b"".join(tree.completed_subtrees(hashed, siblings[index])))
        for index, hashed in enumerate(hashes)
    ]
    assert kept == expected
    assert [(leaf.index, leaf.leaf_hash, leaf.subtrees) for leaf in written] == expected


def a_use(guild: UUID) -> Use:
    """A row that is written beside a leaf."""
    subject = UUID(int=5)
    return Use(guild_id=guild, purpose="blend", actor=SYSTEM, on="blend", subject=subject, count=1, root="")


def test_a_row_beside_a_leaf_gets_its_index_and_is_written_with_it(
    cast: Cast, within: Within, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        add(guild, 2)
        use = a_use(guild)
        with django_assert_num_queries(1):
            written = append(guild=guild, kind=LeafKind.USE, actor=SYSTEM, beside=use)
        kept = Use.objects.get(leaf_index=2)
        assert (written.index, use.leaf_index, kept) == (2, 2, use)
        assert (kept.guild_id, kept.subject, kept.at) == (guild, use.subject, use.at)
        add(guild)
        assert selectors.head(guild).root == tree.root(leaf_hashes(guild))


def test_a_row_that_is_refused_leaves_no_leaf(cast: Cast, within: Within) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            append(guild=guild, kind=LeafKind.USE, actor=SYSTEM, beside=a_use(cast.harbour.id))
        assert selectors.size_of(guild) == 0


def test_held_enters_the_tenant_with_its_ledger_in_one_round_trip(
    live_cast: Cast, superuser: psycopg.Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    guild = live_cast.lantern.id
    free = ("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [0x1ED6E4, str(guild)])
    begin_and_commit = 2
    with (
        django_assert_num_queries(begin_and_commit + 1),
        held(guild=guild, dreamer=live_cast.mira.dreamer_id) as entered,
    ):
        assert superuser.execute(*free).fetchone() == (False,)
        assert current() == entered == Tenant(guild, live_cast.mira.dreamer_id)
    assert superuser.execute(*free).fetchone() == (True,)


def test_a_log_with_a_hole_takes_no_more_leaves(
    live_cast: Cast, within: Within, superuser: psycopg.Connection
) -> None:
    with within(live_cast.ayla):
        add(live_cast.lantern.id, 7)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DELETE FROM ledger_leaf WHERE index = 3")
    with within(live_cast.ayla), pytest.raises(LeafMissing, match="run an audit"):
        add(live_cast.lantern.id)


def test_indexes_count_from_zero_in_each_guild_alone(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        add(cast.lantern.id, 3)
    with within(cast.zed):
        add(cast.harbour.id, 2)
        assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1]
    with within(cast.ayla):
        assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1, 2]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 33])
def test_head_and_proofs_equal_those_of_the_tree_in_memory(cast: Cast, within: Within, size: int) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        add(guild, size)
        leaves = leaf_hashes(guild)
        assert selectors.head(guild) == selectors.Head(size, tree.root(leaves))
        for index in range(size):
            proof = selectors.inclusion_proof(guild, index=index, size=size)
            assert proof.hashes == tree.inclusion_proof(leaves, index)
        for old_size in range(1, size + 1):
            hashes = selectors.consistency_proof(guild, old_size=old_size, size=size)
            assert hashes == tree.consistency_proof(leaves, old_size)


def test_proofs_of_an_earlier_size_hold_after_the_log_grew(cast: Cast, within: Within) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        add(guild, 5)
        before = selectors.head(guild)
        add(guild, 8)
        after = selectors.head(guild)
        verify_consistency(
            old_size=5,
            size=13,
            old_root=before.root,
            root=after.root,
            proof=selectors.consistency_proof(guild, old_size=5, size=13),
        )
        proof = selectors.inclusion_proof(guild, index=3, size=5)
        leaf = bytes(selectors.leaf(guild, 3).leaf_hash)
        verify_inclusion(leaf=leaf, index=3, size=5, proof=proof.hashes, root=before.root)
        assert selectors.root(guild, size=5) == before.root


def test_a_proof_is_two_queries_whatever_the_size(
    cast: Cast, within: Within, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        add(guild, 40)
        with django_assert_num_queries(1):
            selectors.inclusion_proof(guild, index=11, size=40)
        with django_assert_num_queries(2):
            selectors.head(guild)


def test_asking_beyond_the_log_says_so(cast: Cast, within: Within) -> None:
    guild = cast.lantern.id
    with within(cast.ayla):
        add(guild, 2)
        with pytest.raises(LeafMissing):
            selectors.leaf(guild, 2)
        with pytest.raises(LeafMissing):
            selectors.root(guild, size=3)


def test_append_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(LedgerError, match="transaction"):
        hold(guild=UUID(int=1))


def test_append_in_another_guilds_tenant_is_refused_by_the_wall(cast: Cast, within: Within) -> None:
    with within(cast.zed), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        add(cast.lantern.id)


def test_words_never_reach_the_table(cast: Cast, within: Within) -> None:
    with within(cast.ayla), pytest.raises(EntryRefused):
        append(
            guild=cast.lantern.id,
            kind=LeafKind.USE,
            actor=cast.ayla.pseudonym,
            detail={"title": "The orchard indoors"},
        )
    with within(cast.ayla):
        assert selectors.size_of(cast.lantern.id) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_leaf SET kind = 'use'",
        "DELETE FROM ledger_leaf",
        "TRUNCATE ledger_leaf",
        "UPDATE consent_statement SET state = 'given'",
        "DELETE FROM consent_use",
        "DELETE FROM consent_use_subject",
    ],
)
def test_the_application_may_not_change_what_was_written(cast: Cast, within: Within, statement: str) -> None:
    with within(cast.ayla):
        add(cast.lantern.id)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_leaf SET kind = 'use'", "DELETE FROM ledger_leaf", "TRUNCATE ledger_leaf"],
)
def test_a_superuser_is_stopped_by_the_trigger(
    live_cast: Cast, within: Within, superuser: psycopg.Connection, statement: str
) -> None:
    with within(live_cast.ayla):
        add(live_cast.lantern.id)
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed or removed"):
        superuser.execute(statement)


def test_a_rolled_back_change_leaves_no_gap(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        add(cast.lantern.id, 2)
        point = transaction.savepoint()
        add(cast.lantern.id)
        transaction.savepoint_rollback(point)
        add(cast.lantern.id)
        assert selectors.size_of(cast.lantern.id) == 3


def test_writers_at_once_make_one_gapless_log(live_cast: Cast, within: Within) -> None:
    guild, each, writers = live_cast.lantern.id, 12, 4
    errors: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(each):
                with tenant(guild=guild):
                    add(guild)
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with within(live_cast.ayla):
        indexes = list(Leaf.objects.order_by("index").values_list("index", flat=True))
        head = selectors.head(guild)
        assert (errors, indexes) == ([], list(range(each * writers)))
        assert head.root == tree.root(leaf_hashes(guild))
