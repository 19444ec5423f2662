"""The manipulations of a guild behind the application's back that audits are held to.

Each function does one thing to the scene - with a superuser's SQL, with the keys of the vault or the ledger,
or as a process that does not keep to the rules - and says what an audit must name.
"""

from collections.abc import Callable
from typing import Any

from governance.ledger import services as ledger
from governance.ledger.enums import LeafKind
from guild.tenancy.context import tenant
from tests.faults.audited_guild import Place, Scene, one, sql

Manipulation = Callable[[Scene], Place | list[Place]]
EVERY: dict[str, Manipulation] = {}
TOGETHER: dict[str, list[str]] = {}
"""Those that get in nobody's way, by their module: one audit is held to all of a module."""

MADE_AGAIN: set[str] = set()
"""Those that only a blend that is made again shows."""
LENT, STATED, USED, LISTED = (
    "lounges_contribution",
    "consent_statement",
    "consent_use",
    "consent_use_subject",
)
LEAVES, RUNS, VOICES = "ledger_leaf", "dreamscapes_run", "dreamscapes_voice"
MADE, REFLECTED, MEMBERS = "dreamscapes_dreamscape", "dreamscapes_reflection", "tenancy_membership"
SIGNED, SEEN, KEYS = "ledger_checkpoint", "ledger_seen", "vault.data_key"


def manipulation(act: Manipulation) -> Manipulation:
    """Add one, under the name of its function."""
    EVERY[act.__name__] = act
    return act


def together(act: Manipulation) -> Manipulation:
    """Add one that gets in the way of no other of its module."""
    TOGETHER.setdefault(act.__module__, []).append(act.__name__)
    return manipulation(act)


def appended(scene: Scene, kind: LeafKind, **said: Any) -> int:
    """A leaf written as the application writes it, by somebody who calls its function themself."""
    with tenant(guild=scene.guild):
        return ledger.append(guild=scene.guild, kind=kind, **said).index


def lent_leaf(scene: Scene, name: str, kind: LeafKind = LeafKind.CONTRIBUTION_LENT) -> int:
    """The leaf that lent, corrected or withdrew somebody's dream."""
    commitment = one(
        "SELECT commitment FROM consent_subject WHERE contribution = %s", scene.contributions[name]
    )
    return int(
        one(
            "SELECT index FROM ledger_leaf WHERE guild_id = %s AND kind = %s "
            "AND position(%s::bytea in entry) > 0",
            scene.guild,
            kind.value,
            commitment.encode(),
        )
    )


def columns(table: str, **changed: Any) -> str:
    """The select list and source of a copy of a row, with some columns another value."""
    names = [
        name
        for (name,) in sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
            "ORDER BY ordinal_position",
            table,
        )
    ]
    values = (f"'{changed[name]}'" if name in changed else f'"{name}"' for name in names)
    return f"{', '.join(values)} FROM {table}"


def flipped(column: str, byte: int) -> str:
    """SQL for the value of a column with one bit of one byte the other way round."""
    return f"set_byte({column}, {byte}, get_byte({column}, {byte}) # 1)"
