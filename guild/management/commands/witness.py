"""`manage.py witness`: cosigns the logs it is told of, as a process of its own that needs no database.

Run it on another machine, by another hand, than the house whose logs it watches.
"""

import base64
import os
import secrets
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandError

from governance.ledger.errors import NoteMalformed
from governance.ledger.note import KEY_BYTES, Algorithm, Cosigner, Verifier
from governance.ledger.witness_server import WitnessApplication
from governance.ledger.witness_store import SqliteStore
from governance.ledger.witnessing import Witness


class Command(BaseCommand):
    help = "Witness logs: cosign their checkpoints as long as each continues the one before."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="of its key, such as witness.example.org/w")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument("--store", type=Path, required=True, help="a folder of its own, to remember in")
        parser.add_argument("--key-file", type=Path, required=True, help="its secret; made if it is missing")
        parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="a log to witness")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = [_log_key(vkey) for vkey in options["log"]]
            cosigner = Cosigner(options["name"], seed=read_seed(options["key_file"]))
        except NoteMalformed as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The key file cannot be read or made: {error}") from error
        if not keys:
            raise CommandError("Say at least one log to witness: --log with its verification key.")
        logs = {key.name: key for key in keys}
        store = SqliteStore(options["store"])
        witness = Witness(cosigner=cosigner, key_of=logs.get, store=store, clock=time.time)
        self.stdout.write(cosigner.verifier.vkey)
        self.stdout.flush()
        uvicorn.run(
            WitnessApplication(witness, vkey=cosigner.verifier.vkey),
            host=options["host"],
            port=options["port"],
            access_log=False,
            server_header=False,
            lifespan="off",
            log_level="warning",
        )


def _log_key(vkey: str) -> Verifier:
    key = Verifier.from_vkey(vkey)
    if key.algorithm is not Algorithm.ED25519:
        raise NoteMalformed(f"The key of {key.name} is a witness's, not a log's.")
    return key


def read_seed(path: Path) -> bytes:
    """The secret in the file, which only its owner may read; made at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
    if path.stat().st_mode & 0o077:
        raise NoteMalformed(f"{path} can be read by others: make it private with chmod 600.")
    try:
        seed = base64.b64decode(path.read_text().strip(), validate=True)
    except ValueError:
        seed = b""
    if len(seed) != KEY_BYTES:
        raise NoteMalformed(f"{path} holds no key: it must be the base64 of {KEY_BYTES} bytes.")
    return seed
