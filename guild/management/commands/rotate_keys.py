"""`manage.py rotate_keys`: wraps every data key under the newest key-encryption key; may be run again."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from guild.portal import key_rotation
from guild.vault.sealing import KEK_ID_BYTES


class Command(BaseCommand):
    help = (
        "Wrap every data key under the newest key-encryption key, while the house is open. Interrupted, "
        "it goes on where it stopped when it is run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-key", action="store_true", help="make a new key-encryption key first (key file only)"
        )
        parser.add_argument(
            "--destroy", metavar="ID", help="destroy this old key-encryption key (8 hex digits) afterwards"
        )

    def handle(self, *args: Any, new_key: bool, destroy: str | None, **options: Any) -> None:
        try:
            old = None if destroy is None else _kek_id(destroy)
            if new_key:
                self.stdout.write(f"New key-encryption key {key_rotation.make_newest().hex()}.")
            done = key_rotation.rewrap_all(say=self.stdout.write)
            self.stdout.write(
                f"Wrapped under {done.kek_id.hex()}: {done.guild_keys} keys of guilds, "
                f"{done.personal_keys} of dreamers."
            )
            if old is not None:
                key_rotation.require_unneeded(old)
                self.stdout.write(f"No data key needs {old.hex()} any more.")
                key_rotation.destroy_kek(old)
                self.stdout.write(f"Key-encryption key {old.hex()} is destroyed.")
        except (key_rotation.RotationRefused, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from refusal


def _kek_id(text: str) -> bytes:
    try:
        kek_id = bytes.fromhex(text)
    except ValueError:
        kek_id = b""
    if len(kek_id) != KEK_ID_BYTES:
        raise key_rotation.RotationRefused("A key-encryption key is named by 8 hex digits, like 00000001.")
    return kek_id
