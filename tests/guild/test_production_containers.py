"""docker-compose.yml and Dockerfile run what the supervisor runs, as nobody special, on a read-only disk."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from guild.embedded import processes, roles
from guild.embedded.postgres import SETTINGS

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
OURS = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def test_containers_run_the_commands_of_the_supervisor(services: dict[str, Any]) -> None:
    table = (*processes.table(host="0.0.0.0", port=8000), processes.MIGRATE)
    expected = {process.name: ["python", *process.arguments] for process in table}
    assert {name: services[name]["command"] for name in OURS} == expected
    assert set(services) == {*OURS, "postgres", "valkey"}


def test_image_runs_the_web_process_by_itself() -> None:
    command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert command is not None
    assert json.loads(command[1]) == ["python", *processes.web(host="0.0.0.0", port=8000).arguments]


def test_image_is_made_from_hash_locked_requirements_and_runs_as_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if "pip install" in line and "--require-hashes" not in line] == []
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]


def test_image_holds_what_it_runs_and_no_more() -> None:
    allowed = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    wings = {"!guild/", "!lounges/", "!colonies/", "!governance/"}
    assert set(allowed) == wings | {"!templates/", "!static/", "!manage.py", "!requirements.lock"}


def test_every_container_is_walled_in(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert int(service["user"].split(":")[0]) > 0


def test_every_lasting_container_has_a_health_check(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]


def test_every_secret_comes_from_the_environment_and_must_be_given() -> None:
    text = COMPOSE.read_text()
    taken = set(re.findall(r"\$\{([A-Z_]+)", text))
    required = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    assert taken - required == {
        "PORT",
        "WORKER_CONCURRENCY",
        "LEDGER_WITNESSES",
        "LEDGER_WITNESSED_LOGS",
        "PUSH_KEY",
    }
    secret = {"SECRET_KEY", "VAULT_KEYS", "LEDGER_SEED"}
    assert secret | {"POSTGRES_PASSWORD", "APP_PASSWORD", "OWNER_PASSWORD"} <= required
    assert re.findall(r"://[^:/\s\"]+:(?!\$\{)[^@\s\"]+@(?!mail\.example)", text) == []


def test_only_migrate_is_told_what_may_change_tables(services: dict[str, Any]) -> None:
    told = {name: json.dumps(services[name]["environment"]) for name in OURS}
    assert [name for name in OURS if roles.OWNER in told[name] or "POSTGRES_PASSWORD" in told[name]] == [
        "migrate"
    ]


def test_nothing_serves_before_the_tables_are_migrated(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["migrate"]["restart"] == "no"


def test_postgres_is_healthy_only_once_it_answers_others(services: dict[str, Any]) -> None:
    """While it is first set up it answers on its socket alone, and migrate would come too early."""
    asked = services["postgres"]["healthcheck"]["test"]
    assert asked[:4] == ["CMD", "pg_isready", "--host", "127.0.0.1"]


def test_folder_for_what_processes_write_is_there_in_every_container(services: dict[str, Any]) -> None:
    """The clock keeps its schedule in VAR_DIR, which nobody makes in a container."""
    told = re.search(r"\bVAR_DIR=(\S+)", (ROOT / "Dockerfile").read_text())
    assert told is not None
    for name in OURS:
        assert told[1] in [mount.split(":")[0] for mount in services[name]["tmpfs"]]


def test_folder_in_memory_that_everybody_may_write_has_a_size(services: dict[str, Any]) -> None:
    """Without one it may take half of the machine's memory."""
    for name in OURS:
        assert services[name]["tmpfs"] == ["/tmp:mode=1777,size=256m"]


def test_postgres_logs_no_more_than_the_embedded_one(services: dict[str, Any]) -> None:
    command = services["postgres"]["command"]
    for name in ("log_min_messages", "log_min_error_statement", "log_error_verbosity"):
        assert f"{name}={SETTINGS[name]}" in command


def test_web_is_reached_through_a_proxy_on_this_machine_alone(services: dict[str, Any]) -> None:
    assert services["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
