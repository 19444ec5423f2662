"""The local house from an empty folder to the sign-in page, through every fall, and back."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guild.dreamers.models import Dreamer
from guild.embedded import stale
from guild.embedded.binaries import VALKEY
from guild.embedded.folders import temporary_folder
from guild.embedded.postgres import SUPERUSER, PostgresCluster
from guild.embedded.sample_signins import PASSWORD
from tests import harness
from tests.faults.startup_house import House
from tests.guild.embedded_scratch import IS_ROOT, is_alive, modes, until

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with temporary_folder("dreamscape-house-") as made:
        yield made


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    """A house that was opened for the first time; each test leaves it open."""
    house = House(folder / "var")
    house.open()
    yield house
    if house.process is not None and house.process.poll() is None:
        house.close()
    house.kill()


def processes_of(house: House) -> list[int]:
    """Every process that belongs to the house."""
    servers = stale.processes_in(house.var / "postgres" / "data", "postgres")
    servers += stale.processes_in(house.var / "valkey", VALKEY)
    mark = f"VAR_DIR={house.var}".encode()
    ours = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and is_alive(int(entry.name)) and mark in environment_of(entry)
    ]
    return sorted({*servers, *ours})


def environment_of(entry: Path) -> bytes:
    try:
        return (entry / "environ").read_bytes()
    except OSError:
        return b""


def server_pid(house: House, name: str) -> int:
    """The embedded server's process id: for Postgres its postmaster's."""
    if name == "postgres":
        return int((house.var / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    return stale.processes_in(house.var / "valkey", VALKEY)[0]


def superuser_url(house: House) -> str:
    return PostgresCluster(house.var / "postgres").url(role=SUPERUSER)


def test_first_start_says_where_and_how_to_sign_in(house: House) -> None:
    assert until(lambda: "Ctrl-C closes it" in house.said)
    assert f"The house is open at http://localhost:{house.port}" in house.said
    assert "ayla@example.org" in house.said
    assert PASSWORD in house.said


def test_everything_becomes_ready(house: House) -> None:
    assert until(house.is_ready, seconds=60), house.said


def test_secrets_are_for_our_eyes_only(house: House) -> None:
    secrets = house.var / "secrets"
    kept = sorted(secrets.iterdir())
    assert [path.name for path in kept] == ["ledger-seed", "push-key", "secret-key", "vault-keys.json"]
    assert modes(secrets, house.var / "mail") == [0o700] * 2
    assert modes(house.var / "house.json", *kept) == [0o600] * (1 + len(kept))


def test_processes_know_nothing_of_the_owner(house: House) -> None:
    told = [environment_of(Path(f"/proc/{house.pid_of(name)}")) for name in ("web", "worker", "beat")]
    assert [b"dreamscape_app" in text for text in told] == [True, True, True]
    assert [b"dreamscape_owner" in text for text in told] == [False, False, False]


def test_second_house_in_the_same_folder_is_refused(house: House, folder: Path) -> None:
    code, said = House(folder / "var", log=folder / "second.log").refused()
    assert code == 1
    assert said == (
        f"A house is already running from {house.var} and answers at http://localhost:{house.port}: "
        f"stop it with Ctrl-C where it was started, or give another VAR_DIR and PORT.\n"
    )
    assert house.status("/healthz") == 200


def test_demo_plays_a_session_in_the_running_house(house: House) -> None:
    assert until(house.is_ready, seconds=60), house.said
    code, said = house.play()
    assert code == 0, said
    assert said.startswith(f"Playing a session at http://localhost:{house.port} ...")
    assert "Everything above really happened." in said


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_killed_process_comes_back(house: House, name: str) -> None:
    assert until(house.is_ready, seconds=60)
    first = house.pid_of(name)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: house.pid_of(name) != first), house.said
    assert until(house.is_ready, seconds=60), house.said


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_killed_server_comes_back_and_pages_with_it(house: House, name: str) -> None:
    assert until(house.is_ready, seconds=60)
    first = server_pid(house, name)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: not is_alive(first))
    assert until(lambda: house.is_ready() and server_pid(house, name) != first, seconds=60), house.said
    assert [house.status("/readyz") for _ in range(20)] == [200] * 20


def test_house_stopped_and_started_again_keeps_everything_and_repeats_no_step(house: House) -> None:
    with psycopg.connect(superuser_url(house)) as superuser:
        before = superuser.execute(f"SELECT count(*) FROM {Dreamer._meta.db_table}").fetchone()
    assert before is not None
    assert before[0] >= 6
    told = house.told()
    assert house.close() == 0
    assert house.said.endswith(f"The house is closed; what it keeps is in {house.var}.\n")
    assert processes_of(house) == []
    house.open()
    assert house.told() == told
    assert "Preparing" not in house.said
    assert "Loading" not in house.said
    assert "Collecting" not in house.said
    with psycopg.connect(superuser_url(house)) as superuser:
        assert superuser.execute(f"SELECT count(*) FROM {Dreamer._meta.db_table}").fetchone() == before


def test_sigterm_while_starting_stops_what_was_started(house: House) -> None:
    assert house.close(signal.SIGTERM) == 0
    house.start()
    assert until(lambda: "Starting Postgres" in house.said)
    assert house.close(signal.SIGTERM) in {0, 130}
    assert processes_of(house) == []
    house.open()


def test_killed_supervisor_leaves_nothing_that_hinders_the_next_start(house: House) -> None:
    assert until(house.is_ready, seconds=60)
    house.kill()
    assert until(lambda: processes_of(house) == []), processes_of(house)
    house.open()
    assert until(house.is_ready, seconds=60), house.said


def test_taken_port_is_named_and_nothing_is_made(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = House(folder / "taken", PORT=str(port)).refused()
    assert code == 1
    assert said == (
        f"Port {port} is taken by another program: stop that, or choose another, "
        f"`make up PORT={port % 65535 + 1}`.\n"
    )
    assert sorted(path.name for path in (folder / "taken").iterdir()) == ["lock"]


def test_own_database_served_by_a_role_that_owns_it_is_refused(folder: Path, db: None) -> None:
    given = {"DATABASE_URL": harness.OWNER_URL, "DATABASE_OWNER_URL": harness.OWNER_URL}
    code, said = House(folder / "unsafe", REDIS_URL=harness.valkey.url, **given).refused()
    assert code == 1
    assert said.startswith("The database role 'dreamscape_owner' owns the table ")
    assert len(said.splitlines()) == 1


def test_own_database_that_does_not_answer_is_named(folder: Path) -> None:
    nowhere = f"postgresql://dreamscape_app@/x?host={folder}"
    given = {"DATABASE_URL": nowhere, "DATABASE_OWNER_URL": nowhere, "REDIS_URL": harness.valkey.url}
    code, said = House(folder / "nowhere", **given).refused()
    assert code == 1
    assert said.startswith("The database at DATABASE_URL does not answer: ")
    assert len(said.splitlines()) == 1


@pytest.mark.skipif(not IS_ROOT, reason="only root's servers run as another account")
def test_private_home_is_refused_by_name_and_stays_private(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    house = House(home / "checkout" / "var", log=folder / "home.log")
    code, said = house.refused()
    assert code == 1
    assert f"because {home} is closed to other users" in said
    assert "make up VAR_DIR=" in said
    assert len(said.splitlines()) == 1
    assert modes(home) == [0o700]
    assert list(home.iterdir()) == []
