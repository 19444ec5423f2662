import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from guild.embedded import deployment, roles
from guild.embedded.errors import Misconfigured, ServerFailed
from guild.tenancy.rolecheck import unsafe_role, why_no_answer
from tests import harness

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES = {
    "web": ("uvicorn", "guild.asgi:application", "--port", "1", "--uds", "{folder}/unsafe.sock"),
    "worker": ("celery", "-A", "guild", "worker", "--concurrency", "1"),
    "beat": ("celery", "-A", "guild", "beat", "--pidfile=", "--schedule", "{folder}/unsafe-beat"),
}


@contextmanager
def role(superuser: psycopg.Connection, *statements: str) -> Iterator[str]:
    """A role of this test alone, made by statements in which {role} stands for it."""
    name = "passing_role"
    usual = ("CREATE ROLE {role} LOGIN", "GRANT CONNECT ON DATABASE dreamscape TO {role}")
    try:
        for statement in (*usual, *statements):
            superuser.execute(sql.SQL(statement).format(role=sql.Identifier(name)))
        yield harness.postgres.url(role=name, database=harness.DATABASE)
    finally:
        for statement in ("DROP OWNED BY {role}", "DROP ROLE {role}"):
            superuser.execute(sql.SQL(statement).format(role=sql.Identifier(name)))


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (("ALTER ROLE {role} SUPERUSER",), "'passing_role' has a superuser's rights"),
        (("ALTER ROLE {role} BYPASSRLS",), "'passing_role' may bypass row-level security"),
        (
            (
                "CREATE TABLE owned (id int)",
                "ALTER TABLE owned OWNER TO {role}",
            ),
            "'passing_role' owns the table public.owned and could lift its walls",
        ),
        (("GRANT postgres TO {role}",), "'passing_role' has a superuser's rights"),
        (("GRANT dreamscape_owner TO {role}",), "'passing_role' owns the table"),
    ],
    ids=["superuser", "bypass", "owner", "member of a superuser", "member of the owner"],
)
def test_role_that_could_see_past_the_walls_is_unsafe(
    db: None, superuser: psycopg.Connection, statements: tuple[str, ...], sentence: str
) -> None:
    with role(superuser, *statements) as url:
        found = unsafe_role({"conninfo": url})
    assert found is not None
    assert sentence in found
    assert found.endswith("give DATABASE_URL the role dreamscape_app.")


@pytest.mark.parametrize("name", [roles.APP, roles.AUDITOR])
def test_role_that_is_held_by_the_walls_is_safe(db: None, name: str) -> None:
    assert unsafe_role({"conninfo": harness.postgres.url(role=name, database=harness.DATABASE)}) is None


@pytest.mark.parametrize("name", PROCESSES)
def test_process_refuses_to_start_as_the_owner(db: None, name: str) -> None:
    command = [part.format(folder=harness.FOLDER) for part in PROCESSES[name]]
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": harness.OWNER_URL},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "The database role 'dreamscape_owner' owns the table" in done.stderr
    assert "Traceback" not in done.stderr


def test_process_refuses_to_start_when_it_cannot_ask(db: None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import guild.asgi"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"postgresql://dreamscape_app@/x?host={harness.FOLDER}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The database does not answer, so nothing is served: ")


def test_web_refuses_to_start_with_a_secret_key_of_its_own_making(db: None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import guild.asgi"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "SECRET_KEY"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("SECRET_KEY is not given: ")


@pytest.mark.parametrize(
    "arguments",
    [("-c", "import guild.asgi"), ("-m", "celery", "-A", "guild", "worker")],
    ids=["web", "worker"],
)
def test_process_refuses_to_start_when_it_cannot_sign_the_ledgers(
    db: None, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"LEDGER_SEED": "", "LEDGER_SEED_FILE": str(tmp_path / "gone")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The secret of the ledgers is not at hand: ")


@pytest.fixture
def administered(superuser: psycopg.Connection) -> Iterator[Callable[..., dict[str, str]]]:
    """An environment as the one-shot container gets it, for a database of this test alone."""
    name = "administered"
    base = harness.postgres.url(role="{}", database=name)

    def environment(**more: str) -> dict[str, str]:
        return {
            "DATABASE_ADMIN_URL": harness.SUPERUSER_URL,
            "DATABASE_URL": base.format(f"{roles.APP}:served"),
            "DATABASE_OWNER_URL": base.format(f"{roles.OWNER}:owned"),
            **more,
        }

    yield environment
    superuser.execute("DROP DATABASE IF EXISTS administered WITH (FORCE)")
    for owner in roles.ROLES:
        superuser.execute(sql.SQL("ALTER ROLE {} PASSWORD NULL").format(sql.Identifier(owner)))


def test_release_settles_roles_passwords_and_rights_and_may_do_so_again(
    superuser: psycopg.Connection, administered: Callable[..., dict[str, str]]
) -> None:
    for _ in range(2):
        deployment.settle_roles(administered())
    held = superuser.execute(
        "SELECT rolname FROM pg_authid WHERE rolname = ANY(%s) AND rolpassword LIKE 'SCRAM%%' ORDER BY 1",
        [list(roles.ROLES)],
    ).fetchall()
    assert held == [(roles.APP,), (roles.OWNER,)]
    with psycopg.connect(administered()["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE night (dream text)")
    with psycopg.connect(administered()["DATABASE_URL"]) as app:
        assert app.execute("SELECT count(*) FROM night").fetchone() == (0,)


def test_release_with_a_role_that_is_not_ours_is_refused(administered: Callable[..., dict[str, str]]) -> None:
    other = administered(DATABASE_URL="postgresql://somebody:secret@/administered")
    with pytest.raises(Misconfigured, match="'somebody' is not a role of this product"):
        deployment.settle_roles(other)


def test_release_without_the_owner_is_refused() -> None:
    with pytest.raises(Misconfigured, match="DATABASE_OWNER_URL is not given"):
        deployment.migrate({})


def test_release_whose_database_does_not_answer_is_told_so(
    administered: Callable[..., dict[str, str]],
) -> None:
    nowhere = administered(DATABASE_ADMIN_URL=f"postgresql://postgres@/postgres?host={harness.FOLDER}")
    with pytest.raises(ServerFailed, match="DATABASE_ADMIN_URL does not answer"):
        deployment.settle_roles(nowhere)


def test_why_a_database_does_not_answer_is_its_reason_and_not_the_question_after_it() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/nowhere")
    assert why_no_answer(refused.value) == (
        'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    )
