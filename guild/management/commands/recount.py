"""`manage.py recount FILE`: counts a vote again from its exported file alone; exits 1 where anything differs.

Neither the database nor the network is asked: the file brings the ballots, their commitments, the leaves of
the log and their proofs. `--vkey` is the log's own key as it was noted elsewhere, so that no key of the file
need be trusted.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.deliberation.counting import Outcome
from governance.deliberation.recounted_log import problems_in_log
from governance.deliberation.recounting import Recount, recount
from governance.deliberation.told import lines_of


class Command(BaseCommand):
    help = "Count an exported vote again, offline. Exits 1 when anything in it does not agree."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the exported vote, as JSON")
        parser.add_argument("--vkey", help="the key of the guild's log, as you noted it elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        exported = _read(options["file"])
        counted = recount(exported.get("vote", {}))
        problems = (*counted.problems, *problems_in_log(exported, vkey=options["vkey"]))
        self._tell(exported, counted)
        if problems:
            self.stdout.write("\nThis does not agree:")
            for problem in problems:
                self.stdout.write(f"  {problem}")
            raise SystemExit(1)
        self.stdout.write("\nEverything agrees: every commitment opens, and the log holds every leaf.")

    def _tell(self, exported: dict[str, Any], counted: Recount) -> None:
        if counted.outcome is None:
            return
        self.stdout.write(_title(exported))
        self._table(counted.outcome, list(exported["vote"]["options"]))

    def _table(self, outcome: Outcome, options: list[str]) -> None:
        for name, value in lines_of(outcome, options=options):
            self.stdout.write(f"  {name:<28} {value}")


def _title(exported: dict[str, Any]) -> str:
    return f"{exported['vote'].get('title', '')} ({exported['vote'].get('proposal', '')})"


def _read(file: Path) -> dict[str, Any]:
    try:
        exported = json.loads(file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: take the export of a vote along from its page.") from error
    if not isinstance(exported, dict):
        raise CommandError(f"{file} is no export of a vote.")
    return exported
