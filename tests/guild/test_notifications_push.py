"""What a browser is sent: encrypted, signed by the house, to services that are known, and nowhere else."""

from collections.abc import Iterator

import pytest

from guild.dreamers.models import Dreamer
from guild.notifications import devices, keys
from guild.notifications.errors import DeviceRefused
from guild.notifications.push import Device, Outcome, device_of, is_known_service, ring
from tests.guild.receiver import Browser, Receiver

MESSAGE = {"title": "Tonight", "body": "Something that you keep begins soon."}


@pytest.fixture
def receiver(settings: pytest.FixtureRequest) -> Iterator[Receiver]:
    found = Receiver()
    server = found.serve()
    settings.PUSH_SERVICES = [*settings.PUSH_SERVICES, found.origin]  # type: ignore[attr-defined]
    yield found
    server.shutdown()
    server.server_close()


def rung(device: Device) -> Outcome:
    return ring(device, MESSAGE, topic="a-topic", seconds=900)


def test_a_message_is_read_by_its_browser_alone_and_signed_by_this_house(receiver: Receiver) -> None:
    browser = Browser()
    assert rung(browser.device(receiver.origin)) is Outcome.SENT
    headers, body = receiver.received[0]
    assert browser.read(body) == MESSAGE
    assert b"Tonight" not in body
    assert (headers["TTL"], headers["Topic"], headers["Content-Encoding"]) == ("900", "a-topic", "aes128gcm")
    claims = receiver.claims()
    assert (claims["aud"], claims["sub"]) == (receiver.origin, "mailto:security@127.0.0.1")
    assert f"k={keys.public_key()}" in headers["Authorization"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.SENT),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (413, Outcome.FAILED),
        (429, Outcome.FAILED),
        (500, Outcome.FAILED),
    ],
)
def test_what_the_service_answers_says_what_came_of_it(
    receiver: Receiver, status: int, outcome: Outcome
) -> None:
    receiver.status = status
    assert rung(Browser().device(receiver.origin)) is outcome


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirection_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    assert (rung(Browser().device(receiver.origin)), len(receiver.received)) == (Outcome.FAILED, 1)


def test_a_service_that_cannot_be_reached_is_tried_again(receiver: Receiver, settings) -> None:
    settings.PUSH_SERVICES = ["http://127.0.0.1:9"]
    assert rung(Browser().device("http://127.0.0.1:9")) is Outcome.FAILED


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com@127.0.0.1/abc", False),
        ("https://evilfcm.googleapis.com/abc", False),
        ("https://push.services.mozilla.com.evil.example/abc", False),
        ("http://127.0.0.1:5432/", False),
        ("https://169.254.169.254/latest/", False),
        ("https://[::1]/", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
        ("https://fcm.googleapis.com/" + "a" * 1_000, False),
    ],
)
def test_only_known_services_are_called(endpoint: str, known: bool) -> None:
    assert is_known_service(endpoint) is known
    if not known:
        assert rung(Browser().device(endpoint)) is Outcome.GONE


def test_without_a_secret_nothing_rings_and_no_key_is_told(settings, tmp_path) -> None:
    settings.PUSH_KEY, settings.PUSH_KEY_FILE = "", tmp_path / "none"
    assert (keys.public_key(), keys.signer()) == ("", None)
    settings.PUSH_KEY = "c2hvcnQ="
    assert keys.signer() is None


def test_the_same_secret_gives_the_same_key_from_a_file_too(settings, tmp_path) -> None:
    told = keys.public_key()
    settings.PUSH_KEY_FILE = tmp_path / "push-key"
    settings.PUSH_KEY_FILE.write_text(settings.PUSH_KEY + "\n")
    settings.PUSH_KEY = ""
    assert (keys.public_key(), len(told)) == (told, 87)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("!" * 87, "A" * 22), ("A" * 87, "A" * 22), ("B" * 86 + "é", "A" * 22), ("", "A" * 16)],
)
def test_what_is_no_key_of_a_browser_is_refused_and_rings_without_breaking_anything(
    db: None, receiver: Receiver, p256dh: str, auth: str
) -> None:
    device = Device(f"{receiver.origin}/push/one", p256dh, auth)
    assert rung(device) is Outcome.FAILED
    with pytest.raises(DeviceRefused, match="no key of a browser"):
        devices.add_device(by=Dreamer(), device=device)


def test_a_device_comes_back_from_its_text() -> None:
    device = Browser().device("https://fcm.googleapis.com")
    assert device_of(device.text) == device
