import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from guild.embedded import stale
from guild.embedded.binaries import VALKEY
from guild.embedded.errors import ServerFailed
from guild.embedded.folders import temporary_folder
from guild.embedded.launch import start_server
from guild.embedded.valkey import HOST, ValkeyNode
from tests.guild.embedded_scratch import is_alive, modes, until


@pytest.fixture
def node() -> Iterator[ValkeyNode]:
    with temporary_folder() as made:
        node = ValkeyNode(made / "valkey")
        yield node
        node.stop()


def port_of(node: ValkeyNode) -> int:
    return int(node.url.rsplit(":", 1)[1].split("/")[0])


def test_node_answers_at_its_url(node: ValkeyNode) -> None:
    with node, redis.Redis.from_url(node.url) as client:
        assert client.ping() is True
        assert client.config_get("bind") == {"bind": HOST}


def test_node_refuses_who_does_not_know_the_password(node: ValkeyNode) -> None:
    with (
        node,
        redis.Redis(host=HOST, port=port_of(node)) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_node_keeps_its_password_to_its_account(node: ValkeyNode) -> None:
    node.start()
    held = [node.directory / "node.json", node.directory / "valkey.conf", node.directory]
    assert modes(*held) == [0o600, 0o600, 0o700]
    command_line = Path(f"/proc/{node.pid}/cmdline").read_bytes().decode()
    assert node.url.split(":")[2].split("@")[0] not in command_line


def test_node_restarted_has_the_same_url(node: ValkeyNode) -> None:
    with node:
        first = node.url
    with ValkeyNode(node.directory) as again:
        assert again.url == first


def test_node_killed_comes_back_where_its_clients_look_for_it(node: ValkeyNode) -> None:
    node.start()
    url, pid = node.url, node.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: node.pid is None)
    node.start()
    assert node.url == url
    with redis.Redis.from_url(url) as client:
        assert client.ping() is True


def test_port_taken_by_somebody_else_is_left_to_them(node: ValkeyNode) -> None:
    with node:
        first = port_of(node)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((HOST, first))
        other.listen()
        with ValkeyNode(node.directory) as again:
            assert port_of(again) != first


def test_port_that_clients_know_is_not_exchanged(node: ValkeyNode) -> None:
    with node:
        first = port_of(node)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((HOST, first))
        other.listen()
        with pytest.raises(ServerFailed, match=r"Valkey did not start \(.*Failed listening on port"):
            node.start()


def test_note_that_cannot_be_read_is_written_anew(node: ValkeyNode) -> None:
    with node:
        first = node.url
    (node.directory / "node.json").write_text('{"port": "')
    with ValkeyNode(node.directory) as again:
        assert again.pid is not None
        assert again.url != first


def test_folder_of_an_unusual_name_is_as_good_as_any(node: ValkeyNode) -> None:
    with (
        ValkeyNode(node.directory.parent / 'a, "b" c%20 ü') as unusual,
        redis.Redis.from_url(unusual.url) as client,
    ):
        assert client.config_get("dir") == {"dir": str(unusual.directory)}


def test_node_stopped_leaves_no_process(node: ValkeyNode) -> None:
    node.start()
    pid = node.pid
    assert pid is not None
    node.stop()
    assert not is_alive(pid)


def test_interrupted_between_start_and_hold_leaves_no_server(
    node: ValkeyNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C at the worst moment: the child runs, and nobody holds its id yet."""

    def start_and_interrupt(*arguments: Any, **options: Any) -> Any:
        process = start_server(*arguments, **options)
        os.kill(os.getpid(), signal.SIGINT)
        return process

    monkeypatch.setattr("guild.embedded.valkey.start_server", start_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        node.start()
    assert stale.processes_in(node.directory, VALKEY) == []
