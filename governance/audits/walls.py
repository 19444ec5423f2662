"""What the migrations made of the database's walls, read from the migrations themselves.

The statements of every RunSQL, in order, are the one place where policies, triggers, their functions and what
the application's role may do are declared. This reads as much SQL as they use, and no more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel, RunSQL

APP: Final = "dreamscape_app"
OURS: Final = ("guild", "governance", "lounges", "colonies")
BY_DEFAULT: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
"""What the role is given on every new table, see guild.embedded.roles."""

_NAME = r'(?P<table>[\w".]+)'
_ENABLE = re.compile(rf"ALTER TABLE {_NAME} ENABLE ROW LEVEL SECURITY\Z")
_POLICY = re.compile(
    rf"CREATE POLICY (?P<name>\w+) ON {_NAME}(?: AS (?P<kind>\w+))?(?: FOR (?P<command>\w+))?"
    r" TO (?P<role>\w+) USING \((?P<using>.*?)\)(?: WITH CHECK \((?P<check>.*)\))?\Z",
    re.DOTALL,
)
_TRIGGER = re.compile(
    r"CREATE (?:OR REPLACE )?TRIGGER (?P<name>\w+) (?P<timing>BEFORE|AFTER|INSTEAD OF) (?P<events>.+?) "
    rf"ON {_NAME} FOR EACH (?P<level>ROW|STATEMENT) EXECUTE FUNCTION (?P<function>[\w\".]+)\(\)\Z",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r'CREATE (?:OR REPLACE )?FUNCTION (?P<name>[\w".]+)\s*\(.*?AS\s+\$\$(?P<body>.*)\$\$\s*\Z', re.DOTALL
)
_BOUND = re.compile(
    rf'ALTER TABLE {_NAME} ADD CONSTRAINT "?(?P<name>\w+)"? (?P<kind>UNIQUE|FOREIGN KEY|CHECK)'
)
_RIGHTS = re.compile(
    rf"(?P<verb>GRANT|REVOKE) (?P<rights>[\w, ]+?) ON {_NAME} (?:TO|FROM) (?P<roles>[\w, ]+)\Z"
)


class Policy(NamedTuple):
    """A policy with its expressions in the plain form of `plain_expression`."""

    kind: str
    command: str
    role: str
    using: str
    check: str


class Trigger(NamedTuple):
    """A trigger: when it fires, for which events, and what it runs."""

    timing: str
    events: frozenset[str]
    level: str
    function: str


@dataclass
class Walls:
    """Everything declared. Tables and functions have their schema in front of their name."""

    walled: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    policies: dict[tuple[str, str], Policy] = field(default_factory=dict)
    triggers: dict[tuple[str, str], Trigger] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    bounds: set[tuple[str, str]] = field(default_factory=set)
    rights: dict[str, set[str]] = field(default_factory=dict)

    def rights_on(self, table: str) -> frozenset[str]:
        """What the application's role may do with a table."""
        return frozenset(self.rights.get(table, BY_DEFAULT))

    def read(self, statement: str) -> None:
        """Take in one statement; one that is about none of these changes nothing."""
        text = statement.strip()
        if match := _ENABLE.match(text):
            self.walled.add(full_name(match["table"]))
        elif match := _POLICY.match(text):
            self.policies[full_name(match["table"]), match["name"]] = _policy(match)
        elif match := _TRIGGER.match(text):
            self.triggers[full_name(match["table"]), match["name"]] = _trigger(match)
        elif match := _FUNCTION.match(text):
            self.functions[full_name(match["name"])] = match["body"]
        elif match := _BOUND.match(text):
            self.bounds.add((full_name(match["table"]), match["name"]))
        elif match := _RIGHTS.match(text):
            self._grant(match)

    def _grant(self, match: re.Match[str]) -> None:
        named = {right.strip() for right in match["rights"].split(",")}
        if APP not in {role.strip() for role in match["roles"].split(",")} or " " in match["table"]:
            return
        held = self.rights.setdefault(full_name(match["table"]), set(BY_DEFAULT))
        rights = set(BY_DEFAULT) if named == {"ALL"} else named
        if match["verb"] == "GRANT":
            held |= rights
        else:
            held -= rights


@cache
def declared() -> Walls:
    """What all migrations of ours declare, in their order; read once a process."""
    walls = Walls()
    for operation in _operations():
        if isinstance(operation, CreateModel):
            walls.tables.add(full_name(operation.options["db_table"]))
        elif isinstance(operation, RunSQL):
            for statement in _statements(operation.sql):
                walls.read(statement)
    return walls


def full_name(name: str) -> str:
    """A name with its schema, and without quotation marks."""
    plain = name.replace('"', "")
    return plain if "." in plain else f"public.{plain}"


def plain_expression(text: str | None) -> str:
    """An expression as written and as Postgres gives it back come to the same."""
    told = re.sub(r"\b[a-z_]+\.", "", (text or "").lower())
    told = re.sub(r"\s+|[()]|::text", "", told)
    return re.sub(r'as"?nullif"?', "", told)


def trigger_of(definition: str) -> Trigger | None:
    """A trigger as Postgres describes it; None for one that no migration of ours would write."""
    match = _TRIGGER.match(definition)
    return None if match is None else _trigger(match)


def _policy(match: re.Match[str]) -> Policy:
    return Policy(
        kind=(match["kind"] or "PERMISSIVE").upper(),
        command=(match["command"] or "ALL").upper(),
        role=match["role"],
        using=plain_expression(match["using"]),
        check=plain_expression(match["check"]),
    )


def _trigger(match: re.Match[str]) -> Trigger:
    events = frozenset(event.split()[0] for event in match["events"].split(" OR "))
    return Trigger(match["timing"], events, match["level"], full_name(match["function"]))


def _operations() -> Iterator[Any]:
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    seen = set()
    for leaf in sorted(key for key in graph.leaf_nodes() if key[0] in OURS):
        for key in graph.forwards_plan(leaf):
            if key not in seen and key[0] in OURS:
                seen.add(key)
                yield from graph.nodes[key].operations


def _statements(sql: Any) -> Iterable[str]:
    if isinstance(sql, str):
        return [sql]
    return [part if isinstance(part, str) else part[0] for part in sql]
