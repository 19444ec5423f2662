"""The values of a guild's law that a vote is held under. Read when it opens, and kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from governance.deliberation.counting import Method
from governance.deliberation.enums import Kind
from governance.deliberation.models import Proposal
from governance.policies.law import law_of
from guild.tenancy.models import Guild


@dataclass(frozen=True)
class Rules:
    """How a vote is decided, from which share of the eligible on it is valid, and how long it runs."""

    method: Method
    quorum: Decimal
    hours: int
    sponsors: int
    secret: bool

    def document(self) -> dict[str, Any]:
        """As it is kept with a proposal."""
        return {
            "method": self.method.value,
            "quorum": f"{self.quorum:.4f}",
            "hours": self.hours,
            "sponsors": self.sponsors,
            "secret": self.secret,
        }

    @classmethod
    def kept(cls, document: Mapping[str, Any]) -> "Rules":
        """Those that a proposal opened under."""
        return cls(
            method=Method(document["method"]),
            quorum=Decimal(document["quorum"]),
            hours=int(document["hours"]),
            sponsors=int(document["sponsors"]),
            secret=bool(document["secret"]),
        )

    @property
    def quorum_share(self) -> Fraction:
        return Fraction(self.quorum)


def rules_for(proposal: Proposal, guild: Guild) -> Rules:
    """Those that the proposal has: what it opened under, or would open under now.

    Whatever does something is decided as the law says that it changes; of what does nothing, its author
    chose. An objection has a name, so a vote by consent is never secret.
    """
    if proposal.law:
        return Rules.kept(proposal.law)
    law = law_of(guild)
    method = Method(proposal.method if proposal.kind == Kind.FREE else law.change_method)
    return Rules(
        method=method,
        quorum=law.change_quorum,
        hours=law.change_hours,
        sponsors=law.sponsors,
        secret=(proposal.secret or law.secret_ballots) and method is not Method.CONSENT,
    )
