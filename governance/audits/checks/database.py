"""The database's own walls, as its catalogue tells of them, against what the migrations made."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

from django.db import connection

from governance.audits.bounds import HELD, declared_bounds, missing_bounds
from governance.audits.discrepancies import LONGEST, Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.audits.walls import APP, Policy, Walls, declared, full_name, plain_expression, trigger_of

_AGAIN: Final = "Make it again as the migration does, and look for what was read or written meanwhile."

RULES = (
    Rule(
        "wall.table",
        Severity.CRITICAL,
        "A table is not walled in.",
        "Row-level security was turned off or is no longer forced, or a table was made past the migrations.",
        _AGAIN,
        (Advice.RESTORE,),
    ),
    Rule(
        "wall.policy",
        Severity.CRITICAL,
        "A policy of the database is not as it was made.",
        "It was removed, changed or added: rows of one guild or dreamer may be open to another.",
        _AGAIN,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "wall.trigger",
        Severity.CRITICAL,
        "A trigger of the database is not as it was made.",
        "It was removed, turned off, changed or added: what only grows may have been rewritten.",
        _AGAIN,
        (Advice.RESTORE,),
    ),
    Rule(
        "wall.right",
        Severity.CRITICAL,
        "A database role may do something else with a table than it was given.",
        "Rights were granted or taken past the migrations.",
        "Grant and revoke as the migrations do, and look for what was done meanwhile.",
        (Advice.RESTORE,),
    ),
    Rule(
        "wall.bound",
        Severity.CRITICAL,
        "A table may hold what it may not hold.",
        "A constraint, a unique index or what makes a column need a value was dropped: rows may be there "
        "twice, or refer to nothing.",
        _AGAIN,
        (Advice.RESTORE,),
    ),
    Rule(
        "wall.function",
        Severity.CRITICAL,
        "A function of the database is not as it was made.",
        "It was removed, changed or added: what reads past the walls, or writes the log, may now do "
        "something else.",
        _AGAIN,
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "wall.rewrite",
        Severity.CRITICAL,
        "What is written to a table is turned into something else.",
        "A rewrite rule was added: rows may not be stored, or not as they were written.",
        "Drop the rule, and look for what was not stored meanwhile.",
        (Advice.RESTORE,),
    ),
    Rule(
        "wall.role",
        Severity.CRITICAL,
        "The role of the application has powers that see past the walls.",
        "It was made a superuser, a member of another role, the owner of a table, or exempt from the walls.",
        "Take the power back, and look for what was done with it.",
        (Advice.RESTORE, Advice.ROTATE_KEY),
    ),
)

_TABLES = (
    "SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity, "
    "EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped "
    "AND a.attname IN ('guild_id', 'dreamer_id')) "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault') AND c.relkind IN ('r', 'p')"
)
_POLICIES = (
    "SELECT schemaname || '.' || tablename, policyname, permissive, cmd, array_to_string(roles, ','), qual, "
    "with_check FROM pg_policies"
)
_TRIGGERS = (
    "SELECT n.nspname || '.' || c.relname, t.tgname, t.tgenabled::text, pg_get_triggerdef(t.oid) "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault') AND NOT t.tgisinternal"
)
_FUNCTIONS = (
    "SELECT n.nspname || '.' || p.proname, p.prosrc "
    "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_temp' "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"
)
_REWRITES = (
    "SELECT n.nspname || '.' || c.relname, r.rulename, r.ev_type::text "
    "FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('public', 'vault', 'errands') AND r.rulename <> '_RETURN' ORDER BY 1, 2"
)
_REFERENCES_OFF = (
    "SELECT DISTINCT n.nspname || '.' || c.relname, coalesce(k.conname, t.tgname) "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint "
    "WHERE t.tgisinternal AND t.tgenabled <> 'O' AND n.nspname IN ('public', 'vault', 'errands') "
    "ORDER BY 1, 2"
)
_RIGHTS = (
    "SELECT n.nspname || '.' || c.relname, coalesce(r.rolname, 'public'), "
    "array_agg(DISTINCT x.privilege_type::text) "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped "
    "CROSS JOIN LATERAL "
    "(SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT * FROM aclexplode(a.attacl)) x "
    "LEFT JOIN pg_roles r ON r.oid = x.grantee "
    "WHERE n.nspname IN ('public', 'vault') AND c.relkind IN ('r', 'p', 'v', 'm') "
    "AND x.grantee <> c.relowner "
    "GROUP BY 1, 2"
)
_POWERS = (
    "SELECT 'superuser' FROM pg_roles WHERE rolname = %(role)s AND rolsuper "
    "UNION ALL SELECT 'bypasses the walls' FROM pg_roles WHERE rolname = %(role)s AND rolbypassrls "
    "UNION ALL SELECT 'makes roles' FROM pg_roles WHERE rolname = %(role)s AND rolcreaterole "
    "UNION ALL SELECT 'replicates' FROM pg_roles WHERE rolname = %(role)s AND rolreplication "
    "UNION ALL SELECT 'member of ' || g.rolname FROM pg_auth_members m "
    "JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = %(role)s "
    "UNION ALL SELECT 'owns ' || c.oid::regclass::text "
    "FROM pg_class c JOIN pg_roles u ON u.oid = c.relowner "
    "WHERE u.rolname = %(role)s AND c.relkind IN ('r', 'p', 'v', 'm') "
    "UNION ALL SELECT 'set: ' || unnest(s.setconfig) FROM pg_db_role_setting s "
    "LEFT JOIN pg_roles u ON u.oid = s.setrole "
    "WHERE (s.setrole = 0 OR u.rolname = %(role)s) AND "
    "array_to_string(s.setconfig, ' ') ~ '(session_replication_role|row_security)' "
    "ORDER BY 1"
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Tables, policies, triggers with their functions, rights, and the powers of the application's role."""
    walls = declared()
    yield from _tables(examination, walls)
    yield from _policies(examination, walls)
    yield from _triggers(examination, walls)
    yield from _functions(examination, walls)
    yield from _bounds(examination, walls)
    yield from _rights(examination, walls)
    for (power,) in _fetched(_POWERS, {"role": APP}):
        yield Discrepancy("wall.role", None, "pg_roles", f"{APP} {power}"[:80], "none", power[:LONGEST])


