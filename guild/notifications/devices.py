"""The browsers that may ring: adding one, taking it away, and where it rings."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from guild.dreamers.models import Dreamer
from guild.notifications.errors import DeviceRefused
from guild.notifications.models import PushDevice
from guild.notifications.push import Device, device_of, is_known_service
from guild.vault import services as vault
from guild.vault.errors import VaultError
from guild.vault.places import Place

MOST_DEVICES = 10
SECRET_BYTES = 16


def devices_of(dreamer: UUID) -> list[PushDevice]:
    """The browsers that may ring, oldest first."""
    return list(PushDevice.objects.filter(dreamer_id=dreamer))


def opened(row: PushDevice) -> Device:
    """Where it rings. Raises the vault's errors."""
    return device_of(vault.open_text(key_id=row.key_id, sealed=bytes(row.device_sealed), place=_place(row)))


@transaction.atomic
def add_device(*, by: Dreamer, device: Device) -> PushDevice:
    """This browser may ring. Known already, it is the same one. Raises DeviceRefused.

    Holds the account's row: two at once come one after the other, and are counted.
    """
    if not is_known_service(device.endpoint):
        raise DeviceRefused("This browser's push service is not one that this house calls.")
    if not _has_keys(device):
        raise DeviceRefused("This is no key of a browser.")
    if not _is_held(by.pk):
        raise DeviceRefused("This account is closed.")
    digest = hashlib.sha256(device.endpoint.encode()).hexdigest()
    held = PushDevice.objects.filter(dreamer_id=by.pk)
    row = held.filter(digest=digest).first()
    if row is None and held.count() >= MOST_DEVICES:
        raise DeviceRefused(f"{MOST_DEVICES} devices ring already: remove one first.")
    row = row or PushDevice(dreamer_id=by.pk, digest=digest)
    row.key_id = vault.dreamer_key(by.pk)
    row.device_sealed = vault.seal(key_id=row.key_id, text=device.text, place=_place(row))
    row.save()
    return row


@contextmanager
def ringing_on(dreamer: UUID) -> Iterator[None]:
    """The dreamer's own key is destroyed inside; afterwards the devices are sealed under the new one."""
    held = []
    for row in devices_of(dreamer):
        with suppress(VaultError):
            held.append((row, opened(row)))
    yield
    for row, device in held:
        row.key_id = vault.dreamer_key(dreamer)
        row.device_sealed = vault.seal(key_id=row.key_id, text=device.text, place=_place(row))
        row.save(update_fields=["key_id", "device_sealed"])


@transaction.atomic
def remove_device(*, by: Dreamer, device_id: UUID) -> bool:
    """It rings no more; whether it did."""
    gone, _ = PushDevice.objects.filter(dreamer_id=by.pk, pk=device_id).delete()
    return bool(gone)


def dates_of(dreamer: UUID) -> Iterator[dict[str, Any]]:
    """For the archive: when each was added; its address is a secret of the browser's."""
    for row in PushDevice.objects.filter(dreamer_id=dreamer):
        yield {"added_at": row.added_at.isoformat()}


def _is_held(dreamer: UUID) -> bool:
    """The account's row, held until the transaction ends; whether it is open still."""
    return bool(Dreamer.objects.select_for_update(no_key=True).filter(pk=dreamer, is_active=True))


def _has_keys(device: Device) -> bool:
    """Whether it is a point of P-256 and a secret, with which a message can be encrypted (RFC 8291)."""
    try:
        point, secret = _decoded(device.p256dh), _decoded(device.auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(secret) == SECRET_BYTES


def _decoded(text: str) -> bytes:
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def _place(row: PushDevice) -> Place:
    return Place("colonies_pushdevice.device", row=row.pk, owner=row.dreamer_id)
