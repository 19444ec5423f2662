"""What a web process knows about one open socket."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from lounges.sessions.hub import Stream
from lounges.sessions.outbox import Outbox

BURST = 40
PER_SECOND = 10.0


@dataclass(slots=True)
class Allowance:
    """A bucket of tokens: so many commands at once, so many a second after that."""

    tokens: float = BURST
    filled_at: float = 0.0

    def take(self, now: float) -> bool:
        """Whether one more command is allowed at `now` (seconds of a steady clock)."""
        self.tokens = min(BURST, self.tokens + (now - self.filled_at) * PER_SECOND)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(eq=False, slots=True)
class Connection:
    """One socket: its queue, who it belongs to, what it listens to, and when it was last heard."""

    outbox: Outbox
    session_key: str
    id: str = field(default_factory=lambda: str(uuid4()))
    dreamer: UUID | None = None
    streams: dict[str, Stream] = field(default_factory=dict)
    offices: dict[UUID, frozenset[str]] = field(default_factory=dict)
    ping_at: float = 0.0
    pong_by: float | None = None
    allowance: Allowance = field(default_factory=Allowance)

    @property
    def owner(self) -> UUID:
        """Whose socket this is. Raises LookupError before it said so."""
        if self.dreamer is None:
            raise LookupError("This socket has not said who it belongs to.")
        return self.dreamer
