"""A line of the table: an address, and what each person is answered there.

The columns are nobody (not signed in), Zed (of another guild), Mira (whose dream it is; she takes part),
Finn (takes part), Ezra (a member who does not take part) and Ayla (steward, architect, host).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.consent.enums import Purpose
from governance.consent.purposes import REGISTRY

Answers = tuple[int, int, int, int]

SIGN_IN = 302  # to the sign-in page


@dataclass(frozen=True)
class Route:
    """One method of one address; `arguments` names what its path needs, `body` what is sent: a value, or
    `$name` for the world's own.
    """

    method: str
    name: str
    arguments: tuple[str, ...]
    expected: tuple[int, int, int, int, int, int]
    body: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_of_a_guild(self) -> bool:
        return bool({"guild_slug", "guild_id"} & {*self.arguments})

    @property
    def is_guilds_row(self) -> bool:
        """Whether it names a row of a guild, and not only the guild."""
        return "guild_slug" in self.arguments and bool({*self.arguments} - {"guild_slug", "article"})

    def __str__(self) -> str:
        return f"{self.method}-{self.name}"


def mine(
    method: str, address: str, /, *arguments: str, owner: int, nobody: int = SIGN_IN, **body: Any
) -> Route:
    """A thing of Mira's own that nobody else may know of."""
    return Route(method, address, arguments, (nobody, 404, owner, 404, 404, 404), body)


def page(method: str, address: str, /, *arguments: str, answers: Answers, **body: Any) -> Route:
    """A page of the guild: sign-in for nobody, 404 for strangers, then Mira, Finn, Ezra and Ayla."""
    return Route(method, address, ("guild_slug", *arguments), (SIGN_IN, 404, *answers), body)


def api(method: str, address: str, /, *arguments: str, answers: Answers, **body: Any) -> Route:
    """The same in the API, where nobody is told 403."""
    return Route(method, address, ("guild_slug", *arguments), (403, 404, *answers), body)


def anybodys(method: str, address: str, /, *arguments: str, answer: int) -> Route:
    """An address below a guild's id that answers outsiders as members: its log, which holds no words."""
    return Route(method, address, ("guild_id", *arguments), (answer,) * 6)


def asked(address: str, /, *, answers: Answers, **body: Any) -> Route:
    """A form of the session's page: what is done, and what is not possible now, leads back to the page."""
    return page("POST", address, SESSION, answers=answers, key=KEY, **body)


SESSION = "session_id"
KEY = "3f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11"
NEW_SESSION = {"title": "Another", "format": "open_circle", "confidentiality": "session", "when": "now"}
COLONY, RITUAL = "colony_slug", "ritual_id"
TEA = {"title": "Tea", "steps": [{"kind": "tea", "text": "Pour the tea.", "seconds": 60}]}
AT_DUSK = {"kind": "local", "starts": "2026-11-25T21:30"}
PORTUGUESE = {"language": "pt", "title": "A lâmpada", "step_0": "Apaga a lâmpada."}
ABOUT_MIRAS_DREAM = {
    "scope": "contribution",
    "about": "$contribution",
    "purpose": "quote",
    "notice": REGISTRY[Purpose.QUOTE].notice.digest,
}
ALL = (200, 200, 200, 200)
HOST_ALONE = (403, 403, 403, 200)
NUMBERS = {
    "affect_scale": "0.25",
    "time_scale": "0.50",
    "quotes_per_motif": 3,
    "terms_per_motif": 5,
    "weave_moments": 3,
}
OUTSIDE = (403, 403, 403, 403)  # a colony's leaders alone, of whom none is asked here
CIRCLE = (200, 200, 403, 200)  # those who take part
BACK = (302, 302, 302, 302)
HOST = (403, 403, 403, 302)
ENFORCER = (403, 403, 200, 403)
DECIDED = (403, 403, 302, 403)
DECISION = "decision_id"
PROPOSED = {"title": "Quiet after eight", "text": "We close the lounge at eight."}
MIRA, OF_MIRA, NOT_MIRA = (302, 403, 403, 403), (200, 403, 403, 403), (403, 302, 302, 302)
REASONS = "The leaf and the row do not say the same."
