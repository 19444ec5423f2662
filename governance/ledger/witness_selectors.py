"""How far the witnesses of a log have come: for dashboards and audits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.ledger import circle, selectors, signing
from governance.ledger.models import Cosignature, SeenLog
from governance.ledger.note import TreeHead, Verifier
from guild.tenancy.context import tenant


@dataclass(frozen=True)
class WitnessState:
    """One witness of a log: the largest size that it cosigned, when, and how many leaves it is behind."""

    name: str
    size: int
    at: datetime | None
    behind: int
    is_inside: bool


def witness_states(guild: UUID) -> list[WitnessState]:
    """Every witness that the log has or had, inside its guild's tenant: those appointed now first.

    Cosignatures count under the log's present key alone.
    """
    size = selectors.size_of(guild)
    newest = _newest_cosignatures(guild)
    appointed = [verifier.vkey for verifier in circle.witnesses_of(guild)]
    former = sorted(vkey for vkey in newest if vkey not in appointed)
    states = []
    for vkey in [*appointed, *former]:
        row = newest.get(vkey)
        name = vkey.partition("+")[0]
        cosigned = row.size if row else 0
        inside = name.startswith(f"{signing.house()}/g/")
        states.append(WitnessState(name, cosigned, row.cosigned_at if row else None, size - cosigned, inside))
    return states


def _newest_cosignatures(guild: UUID) -> dict[str, Cosignature]:
    rows = Cosignature.objects.filter(
        guild_id=guild, checkpoint__vkey=signing.log_signer(guild).verifier.vkey
    )
    return {row.vkey: row for row in rows.order_by("vkey", "-size").distinct("vkey")}


def seen_by_neighbours(guild: UUID) -> dict[Verifier, TreeHead]:
    """What the guilds of this house that witness the log remember of it, each read in its own tenant.

    For audits: a log that is shorter than what a neighbour remembers, or has another root at that size, was
    cut or rewritten.
    """
    origin = signing.origin_of(guild)
    seen = {}
    for neighbour in circle.neighbours(guild):
        with tenant(guild=neighbour):
            row = SeenLog.objects.filter(guild_id=neighbour, origin=origin).first()
        if row is not None:
            key = signing.witness_signer(neighbour).verifier
            seen[key] = TreeHead(origin, row.size, bytes(row.root))
    return seen
