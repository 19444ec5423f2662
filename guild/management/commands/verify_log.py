"""`manage.py verify_log URL`: verifies a log from outside, with nothing but its verification key."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.ledger.errors import LogRejected
from governance.ledger.following import Trust, Visit, keys
from governance.ledger.log_client import LogClient


class Command(BaseCommand):
    help = (
        "Verify a log over HTTP: every entry, every tile, the root, the signatures, and what was seen before."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the prefix of the log, such as https://host/g/<guild>/log")
        parser.add_argument("--vkey", help="its verification key, from somebody whom you trust")
        parser.add_argument("--witness", action="append", default=[], metavar="VKEY", help="one you trust")
        parser.add_argument("--quorum", type=int, help="how many of them must have cosigned (all)")
        parser.add_argument(
            "--old", type=Path, metavar="FILE", help="keeps what you have seen, between visits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with LogClient(options["url"]) as client:
                visit = Visit(client.fetch, self._trust(client, options), self.stdout.write)
                seen = visit.verify(before=self._kept(options["old"]))
            self._keep(options["old"], seen)
        except LogRejected as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Everything holds.")

    def _trust(self, client: LogClient, options: dict[str, Any]) -> Trust:
        witnesses = keys(options["witness"])
        quorum = len(witnesses) if options["quorum"] is None else options["quorum"]
        given = options["vkey"]
        if given is None:
            given = client.fetch("vkey").decode(errors="replace").strip()
            self.stdout.write(
                f"Key: {given}, taken from the server itself. That shows that the log agrees with itself; to "
                "know that it is the one you mean, get the key from somebody you trust and give it as --vkey."
            )
        (key,) = keys([given])
        return Trust(key, witnesses, quorum)

    def _kept(self, path: Path | None) -> bytes | None:
        if path is None:
            return None
        if not path.exists():
            self.stdout.write(f"Earlier visit: none; what is seen now will be kept in {path}.")
            return None
        return path.read_bytes()

    def _keep(self, path: Path | None, note: bytes) -> None:
        """Only what was verified replaces what was kept."""
        if path is None:
            return
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        new.write_bytes(note)
        new.replace(path)
