"""The processes of a running house, and the commands that start them: one table for every way of running it.

`make up` and docker-compose.yml run these commands; a test holds them to each other.
"""

from dataclasses import dataclass

MOST_BYTES_A_MESSAGE = 262_144  # twice what a frame of the live protocol may hold; refused before it is read
QUEUES = ("live", "blend", "audit", "default")


@dataclass(frozen=True)
class Process:
    """A long-running process: its name, and its arguments after `python`."""

    name: str
    arguments: tuple[str, ...]


def web(*, host: str, port: int) -> Process:
    """HTTP and sockets. No access log, and no word of each socket: who opened which dream, and when, is
    nobody's to read.
    """
    options = ("--host", host, "--port", str(port), "--workers", "1")
    sockets = ("--ws-per-message-deflate", "false", "--ws-max-size", str(MOST_BYTES_A_MESSAGE))
    stopping = ("--timeout-graceful-shutdown", "10")
    quiet = ("--no-access-log", "--log-level", "warning", "--no-server-header", "--lifespan", "off")
    return Process("web", ("-m", "uvicorn", "guild.asgi:application", *options, *sockets, *stopping, *quiet))


def worker() -> Process:
    """Background work of every queue."""
    alone = ("--without-gossip", "--without-mingle")  # workers need not know of each other
    queues = ("--queues", ",".join(QUEUES))
    return Process(
        "worker",
        ("-m", "celery", "-A", "guild", "--quiet", "worker", *queues, *alone, "--loglevel", "WARNING"),
    )


def beat() -> Process:
    """The clock. No pid file: one left by a killed beat would keep every later one from starting."""
    return Process(
        "beat", ("-m", "celery", "-A", "guild", "--quiet", "beat", "--pidfile=", "--loglevel", "WARNING")
    )


def table(*, host: str, port: int) -> tuple[Process, ...]:
    """Every long-running process, in the order of starting."""
    return (web(host=host, port=port), worker(), beat())


MIGRATE = Process("migrate", ("-m", "guild.embedded", "migrate"))
