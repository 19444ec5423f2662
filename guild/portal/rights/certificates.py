"""The certificate of an erasure: plain text that anybody can keep, print and check. Pure.

It names keys, counts and leaves, and no word of a dream. For each guild it carries the leaf as it was written
and its proof, signed by the log's own key, so that it convinces without this house.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from guild.portal.rights.enums import Extent

WIDTH = 100


@dataclass(frozen=True)
class InGuild:
    """What an erasure did in one guild, and the proof that its ledger says so."""

    name: str
    guild: UUID
    counts: tuple[tuple[str, int], ...]
    keys: tuple[UUID, ...]
    leaf_index: int
    entry: bytes
    proof: bytes
    vkey: str


@dataclass(frozen=True)
class Certificate:
    """What was destroyed, when, and where it stands."""

    id: UUID
    extent: Extent
    at: datetime
    counts: tuple[tuple[str, int], ...]
    keys: tuple[UUID, ...]
    guilds: tuple[InGuild, ...]

    @property
    def text(self) -> str:
        """The whole certificate."""
        return "\n".join(_lines(self)) + "\n"


def _lines(of: Certificate) -> Iterator[str]:
    yield from ("CERTIFICATE OF ERASURE", "======================", "")
    yield f"Certificate  {of.id}"
    yield f"Erased       {of.extent.label}"
    yield f"At           {of.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield ""
    yield from _paragraph(
        "The rows below were removed. The keys below were destroyed: what was sealed under them cannot be "
        "read again by anybody, neither here nor in any copy of the data."
    )
    yield ""
    yield from _counted(of.counts)
    yield from _listed("Keys destroyed", of.keys)
    for guild in of.guilds:
        yield from _in_guild(guild)
    if not of.guilds:
        yield from _paragraph("No guild held anything of it, so no ledger speaks of it.")


def _in_guild(guild: InGuild) -> Iterator[str]:
    title = f"In {guild.name} ({guild.guild})"
    yield from ("", title, "-" * len(title), "")
    yield from _counted(guild.counts)
    yield from _listed("Keys destroyed in this guild", guild.keys)
    yield from _paragraph(
        f"Leaf {guild.leaf_index} of this guild's log records it. Below stand the bytes of the leaf; a proof "
        "file (c2sp.org/tlog-proof), whose last part is a checkpoint that the log's key signed; and that key."
    )
    yield ""
    yield from ("-----LEAF-----", guild.entry.decode())
    yield from ("-----PROOF-----", guild.proof.decode().removesuffix("\n"))
    yield from ("-----KEY-----", guild.vkey, "-----END-----")


def _counted(counts: Iterable[tuple[str, int]]) -> Iterator[str]:
    found = [(what, count) for what, count in counts if count]
    for what, count in found:
        yield f"  {count:>7,}  {what}"
    if found:
        yield ""


def _listed(title: str, keys: Sequence[UUID]) -> Iterator[str]:
    yield f"{title}: {len(keys):,}"
    yield from (f"  {key}" for key in keys)
    yield ""


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
