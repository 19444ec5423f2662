import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from guild.embedded import preparation
from guild.embedded.errors import CannotStart, DiskFull, ServerFailed
from guild.embedded.preparation import Preparation, fingerprint
from tests import harness


class Steps:
    """The management commands that were run, in place of running them."""

    def __init__(self) -> None:
        self.run: list[str] = []
        self.said: list[str] = []


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps = Steps()
    monkeypatch.setattr(
        Preparation, "_manage", lambda self, *arguments, **told: steps.run.append(arguments[0])
    )
    return steps


@pytest.fixture
def prepare(tmp_path: Path, steps: Steps, django_db_setup: None) -> Callable[[], Preparation]:
    """A preparation as a new start of the house would make it."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    return lambda: Preparation(
        environment=environment, owner_url=harness.OWNER_URL, var=tmp_path, say=steps.said.append
    )


def test_second_start_does_nothing_again(
    prepare: Callable[[], Preparation], steps: Steps, tmp_path: Path
) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    for _ in range(2):
        preparation = prepare()
        preparation.migrate()
        preparation.load_sample()
        preparation.collect_static()
    assert steps.run == ["migrate", "load_sample_guild", "collectstatic"]
    assert steps.said == [
        "Preparing the database ...",
        "Loading the sample guild ...",
        "Collecting static files ...",
    ]


def test_migration_that_is_new_is_applied(
    prepare: Callable[[], Preparation], steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare().migrate()
    known = preparation._migration_files()
    monkeypatch.setattr(preparation, "_migration_files", lambda: known[:-1])
    prepare().migrate()
    assert steps.run == ["migrate", "migrate"]


def test_database_that_is_not_as_it_was_left_is_migrated(
    prepare: Callable[[], Preparation], steps: Steps
) -> None:
    prepare().migrate()
    with psycopg.connect(harness.OWNER_URL) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('other', '0001', now())")
    try:
        prepare().migrate()
    finally:
        with psycopg.connect(harness.OWNER_URL) as owner:
            owner.execute("DELETE FROM django_migrations WHERE app = 'other'")
    assert steps.run == ["migrate", "migrate"]


def test_static_files_that_went_missing_are_collected_again(
    prepare: Callable[[], Preparation], steps: Steps
) -> None:
    prepare().collect_static()
    prepare().collect_static()
    assert steps.run == ["collectstatic", "collectstatic"]


def test_record_that_cannot_be_read_is_made_anew(
    prepare: Callable[[], Preparation], steps: Steps, tmp_path: Path
) -> None:
    prepare().load_sample()
    (tmp_path / "prepared.json").write_text('{"sample": ')
    prepare().load_sample()
    assert steps.run == ["load_sample_guild", "load_sample_guild"]


def test_record_holds_no_password(prepare: Callable[[], Preparation], tmp_path: Path) -> None:
    prepare().load_sample()
    assert harness.OWNER_URL not in (tmp_path / "prepared.json").read_text()


def test_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    nowhere = Preparation(
        environment={"VAR_DIR": str(tmp_path)},
        owner_url=f"postgresql://x@/x?host={tmp_path}",
        var=tmp_path,
        say=lambda sentence: None,
    )
    with pytest.raises(ServerFailed, match="does not answer the owner role"):
        nowhere.migrate()


@pytest.mark.parametrize(
    ("printed", "error", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", DiskFull, "stopped because the disk is full"),
        (
            "ValueError: no luck",
            CannotStart,
            r"failed \(ValueError: no luck\); all it said is in .*prepare\.log",
        ),
    ],
)
def test_command_that_fails_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, error: type[Exception], sentence: str
) -> None:
    (tmp_path / "manage.py").write_text(f"import sys; print({printed!r}); sys.exit(1)")
    monkeypatch.setattr(preparation, "ROOT", tmp_path)
    failing = Preparation(
        environment=dict(os.environ), owner_url="postgresql://x@/x", var=tmp_path, say=lambda sentence: None
    )
    with pytest.raises(error, match=sentence):
        failing.load_sample()


def test_fingerprint_knows_names_and_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "ROOT", tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    first = fingerprint([one, two])
    assert fingerprint([two, one]) == first
    two.write_text("c")
    second = fingerprint([one, two])
    one.write_text("c")
    two.write_text("a")
    assert len({first, second, fingerprint([one, two]), fingerprint([one])}) == 4
