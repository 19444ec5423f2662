import io
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_model_has_changed_without_its_migration(db: None) -> None:
    said = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue() == "No changes detected\n"


def test_every_migration_has_a_name_that_says_what_it_does() -> None:
    names = [path.name for path in ROOT.glob("*/migrations/[0-9]*.py")]
    assert names != []
    assert [name for name in names if "_auto_" in name] == []
