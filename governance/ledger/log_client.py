"""Reading a log over HTTP, one kept connection, as an outsider does. No Django."""

import zlib
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, RemoteDisconnected
from typing import Self
from urllib.parse import urlsplit

from governance.ledger.errors import LogRejected
from governance.ledger.tiles import WIDTH

SECONDS = 30.0
MOST_BYTES = WIDTH * (2 + 65_535)  # a full bundle of the longest entries


class LogClient:
    """Fetches paths below the prefix of a log, such as https://host/g/<id>/log. Follows no redirect."""

    def __init__(self, url: str) -> None:
        advice = f"{url} is no address of a log: give one such as https://host/g/<guild>/log."
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise LogRejected(advice) from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LogRejected(advice)
        self._prefix = parts.path.rstrip("/").removesuffix("/checkpoint")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, port, timeout=SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def fetch(self, path: str) -> bytes:
        """The content at a path. Raises LogRejected when the log does not show it, or does not answer."""
        try:
            try:
                response, content = self._ask(path)
            except (RemoteDisconnected, ConnectionError):  # a kept connection that the server gave up
                response, content = self._ask(path)
        except (OSError, HTTPException) as error:
            raise LogRejected(f"The log does not answer for {path} ({type(error).__name__}).") from error
        if len(content) > MOST_BYTES:
            self._connection.close()
            raise LogRejected(f"The answer for {path} is longer than any log's.")
        if response.status != 200:
            raise LogRejected(f"The log does not show {path}: it answers {response.status}.")
        return _plain(content, response, path)

    def _ask(self, path: str) -> tuple[HTTPResponse, bytes]:
        try:
            self._connection.request("GET", f"{self._prefix}/{path}", headers={"Accept-Encoding": "gzip"})
            response = self._connection.getresponse()
            return response, response.read(MOST_BYTES + 1)
        except (OSError, HTTPException):
            self._connection.close()
            raise


def _plain(content: bytes, response: HTTPResponse, path: str) -> bytes:
    if response.getheader("Content-Encoding", "identity") != "gzip":
        return content
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise LogRejected(f"The answer for {path} is not the gzip that it says.") from error
    if not unpacking.eof:
        raise LogRejected(f"The answer for {path} is cut short, or longer than any log's.")
    return plain
