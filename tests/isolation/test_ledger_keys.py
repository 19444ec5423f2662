"""The keys of the logs are derived in memory: no table, no Valkey key, no file of the run holds one."""

import base64
import time

import psycopg
import pytest
from django.conf import settings

from governance.ledger import selectors, signing
from guild.celery import app
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.ledger_lines import grow
from tests.isolation.test_canary import PATIENCE, holdings
from tests.stack import Stack


def secrets_of(cast: Cast) -> list[bytes]:
    """The seed and every key derived from it, as bytes, in hex and in base64."""
    secret = base64.b64decode(settings.LEDGER_SEED)
    raw = [secret]
    for guild in (cast.lantern.pk, cast.harbour.pk):
        raw += [signing._derived(secret, use, guild) for use in (b"log", b"witness")]
    return [form for key in raw for form in (key, key.hex().encode(), base64.b64encode(key))]


def wait_for_cosignature(cast: Cast) -> str:
    """The signed note, once the worker has signed the log and the neighbour has cosigned it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with tenant(guild=cast.lantern.pk):
            newest = selectors.latest_checkpoint(cast.lantern.pk)
            if newest is not None and newest.cosignatures.exists():
                return selectors.signed_note(newest).decode()
        time.sleep(0.1)
    raise AssertionError("The worker did not sign the log in a minute.")


@pytest.mark.fault
def test_keys_that_sign_stand_nowhere(live_cast: Cast, stack: Stack, superuser: psycopg.Connection) -> None:
    grow(live_cast.lantern.pk, 3)
    app.send_task("ledger.checkpoint")
    note = wait_for_cosignature(live_cast)
    held = holdings(superuser, stack)
    needles = secrets_of(live_cast)
    assert [name for name, content in held if any(needle in content for needle in needles)] == []
    signed = note.splitlines()[-1].encode()  # the look-out itself: what was signed with them is found
    assert [name for name, content in held if signed in content] == ["table public.ledger_cosignature"]
