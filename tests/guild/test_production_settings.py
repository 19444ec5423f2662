import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

from tests import harness

ROOT = Path(__file__).resolve().parent.parent.parent


def production() -> dict[str, str]:
    """The environment that docker-compose.yml gives, with secrets made up for this run."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DATABASE_URL": harness.APP_URL,
        "REDIS_URL": harness.valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": "00000001:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "LEDGER_SEED": base64.b64encode(secrets.token_bytes(32)).decode(),
        "PUBLIC_URL": "https://dreams.example.org",
        "BEHIND_PROXY": "true",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp+tls://guild:password@mail.example.org:587",
        "DEFAULT_FROM_EMAIL": "guild@dreams.example.org",
        "VAR_DIR": str(harness.FOLDER / "production"),
    }


def test_deployment_check_finds_nothing() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=production(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr
