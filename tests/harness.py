"""Starts before the settings are read: a real Postgres and a real Valkey in a folder of this run alone.

Loaded by `-p tests.harness` (see pyproject.toml). The folder is short, since a Unix socket's path must be.
"""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

from guild.embedded import roles
from guild.embedded.postgres import SUPERUSER, PostgresCluster
from guild.embedded.valkey import ValkeyNode

FOLDER = Path(tempfile.mkdtemp(prefix="dreamscape-tests-", dir=os.environ.get("TEST_DIR")))
FOLDER.chmod(0o755)  # the servers may run as an account of their own
DATABASE = "dreamscape"
PROCESS = os.getpid()  # a forked child (a worker, a server) leaves the clean-up to us

valkey = ValkeyNode(FOLDER / "valkey")
valkey.start()
postgres = PostgresCluster(FOLDER / "postgres", durable=False)
postgres.start()


def stop() -> None:
    """Stop both and remove the folder."""
    if os.getpid() != PROCESS:
        return
    valkey.stop()
    postgres.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)


atexit.register(stop)

APP_URL = postgres.url(role=roles.APP, database=DATABASE)
OWNER_URL = postgres.url(role=roles.OWNER, database=DATABASE)
SUPERUSER_URL = postgres.url(role=SUPERUSER, database=DATABASE)

ENVIRONMENT = {
    "DATABASE_URL": APP_URL,
    "REDIS_URL": valkey.url,
    "SECRET_KEY": "for-tests-only-" + "k" * 50,
    "VAULT_KEYS": "00000001:" + base64.b64encode(bytes(range(32))).decode(),
    "LEDGER_SEED": base64.b64encode(bytes(range(32, 64))).decode(),
    "PUSH_KEY": base64.b64encode(bytes(range(64, 96))).decode(),
    "VAR_DIR": str(FOLDER / "var"),
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "EMAIL_URL": "memorymail://",
    "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "LOG_LEVEL": "WARNING",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",
}
os.environ.update(ENVIRONMENT)
for name in (
    "DATABASE_OWNER_URL",
    "VAULT_KEY_FILE",
    "LEDGER_SEED_FILE",
    "PUSH_KEY_FILE",
    "DEBUG",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
):
    os.environ.pop(name, None)
(FOLDER / "var" / "static").mkdir(parents=True)