def _tables(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    found = {name: state for name, *state in _fetched(_TABLES)}
    for name, (enabled, forced, is_ours) in sorted(found.items()):
        if (is_ours or name in walls.walled) and not (enabled and forced):
            told = f"enabled={enabled} forced={forced}"
            yield Discrepancy("wall.table", None, name, "row-level security", "enabled and forced", told)
    for name in sorted(walls.walled - found.keys()):
        yield Discrepancy("wall.table", None, name, "", "a table", "none")
    examination.count("tables", len(found))


def _policies(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    found = {
        (table, name): Policy(kind, command, role, plain_expression(using), plain_expression(check))
        for table, name, kind, command, role, using, check in _fetched(_POLICIES)
    }
    for key in sorted(walls.policies.keys() | found.keys()):
        told, stored = walls.policies.get(key), found.get(key)
        expected = told._asdict() if told else {"policy": "none"}
        actual = {"policy": "there", **(stored._asdict() if stored else {})}
        if apart := differing(expected, actual):
            yield Discrepancy("wall.policy", None, key[0][:63], f"policy {key[1]}"[:80], *apart)
    examination.count("policies of the database", len(found))


def _triggers(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    bodies = {full_name(name): body for name, body in _fetched(_FUNCTIONS)}
    found = {(table, name): (on, definition) for table, name, on, definition in _fetched(_TRIGGERS)}
    for key in sorted(walls.triggers.keys() | found.keys()):
        table, row = key[0][:63], f"trigger {key[1]}"[:80]
        told = walls.triggers.get(key)
        if told is None or key not in found:
            pair = ("none", "a trigger") if told is None else ("a trigger", "none")
            yield Discrepancy("wall.trigger", None, table, row, *pair)
            continue
        on, definition = found[key]
        stored = trigger_of(definition)
        expected = {"on": "O", **told._asdict(), "body": walls.functions.get(told.function)}
        actual = {"on": on, **(stored._asdict() if stored else {}), "body": bodies.get(told.function)}
        if apart := differing(expected, actual):
            yield Discrepancy("wall.trigger", None, table, row, *apart)
    examination.count("triggers", len(found))


def _functions(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    """Every function, whether a trigger runs it or not; and rules that rewrite what is written."""
    found: dict[str, list[str]] = {}
    for name, body in _fetched(_FUNCTIONS):
        found.setdefault(full_name(name), []).append(body)
    for name in sorted(walls.functions.keys() | found.keys()):
        told = [walls.functions[name]] if name in walls.functions else []
        if told != found.get(name, []):
            expected, actual = (_digest(bodies) for bodies in (told, found.get(name, [])))
            yield Discrepancy("wall.function", None, "pg_proc", name, expected, actual)
    for table, rule, event in _fetched(_REWRITES):
        yield Discrepancy("wall.rewrite", None, table, f"rule {rule}", "none", f"event={event}")
    examination.count("functions", len(found))


def _digest(bodies: Sequence[str]) -> str:
    return " ".join(sha256(body.encode()).hexdigest() for body in bodies) or "none"


def _bounds(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    """What no table may hold, and what is kept from being held to it."""
    declared = list(declared_bounds(walls))
    for bound in missing_bounds(declared):
        yield Discrepancy("wall.bound", None, bound.table, bound.words, "kept to", "not kept to")
    for table, reference in _fetched(_REFERENCES_OFF):
        yield Discrepancy("wall.bound", None, table, f"{HELD} {reference}", "kept to", "turned off")
    examination.count("bounds", len(declared))


def _rights(examination: Examination, walls: Walls) -> Iterator[Discrepancy]:
    """What the application may do with each table that migrations made, and whether anybody else may."""
    held: dict[str, set[str]] = {}
    for table, role, rights in _fetched(_RIGHTS):
        if role == APP:
            held[table] = set(rights)
        elif table in walls.tables:
            told = ",".join(sorted(rights))
            yield Discrepancy("wall.right", None, table[:63], f"rights of {role}"[:80], "none", told)
    for table in sorted(walls.tables):
        if apart := differing({"may": walls.rights_on(table)}, {"may": held.get(table, set())}):
            yield Discrepancy("wall.right", None, table[:63], f"rights of {APP}", *apart)
    examination.count("rights", len(walls.tables))


def _fetched(statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


CHECK = Check("database", "The walls of the database", look, RULES)
