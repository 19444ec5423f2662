import base64
import json
from pathlib import Path

import pytest

from guild.embedded.environment import ROOT, Wishes, house_environment, make_secrets, read_wishes
from guild.embedded.errors import Misconfigured
from tests.guild.embedded_scratch import modes

GIVEN = (
    "SECRET_KEY",
    "VAULT_KEYS",
    "VAULT_KEY_FILE",
    "LEDGER_SEED",
    "LEDGER_SEED_FILE",
    "PUSH_KEY",
    "PUSH_KEY_FILE",
    "PUBLIC_URL",
)


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)


def wishes(var: Path) -> Wishes:
    return Wishes(port=8123, var=var, database_url=None, owner_url=None, redis_url=None, sample=True)


def test_wishes_of_an_empty_environment_are_an_embedded_house_at_8000() -> None:
    assert read_wishes({}) == Wishes(
        port=8000, var=ROOT / "var", database_url=None, owner_url=None, redis_url=None, sample=True
    )


def test_wishes_read_what_is_given() -> None:
    given = {
        "PORT": "9000",
        "VAR_DIR": "/srv/dreams",
        "DATABASE_URL": "postgresql://app@db/x",
        "DATABASE_OWNER_URL": "postgresql://owner@db/x",
        "REDIS_URL": "redis://r/0",
        "SAMPLE": "no",
    }
    assert read_wishes(given) == Wishes(
        port=9000,
        var=Path("/srv/dreams"),
        database_url="postgresql://app@db/x",
        owner_url="postgresql://owner@db/x",
        redis_url="redis://r/0",
        sample=False,
    )


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "80 80"])
def test_wishes_with_a_port_that_is_none_are_refused(port: str) -> None:
    with pytest.raises(Misconfigured, match="give a number from 1 to 65535"):
        read_wishes({"PORT": port})


@pytest.mark.parametrize(
    ("given", "missing"), [("DATABASE_URL", "DATABASE_OWNER_URL"), ("DATABASE_OWNER_URL", "DATABASE_URL")]
)
def test_wishes_with_one_of_the_two_database_urls_are_refused(given: str, missing: str) -> None:
    with pytest.raises(Misconfigured, match=f"^{missing} is not given"):
        read_wishes({given: "postgresql://x@db/x"})


def test_secrets_are_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    first = make_secrets(tmp_path)
    folder = tmp_path / "secrets"
    assert make_secrets(tmp_path) == first
    files = [folder / name for name in ("secret-key", "vault-keys.json", "ledger-seed", "push-key")]
    assert modes(folder, *files) == [0o700, 0o600, 0o600, 0o600, 0o600]
    assert len(first["SECRET_KEY"]) >= 50
    assert len(json.loads(Path(first["VAULT_KEY_FILE"]).read_text())["keys"]) == 1
    for name in ("LEDGER_SEED_FILE", "PUSH_KEY_FILE"):
        assert len(base64.b64decode(Path(first[name]).read_text())) == 32


def test_secrets_that_are_given_are_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("VAULT_KEYS", "00000001:given")
    monkeypatch.setenv("LEDGER_SEED", "given")
    monkeypatch.setenv("PUSH_KEY", "given")
    assert make_secrets(tmp_path) == {}
    assert list((tmp_path / "secrets").iterdir()) == []


def test_house_is_not_told_what_may_change_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/x")
    monkeypatch.setenv("DATABASE_ADMIN_URL", "postgresql://postgres@db/x")
    told = house_environment(wishes(tmp_path), database_url="postgresql://app@db/x", redis_url="redis://r/0")
    assert [value for value in told.values() if "//owner" in value or "//postgres" in value] == []
    assert told["DATABASE_URL"] == "postgresql://app@db/x"
    assert told["PUBLIC_URL"] == "http://localhost:8123"
    assert modes(tmp_path / "mail") == [0o700]
