"""The account that the embedded servers run as.

Postgres refuses to run as root. Started by a user, the servers run as that user; started by root, they
run as the system user `dreamscape`, which is added when the machine has none.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guild.embedded.errors import AccountMissing

ACCOUNT_NAME = "dreamscape"


@dataclass(frozen=True)
class Account:
    """Another user than ours, to whom the servers and their folders belong."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give one path, that we made, to this account."""
        os.chown(path, self.uid, self.gid)


def account_name() -> str:
    """The system user for servers started by root: EMBEDDED_USER, or `dreamscape`."""
    return os.environ.get("EMBEDDED_USER") or ACCOUNT_NAME


def known_account() -> Account | None:
    """The servers' account if the machine has it; None when it has to be added first."""
    try:
        entry = pwd.getpwnam(account_name())
    except KeyError:
        return None
    if entry.pw_uid == 0:
        raise AccountMissing(
            "EMBEDDED_USER names root, and Postgres does not run as root: name another user."
        )
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def ensure_account(say: Callable[[str], None]) -> Account | None:
    """The account to run servers as: None when we are not root, and ourselves will do.

    Raises AccountMissing when the machine has no such user and adding it fails.
    """
    if os.geteuid() != 0:
        return None
    account = known_account()
    if account is not None:
        return account
    name = account_name()
    say(f"Adding the system user {name!r}: Postgres does not run as root.")
    _add_system_user(name)
    account = known_account()
    if account is None:
        raise AccountMissing(f"The system user {name!r} was added but cannot be found: check /etc/passwd.")
    return account


def _add_system_user(name: str) -> None:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    advice = f"add a user yourself and name it in EMBEDDED_USER (now {name!r}), or run as an ordinary user."
    if useradd is None:
        raise AccountMissing(f"Postgres does not run as root, and this machine has no useradd: {advice}")
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", name]
    added = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own words
    if added.returncode != 0:
        reason = added.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise AccountMissing(f"The system user {name!r} could not be added ({reason[0]}): {advice}")
