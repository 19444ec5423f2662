"""One dreamer with a browser's manners: signs in through the page, keeps cookies, uses the API."""

import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from guild.portal.demo.errors import DemoFailed

TIMEOUT = 30.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Signed in at `address` (an origin such as http://127.0.0.1:8000) under a name."""

    def __init__(self, *, address: str, name: str) -> None:
        self.address = address.rstrip("/")
        self.name = name
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def sign_in(self, *, email: str, password: str) -> None:
        """Through the sign-in page. Raises DemoFailed when it does not let us in."""
        page = self._open("/accounts/login/")
        token = TOKEN.search(page.read().decode())
        if token is None:
            raise DemoFailed("The sign-in page has no form.")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token.group(1)}
        reply = self._open("/accounts/login/", data=urllib.parse.urlencode(form).encode())
        if urllib.parse.urlsplit(reply.url).path.startswith("/accounts/"):
            raise DemoFailed(f"{self.name} could not sign in: is the sample guild loaded?")

    @property
    def cookies(self) -> str:
        """The Cookie header of a socket."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def get(self, path: str) -> Any:
        """JSON from the API, below /api/v1."""
        return json.load(self._open(f"/api/v1{path}"))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """JSON to the API, below /api/v1, and its answer."""
        return json.load(
            self._open(f"/api/v1{path}", data=json.dumps(body).encode(), kind="application/json")
        )

    def _open(
        self, path: str, *, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> http.client.HTTPResponse:
        request = urllib.request.Request(self.address + path, data=data)  # noqa: S310 our own address
        request.add_header("Referer", self.address + path)
        request.add_header("Accept", "application/json, text/html")
        if data is not None:
            request.add_header("Content-Type", kind)
            request.add_header("X-CSRFToken", self._cookie("csrftoken"))
        try:
            reply: http.client.HTTPResponse = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            raise DemoFailed(f"{path} answered {error.code}: {error.read()[:300].decode()}") from error
        except OSError as error:
            raise DemoFailed(f"Nothing answers at {self.address}: start it with make up.") from error
        return reply

    def _cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self._jar if cookie.name == name), "")
