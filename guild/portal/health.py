"""Whether this process is alive, and whether the whole house is ready. Never more than that to a stranger."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

HEARTBEAT = "portal.heartbeat"
HEARTBEAT_SECONDS = 45  # beat sends one every 10 s


def note_heartbeat() -> None:
    """Called by a worker: it is alive, and so are beat and the broker between them."""
    cache.set(HEARTBEAT, "1", timeout=HEARTBEAT_SECONDS)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; asks nothing of anything else."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, else 503: {"ready": bool, "parts": {name: sentence or "ok"}}."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = all(found == "ok" for found in parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return "ok"


def _valkey() -> str:
    try:
        cache.get(HEARTBEAT)
    except (RedisError, OSError):
        return "Valkey does not answer."
    return "ok"


_migrated = False  # migrations are never undone under a running process: once found applied, asked no more


def _migrations() -> str:
    global _migrated
    if _migrated:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The migrations cannot be read."
    _migrated = not missing
    return "ok" if _migrated else "Migrations are missing: run `python -m guild.embedded migrate`."


def _worker() -> str:
    try:
        beating = cache.get(HEARTBEAT) is not None
    except (RedisError, OSError):
        return "No worker can be heard of while Valkey does not answer."
    return "ok" if beating else f"No worker gave a sign of life in the last {HEARTBEAT_SECONDS} s."


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "valkey": _valkey,
    "migrations": _migrations,
    "worker": _worker,
}
