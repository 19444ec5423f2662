"""Fixtures for everybody: the migrated database, the standing cast, and doors into their tenants."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, TransactionTestCase

from guild.embedded import roles
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests import harness
from tests.cast import Cast, settle_cast
from tests.stack import Stack

KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Migrate as the owner; from then on everything connects as the application's role."""
    settings = connections["default"].settings_dict
    with django_db_blocker.unblock():
        settings["USER"] = roles.OWNER
        call_command("migrate", verbosity=0)
        connection.close()
        connection.close_pool()
        settings["USER"] = roles.APP
        yield
        connection.close()
        connection.close_pool()


def empty_every_table(*, tries: int = 5) -> None:
    """Remove all rows, the ledger's too, as the superuser that no code of ours ever is.

    A page of the test before may still be asking for something: two that wait for each other are parted by
    Postgres, and then it is tried again.
    """
    try:
        _empty_every_table()
    except psycopg.errors.DeadlockDetected:
        if tries == 1:
            raise
        empty_every_table(tries=tries - 1)


def _empty_every_table() -> None:
    """By DELETE: our tables hold a handful of rows, and TRUNCATE would make every file of theirs anew. The
    lock waits for whoever is still writing, so that no row comes after.
    """
    with psycopg.connect(harness.SUPERUSER_URL) as superuser:
        superuser.execute("SET session_replication_role = replica")
        rows = superuser.execute(
            "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> ALL(%s)",
            [list(KEPT_TABLES)],
        ).fetchall()
        superuser.execute(f"LOCK TABLE {', '.join(name for (name,) in rows)} IN EXCLUSIVE MODE")
        superuser.execute("; ".join(f"DELETE FROM {name}" for (name,) in rows))


def _fixture_teardown(self: TransactionTestCase) -> None:
    empty_every_table()


TransactionTestCase._fixture_teardown = _fixture_teardown  # the application's role may not truncate


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Rate limits and the like start anew in every test that used them."""
    yield
    cache.clear()


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection]:
    """A superuser's own connection: sees what is committed, past every wall."""
    with psycopg.connect(harness.SUPERUSER_URL, autocommit=True) as connection:
        yield connection


@pytest.fixture
def cast(db: None) -> Cast:
    """Ayla, Finn, Lara, Ezra and Mira in the Lantern guild, Zed in the Harbour guild."""
    return settle_cast()


@pytest.fixture
def live_cast(transactional_db: None) -> Cast:
    """The same cast, committed: for tests with several connections, threads or processes."""
    return settle_cast()


@pytest.fixture
def within() -> Callable[[Membership], AbstractContextManager[Any]]:
    """`with within(member):` sees what that member's own request would see."""
    return lambda member: tenant(guild=member.guild_id, dreamer=member.dreamer_id)


@pytest.fixture
def client_of() -> Callable[[Membership], Client]:
    """A signed-in test client of a member."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.dreamer)
        return client

    return sign_in


@dataclass(frozen=True)
class SharedData:
    """The folder of real dream reports and public test vectors, read in place."""

    folder: Path

    @property
    def dreams(self) -> Path:
        return self.folder / "dreams.jsonl"

    @property
    def merkle_vectors(self) -> Path:
        return self.folder / "merkle-vectors.json"


@pytest.fixture(scope="session")
def shared_data() -> SharedData:
    """Skips where the shared data is absent, unless REQUIRE_SHARED_DATA says that it must be there."""
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("DREAMSCAPE_SHARED_DATA", default))
    if not folder.is_dir():
        assert not os.environ.get("REQUIRE_SHARED_DATA"), f"The shared data is required and not in {folder}."
        pytest.skip("the shared dream reports are not on this machine (set DREAMSCAPE_SHARED_DATA)")
    return SharedData(folder)


@pytest.fixture(scope="session")
def running_stack(django_db_setup: None) -> Iterator[Stack]:
    """Web server and worker, started once a run; a test that kills one starts it again."""
    stack = Stack()
    stack.collect_static()
    stack.start("web", "worker")
    yield stack
    stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Iterator[Stack]:
    """The running product. Outside of the tests that ask for it its worker takes up no blend and no audit, so
    that it takes none out of the hands of a test that looks on.
    """
    running_stack.take_up_runs()
    yield running_stack
    running_stack.leave_runs_alone()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fault tests first, since their files take longest and the others fill the time beside them. Browser
    tests last: the browser's driver keeps an event loop running, which others cannot share. Of these the
    longest first, so that no process is left alone with them.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("browser") is not None:
        return 2 if "every_page" in item.path.name else 3
    return 0 if item.get_closest_marker("fault") is not None else 1
