"""A small server that speaks the wire of live sessions, and misbehaves when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

CHANNEL = "session:5f0f3f6a-8e0f-4f43-9d0c-1b9d1c3a7a10"
PAGE = b"<!doctype html><html lang=en><title>A page</title>"


@dataclass
class Wire:
    """Events recorded so far, the sockets that listen, and what arrived."""

    epoch: str = "k1"
    events: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[ServerConnection] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    pongs: int = 0
    recovers: bool = True
    silent_commands: int = 0  # this many commands are done and then not answered: the line drops
    busy_commands: int = 0  # this many are refused for the moment
    address: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def record(self, kind: str, *, announce: bool = True) -> int:
        """Record an event; an unannounced one was lost on its way."""
        with self.lock:
            self.events.append({"offset": len(self.events) + 1, "data": {"type": kind}})
            if announce:
                self.push(self.events[-1])
            return len(self.events)

    def push(self, pub: dict[str, Any]) -> None:
        self.say({"push": {"channel": CHANNEL, "pub": pub}})

    def say(self, *messages: dict[str, Any]) -> None:
        """One frame with one line a message, to everybody."""
        with self.lock:
            for socket in list(self.sockets):
                socket.send("\n".join(json.dumps(message) for message in messages))

    def hang_up(self, code: int, reason: str = "") -> None:
        with self.lock:
            sockets, self.sockets = self.sockets, []
        for socket in sockets:
            socket.close(code, reason)

    def answer(self, socket: ServerConnection) -> None:
        try:
            for frame in socket:
                for line in str(frame).split("\n"):
                    self._take(socket, json.loads(line))
        except ConnectionClosed:
            return

    def _take(self, socket: ServerConnection, command: dict[str, Any]) -> None:
        with self.lock:
            if not command:
                self.pongs += 1
            elif "connect" in command:
                hello = {"client": "c1", "ping": 25, "pong": True}
                socket.send(json.dumps({"id": command["id"], "connect": hello}))
            elif "subscribe" in command:
                self._subscribe(socket, command["id"], command["subscribe"])
            else:
                self._rpc(socket, command["id"], command["rpc"])

    def _subscribe(self, socket: ServerConnection, identity: int, asked: dict[str, Any]) -> None:
        self.subscriptions.append(asked)
        reply: dict[str, Any] = {"recoverable": True, "epoch": self.epoch, "offset": len(self.events)}
        if asked.get("recover"):
            known = self.recovers and asked["epoch"] == self.epoch
            reply |= {"was_recovering": True, "recovered": known}
            reply["publications"] = self.events[asked["offset"] :] if known else []
        socket.send(json.dumps({"id": identity, "subscribe": reply}))
        self.sockets.append(socket)

    def _rpc(self, socket: ServerConnection, identity: int, asked: dict[str, Any]) -> None:
        self.commands.append(asked)
        if self.busy_commands:
            self.busy_commands -= 1
            refusal = {"code": 111, "message": "too many requests", "temporary": True}
            socket.send(json.dumps({"id": identity, "error": refusal}))
            return
        if asked["method"] == "forbidden":
            socket.send(json.dumps({"id": identity, "error": {"code": 103, "message": "Only the host may."}}))
            return
        key = asked["data"]["key"]
        if key not in self.done:
            self.done[key] = self.record("association.added", announce=not self.silent_commands)
        if self.silent_commands:
            self.silent_commands -= 1
            self.sockets.remove(socket)
            socket.close(1011)
            return
        socket.send(json.dumps({"id": identity, "rpc": {"data": {"offset": self.done[key]}}}))


class _Files(SimpleHTTPRequestHandler):
    """The project's static files, and a blank page at /."""

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a test's output is its assertions."""


@contextmanager
def running(wire: Wire, files: Path) -> Iterator[str]:
    """Serves the wire and the files on loopback ports; yields the address of the blank page."""
    sockets: Server = serve(wire.answer, "127.0.0.1", 0)
    pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(files)))
    wire.address = f"ws://127.0.0.1:{sockets.socket.getsockname()[1]}/"
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in (sockets, pages)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{pages.server_address[1]}/"
    finally:
        wire.hang_up(1001)
        sockets.shutdown()
        pages.shutdown()
        pages.server_close()
        for thread in threads:
            thread.join()
