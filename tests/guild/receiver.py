"""A push service on the loopback: keeps what it is sent, and answers as it is told to."""

import base64
import json
import threading
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from guild.notifications.push import Device


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Browser:
    """The keys of a browser, with which alone a message can be read."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = bytes(range(16))

    def device(self, origin: str, name: str = "one") -> Device:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Device(f"{origin}/push/{name}", _base64(point), _base64(self.secret))

    def read(self, body: bytes) -> dict[str, str]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        message: dict[str, str] = json.loads(plain)
        return message


@dataclass
class Receiver:
    """`status` is what it answers; `received` are (headers, body) of all it was sent, `bodies`
    the last one by its path."""

    origin: str = ""
    status: int = 201
    received: list[tuple[Message, bytes]] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def serve(self) -> ThreadingHTTPServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append((self.headers, body))
                outer.bodies[self.path] = body
                self.send_response(outer.status)
                if outer.status in (301, 302, 307, 308):
                    self.send_header("Location", f"{outer.origin}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def claims(self) -> dict[str, Any]:
        """What the last request says of its sender, once its signature is checked."""
        headers = self.received[-1][0]
        assert Vapid02.verify(headers["Authorization"])
        token = headers["Authorization"].split("t=")[1].split(",")[0]
        middle = token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return claims
