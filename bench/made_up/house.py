"""A house of its own for a benchmark: a migrated Postgres and a Valkey in a temporary folder."""

from __future__ import annotations

import base64
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import django

from guild.embedded import roles
from guild.embedded.folders import temporary_folder
from guild.embedded.postgres import PostgresCluster
from guild.embedded.valkey import ValkeyNode

Result = TypeVar("Result")
fork = multiprocessing.get_context("fork")


@contextmanager
def house(*, durable: bool = True, **settings: str) -> Iterator[PostgresCluster]:
    """A migrated database; from here on Django connects to it as the application. What is
    not `durable` does not wait for its disk; `settings` are of the environment.
    """
    with (
        temporary_folder("dreamscape-bench-") as folder,
        PostgresCluster(folder / "postgres", durable=durable) as postgres,
        ValkeyNode(folder / "valkey") as valkey,
    ):
        (folder / "var" / "static").mkdir(parents=True)
        os.environ.update(
            settings,
            DJANGO_SETTINGS_MODULE="guild.settings",
            DATABASE_URL=postgres.url(),
            REDIS_URL=valkey.url,
            VAR_DIR=str(folder / "var"),
            SECRET_KEY="for-this-benchmark-only-" * 3,
            VAULT_KEYS="00000001:" + base64.b64encode(bytes(32)).decode(),
            LOG_LEVEL="WARNING",
        )
        django.setup()
        apart(migrate)
        yield postgres


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connections

    connections["default"].settings_dict["USER"] = roles.OWNER
    call_command("migrate", verbosity=0)


def apart(work: Callable[..., Result], *given: Any) -> Result:
    """The result of `work` in a process of its own: what it opens, and the memory it takes, end with it."""
    with fork.Pool(1) as pool:
        return pool.apply(work, given)
