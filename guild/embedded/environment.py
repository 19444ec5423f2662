"""What the processes of a local house are told: addresses, folders and secrets, as environment variables."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guild.embedded import folders
from guild.embedded.errors import Misconfigured
from guild.vault.providers import FileKeys

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent.parent
TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Wishes:
    """What was asked of `make up`: the port, the folder, and servers of one's own, if any."""

    port: int
    var: Path
    database_url: str | None
    owner_url: str | None
    redis_url: str | None
    sample: bool

    @property
    def address(self) -> str:
        """Where the house answers on this machine."""
        return f"http://{HOST}:{self.port}"

    @property
    def public_url(self) -> str:
        """The address to show: by name, because a browser makes no passkey for a bare IP address."""
        return f"http://localhost:{self.port}"


def read_wishes(environment: Mapping[str, str]) -> Wishes:
    """The wishes in an environment. Raises Misconfigured with what to change."""
    port = environment.get("PORT") or "8000"
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise Misconfigured(f"PORT is {port!r}: give a number from 1 to 65535.")
    database, owner = environment.get("DATABASE_URL") or None, environment.get("DATABASE_OWNER_URL") or None
    if (database is None) != (owner is None):
        missing = "DATABASE_URL" if database is None else "DATABASE_OWNER_URL"
        raise Misconfigured(
            f"{missing} is not given: a database of your own needs DATABASE_URL (role dreamscape_app, which "
            f"serves) and DATABASE_OWNER_URL (role dreamscape_owner, which migrates); give neither for an "
            f"embedded one."
        )
    return Wishes(
        port=int(port),
        var=Path(environment.get("VAR_DIR") or ROOT / "var").absolute(),
        database_url=database,
        owner_url=owner,
        redis_url=environment.get("REDIS_URL") or None,
        sample=(environment.get("SAMPLE") or "yes").lower() in TRUE,
    )


def make_secrets(var: Path) -> dict[str, str]:
    """The secrets of a local house, made once and kept in a folder that only its owner can read.

    What the environment gives is used instead, and nothing is made for it.
    """
    folder = var / "secrets"
    folders.make_folder(folder, mode=0o700)
    told: dict[str, str] = {}
    if not os.environ.get("SECRET_KEY"):
        kept = folder / "secret-key"
        if not kept.exists():
            folders.write_private(kept, secrets.token_urlsafe(48))
        told["SECRET_KEY"] = kept.read_text().strip()
    if not os.environ.get("VAULT_KEYS") and not os.environ.get("VAULT_KEY_FILE"):
        told["VAULT_KEY_FILE"] = str(folder / "vault-keys.json")
        FileKeys(Path(told["VAULT_KEY_FILE"]))  # made now, once: two processes would each make their own
    if not os.environ.get("LEDGER_SEED") and not os.environ.get("LEDGER_SEED_FILE"):
        seed = folder / "ledger-seed"
        if not seed.exists():
            folders.write_private(seed, base64.b64encode(secrets.token_bytes(32)).decode())
        told["LEDGER_SEED_FILE"] = str(seed)
    if not os.environ.get("PUSH_KEY") and not os.environ.get("PUSH_KEY_FILE"):
        key = folder / "push-key"
        if not key.exists():
            folders.write_private(key, base64.b64encode(secrets.token_bytes(32)).decode())
        told["PUSH_KEY_FILE"] = str(key)
    return told


def house_environment(wishes: Wishes, *, database_url: str, redis_url: str) -> dict[str, str]:
    """The whole environment of web, worker and beat. The owner's URL is not in it."""
    inherited = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    mail = wishes.var / "mail"
    folders.make_folder(mail, mode=0o700)  # letters hold links that sign people in
    told = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "VAR_DIR": str(wishes.var),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or wishes.public_url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": AS_ROOT,
        "DJANGO_SETTINGS_MODULE": "guild.settings",
    }
    return inherited | told | make_secrets(wishes.var)


# Celery would say at every start that root runs it; who starts a local house as root knows.
AS_ROOT = "ignore:You're running the worker with superuser privileges"
WITHHELD = frozenset({"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"})
