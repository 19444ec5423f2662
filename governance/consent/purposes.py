"""The registry of purposes: what each means in the Data Privacy Vocabulary, and the notice agreed to.

A notice is never edited in place: a new text is a new version, and what was agreed to under the old one
says so.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from governance.consent.enums import Purpose

DPV: Final = "https://w3id.org/dpv#"


@dataclass(frozen=True)
class Notice:
    """The text shown when a purpose is asked for, in one language."""

    version: int
    language: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of exactly what was shown: version, language and text."""
        return hashlib.sha256(f"{self.version}\n{self.language}\n{self.text}\n".encode()).hexdigest()


@dataclass(frozen=True)
class RegisteredPurpose:
    """One purpose: `dpv` is the IRI of its parent purpose, `title` the label of its control."""

    purpose: Purpose
    dpv: str
    title: str
    notice: Notice


class Unregistered(KeyError):
    """A purpose without an entry here was about to be used."""


def _entry(purpose: Purpose, *, parent: str, title: str, text: str, version: int = 1) -> RegisteredPurpose:
    return RegisteredPurpose(purpose, f"{DPV}{parent}", title, Notice(version, "en", text))


_ENTRIES = (
    _entry(
        Purpose.SHARE_IN_SESSION,
        parent="ServiceProvision",
        title="Tell it in this session",
        text=(
            "Those who have joined this session may read the words you lend and answer them. When "
            "you withdraw, the words are erased from the session; what people remember cannot be."
        ),
    ),
    _entry(
        Purpose.BLEND,
        parent="ServiceProvision",
        title="Blend it with the others",
        text=(
            "Your dream may be set beside the others' and drawn towards them, no deeper than the "
            "depth you choose. When you withdraw, every dreamscape made with it is replaced by "
            "one made without it."
        ),
    ),
    _entry(
        Purpose.QUOTE,
        parent="ServiceProvision",
        title="Quote its words",
        text=(
            "Short pieces of your own wording may stand in the dreamscape, beside your hue. "
            "Without this, your dream takes part as a shape and a place, and none of its words "
            "are shown."
        ),
    ),
    _entry(
        Purpose.PUBLISH_TO_GUILD,
        parent="ServiceProvision",
        title="Show the dreamscape to the whole guild",
        text="A dreamscape made with your dream may be seen by members who were not in the session.",
    ),
    _entry(
        Purpose.PUBLISH_BEYOND,
        parent="ServiceProvision",
        title="Show the dreamscape beyond the guild",
        text="A dreamscape made with your dream may be shown to people outside this guild.",
    ),
    _entry(
        Purpose.EXCHANGE,
        parent="ServiceProvision",
        title="Exchange it with other guilds",
        text="Another guild may use what you lend, under the same terms, in a session held together.",
    ),
    _entry(
        Purpose.RESEARCH_AGGREGATE,
        parent="NonCommercialResearch",
        title="Count it in research",
        text=(
            "Your dream may be counted, together with those of at least four other people, in "
            "figures about how this guild dreams. None of its words are part of that."
        ),
    ),
)

REGISTRY: Final[Mapping[Purpose, RegisteredPurpose]] = MappingProxyType(
    {entry.purpose: entry for entry in _ENTRIES}
)


def registered(purpose: Purpose) -> RegisteredPurpose:
    """The entry of a purpose. Raises Unregistered: what nobody was told about, nobody consented to."""
    try:
        return REGISTRY[Purpose(purpose)]
    except (KeyError, ValueError) as error:
        raise Unregistered(
            f"{purpose} is not a registered purpose: add it, with its notice, first."
        ) from error
