"""Rings a browser: the one place that calls a push service. Only services that are named in the settings are
ever called, over TLS, and no redirection is followed.
"""

import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from pywebpush import WebPushException, webpush

from guild.notifications import keys

logger = logging.getLogger(__name__)

GONE = (404, 410)
LONGEST_ADDRESS = 1_000


class Outcome(StrEnum):
    """What came of ringing."""

    SENT = "sent"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True)
class Device:
    """Where a browser rings, and the keys that only it can read with."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def text(self) -> str:
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth})


def device_of(text: str) -> Device:
    """The way back from `Device.text`."""
    return Device(**json.loads(text))


def is_known_service(endpoint: str) -> bool:
    """Whether an address is one of a push service that may be called."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if len(endpoint) > LONGEST_ADDRESS or parts.username or parts.password:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:  # an origin, written out
        return True
    return parts.scheme == "https" and port in (None, 443) and any(map(_is_of(host), settings.PUSH_SERVICES))


def ring(device: Device, message: dict[str, str], *, topic: str, seconds: int) -> Outcome:
    """Send an encrypted message that the service keeps no longer than `seconds`. With the same topic it takes
    the place of one that waits. Never raises; neither address nor message reaches the log.
    """
    signer = keys.signer()
    if signer is None or not is_known_service(device.endpoint):
        return Outcome.GONE
    try:
        with _Session() as session:
            webpush(
                {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}},
                data=json.dumps(message),
                vapid_private_key=signer,
                vapid_claims={"sub": settings.SECURITY_CONTACT},
                ttl=seconds,
                timeout=settings.PUSH_TIMEOUT,
                headers={"Topic": topic, "Urgency": "normal"},
                requests_session=session,
            )
    except WebPushException as error:
        status = getattr(error.response, "status_code", None)
        logger.info("A push service did not take a message (%s).", status)
        return Outcome.GONE if status in GONE else Outcome.FAILED
    except (requests.RequestException, ValueError, LookupError) as error:  # the last two by its keys
        logger.info("A push service could not be reached (%s).", type(error).__name__)
        return Outcome.FAILED
    return Outcome.SENT


class _Session(requests.Session):
    """Follows no redirection, and takes nothing from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        return super().request(*arguments, **{**options, "allow_redirects": False})


def _is_of(host: str) -> Any:
    def named(service: str) -> bool:
        return host.endswith(service[1:]) if service.startswith("*.") else host == service

    return named
