"""Where the log stands, and who has signed that it only ever grew: for enforcers and for the report."""

from dataclasses import dataclass
from uuid import UUID

from governance.ledger import selectors as log
from governance.ledger.errors import LeafMissing
from governance.ledger.models import Checkpoint
from governance.ledger.witness_selectors import WitnessState, witness_states


@dataclass(frozen=True)
class WitnessLine:
    """One witness, and whether it has signed all that there was to sign."""

    name: str
    state: WitnessState
    has_kept_up: bool


@dataclass(frozen=True)
class LogState:
    """Size and root now, the newest checkpoint, None before the first, and the witnesses.

    `root` is "" where the log has a hole in it: there is none over a log that lacks a leaf.
    """

    size: int
    root: str
    checkpoint: Checkpoint | None
    witnesses: list[WitnessState]

    @property
    def unsigned(self) -> int:
        """How many leaves no checkpoint covers yet."""
        return max(self.size - (self.checkpoint.size if self.checkpoint else 0), 0)

    @property
    def lines(self) -> list[WitnessLine]:
        """The witnesses as they are shown: whoever signed the newest checkpoint has kept up."""
        return [
            WitnessLine(
                name="Another guild of this house" if witness.is_inside else witness.name,
                state=witness,
                has_kept_up=witness.at is not None and witness.behind <= self.unsigned,
            )
            for witness in self.witnesses
        ]


def log_state(guild: UUID) -> LogState:
    """Call in the guild's tenant. A number of queries that stays."""
    size = log.size_of(guild)
    try:
        root = log.root(guild, size=size).hex()
    except LeafMissing:
        root = ""
    return LogState(size, root, log.latest_checkpoint(guild), witness_states(guild))
