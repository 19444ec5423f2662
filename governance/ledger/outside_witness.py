"""A witness beyond this house, asked over HTTP (c2sp.org/tlog-witness)."""

import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import Any

from governance.ledger.errors import WitnessSilent
from governance.ledger.note import MOST_BYTES, Verifier
from governance.ledger.witnessing import PLAIN, Reply

SECONDS = 5.0


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the operator named the address."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere)


class OutsideWitness:
    """One witness of another operator: its key, and the address that `/add-checkpoint` is appended to."""

    def __init__(self, verifier: Verifier, url: str) -> None:
        self.verifier = verifier
        self._url = f"{url.rstrip('/')}/add-checkpoint"

    def add_checkpoint(self, body: bytes) -> Reply:
        """Its answer, whatever it is. Raises WitnessSilent when none comes."""
        request = urllib.request.Request(self._url, data=body, headers={"Content-Type": PLAIN})  # noqa: S310
        try:
            with _opener.open(request, timeout=SECONDS) as response:
                return _reply(response.status, response)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _reply(refusal.code, refusal)
        except (OSError, HTTPException) as error:
            raise WitnessSilent(f"The witness {self.verifier.name} does not answer: {error}") from error


def _reply(status: int, response: HTTPResponse | urllib.error.HTTPError) -> Reply:
    body = response.read(MOST_BYTES).decode(errors="replace")
    return Reply(status, body, response.headers.get("Content-Type", ""))
