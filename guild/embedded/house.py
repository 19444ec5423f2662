"""`make up`: the whole product on one machine, from an empty folder to the sign-in page and back."""

import fcntl
import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import psycopg

from guild.embedded import folders, processes, roles
from guild.embedded.account import known_account
from guild.embedded.environment import HOST, ROOT, Wishes, house_environment, make_secrets
from guild.embedded.errors import AlreadyRunning, CannotStart, PortTaken, ServerFailed
from guild.embedded.postgres import PostgresCluster
from guild.embedded.preparation import Preparation
from guild.embedded.sample_signins import ADDRESS, NAMES, PASSWORD
from guild.embedded.supervisor import House, Server
from guild.embedded.valkey import ValkeyNode
from guild.tenancy.rolecheck import unsafe_role, why_no_answer

OPEN_SECONDS = 120.0


def say(sentence: str) -> None:
    """Print one sentence at once."""
    print(sentence, flush=True)  # noqa: T201 the person at the terminal is who this is for


def open_house(wishes: Wishes) -> int:
    """Start everything, serve until Ctrl-C or SIGTERM, stop everything; the exit code.

    Raises CannotStart with one sentence when it cannot; whatever was started by then is stopped.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # also when we were started with Ctrl-C ignored
        signal.signal(number, _leave)
    begun = time.monotonic()
    with ExitStack() as stack:
        _make_var(wishes.var)
        stack.enter_context(only_one(wishes))
        refuse_taken_port(wishes.port)
        environment, owner_url, servers = _start_servers(wishes, stack)
        refuse_unsafe(environment["DATABASE_URL"])
        preparation = Preparation(environment=environment, owner_url=owner_url, var=wishes.var, say=say)
        preparation.migrate()
        if wishes.sample:
            preparation.load_sample()
        preparation.collect_static()
        refuse_unsafe(environment["DATABASE_URL"])  # again: now there are tables that it might own
        stack.enter_context(doorplate(wishes, environment))
        code = _serve(wishes, environment=environment, servers=servers, begun=begun)
    say(f"The house is closed; what it keeps is in {wishes.var}.")
    return code


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _make_var(var: Path) -> None:
    """Make the folder, but not where the servers' account could not follow."""
    if not var.exists():
        folders.require_passage(var / "postgres", known_account() if os.geteuid() == 0 else None)
    try:
        folders.make_folder(var, mode=0o755)
    except OSError as error:
        raise CannotStart(
            f"The folder {var} cannot be made ({error.strerror}): give another VAR_DIR."
        ) from error


def _start_servers(wishes: Wishes, stack: ExitStack) -> tuple[dict[str, str], str, list[Server]]:
    """The embedded servers that are wished for, started; the environment that leads to them."""
    servers: list[Server] = []
    copies = wishes.var / "programs"
    database_url, owner_url, redis_url = wishes.database_url, wishes.owner_url, wishes.redis_url
    if database_url is None or owner_url is None:
        cluster = PostgresCluster(wishes.var / "postgres", copies=copies, say=say)
        say("Starting Postgres ...")
        _start(cluster, stack)
        servers.append(cluster)
        database_url, owner_url = cluster.url(role=roles.APP), cluster.url(role=roles.OWNER)
    if redis_url is None:
        node = ValkeyNode(wishes.var / "valkey", copies=copies, say=say)
        say("Starting Valkey ...")
        _start(node, stack)
        servers.append(node)
        redis_url = node.url
    return house_environment(wishes, database_url=database_url, redis_url=redis_url), owner_url, servers


def _start(server: PostgresCluster | ValkeyNode, stack: ExitStack) -> None:
    """Start a server that the stack will stop: told so first, for an interruption may come at any moment."""
    stack.callback(server.stop)
    server.start()


@contextmanager
def only_one(wishes: Wishes) -> Iterator[None]:
    """Hold the folder for this house alone. The kernel lets go of it when we end, however we end."""
    with (wishes.var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = read_doorplate(wishes.var)
            where = f" and answers at {running['PUBLIC_URL']}" if running else ""
            raise AlreadyRunning(
                f"A house is already running from {wishes.var}{where}: "
                f"stop it with Ctrl-C where it was started, or give another VAR_DIR and PORT."
            ) from None
        yield


@contextmanager
def doorplate(wishes: Wishes, environment: dict[str, str]) -> Iterator[None]:
    """While the house is open, tell `make demo` how to find it: VAR_DIR/house.json, for our eyes only."""
    names = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PUBLIC_URL", *make_secrets(wishes.var))
    told = {name: environment[name] for name in names} | {"PORT": str(wishes.port)}
    plate = wishes.var / "house.json"
    folders.write_private(plate, json.dumps(told))
    try:
        yield
    finally:
        plate.unlink(missing_ok=True)


def read_doorplate(var: Path) -> dict[str, str] | None:
    """What a house running from this folder tells, or None."""
    try:
        told: dict[str, str] = json.loads((var / "house.json").read_text())
    except (OSError, ValueError):
        return None
    return told


def refuse_taken_port(port: int) -> None:
    """Raise PortTaken unless the port could be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise PortTaken(f"Port {port} is for root alone: choose another, `make up PORT=8001`.") from None
        except OSError:
            raise PortTaken(
                f"Port {port} is taken by another program: stop that, or choose another, "
                f"`make up PORT={port % 65535 + 1}`."
            ) from None


def refuse_unsafe(database_url: str) -> None:
    """Raise CannotStart when the serving role could pass row-level security."""
    try:
        reason = unsafe_role({"conninfo": database_url})
    except psycopg.OperationalError as error:
        raise ServerFailed(f"The database at DATABASE_URL does not answer: {why_no_answer(error)}") from None
    if reason is not None:
        raise CannotStart(reason)


def _serve(wishes: Wishes, *, environment: dict[str, str], servers: list[Server], begun: float) -> int:
    def opened() -> None:
        if wait_until(wishes.address, "/healthz", house.closing.has_rung):
            seconds = time.monotonic() - begun
            for line in welcome(wishes, environment["PUBLIC_URL"], seconds):
                house.say(line)

    house = House(servers=servers, opened=opened)
    for process in processes.table(host=HOST, port=wishes.port):
        # The sign-in page comes first: three starting at once on two cores would all be late.
        house.add(process, environment=environment, cwd=ROOT, when_open=process.name != "web")
    try:
        house.loop()
    finally:
        house.close()
    asked_to_stop = house.returncode in {130, 143}  # Ctrl-C and SIGTERM are the ordinary ways to leave
    return 0 if asked_to_stop else house.returncode or 0


def answers(address: str, path: str = "/healthz") -> bool:
    """Whether a house answers 200 at this path now."""
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=5) as reply:  # noqa: S310 our own http://
            return bool(reply.status == 200)
    except OSError:
        return False


def wait_until(address: str, path: str, given_up: Callable[[], bool], *, every: float = 0.05) -> bool:
    """Whether the house answers at this path, within OPEN_SECONDS and before it is given up."""
    deadline = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < deadline and not given_up():
        if answers(address, path):
            return True
        time.sleep(every)
    return False


def welcome(wishes: Wishes, public_url: str, seconds: float) -> list[str]:
    """What a newcomer needs to know once the house is open."""
    lines = [
        f"The house is open at {public_url} (after {seconds:.1f} s). Ctrl-C closes it; everything is kept."
    ]
    if wishes.sample:
        names = ", ".join(ADDRESS.format(name) for name in NAMES)
        lines.append(f"Sign in as one of {names}; the password of all of them is {PASSWORD}")
    lines.append(f"Letters that the house sends are put into {wishes.var / 'mail'}.")
    return lines
