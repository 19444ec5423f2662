"""The registry of purposes: what each means in the Data Privacy Vocabulary (DPV 2.3), what is done for it,
and the notice agreed to.

A notice is never edited in place: a new text is a new version, the old one stays among `earlier`, and what
was agreed to under it says so.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from governance.consent.enums import Purpose
from governance.consent.vocabulary import DPV


@dataclass(frozen=True)
class NoticeMark:
    """Which text it was: enough to find it again in `NOTICES`."""

    version: int
    language: str
    digest: str


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

    @property
    def mark(self) -> NoticeMark:
        return NoticeMark(self.version, self.language, self.digest)


@dataclass(frozen=True)
class RegisteredPurpose:
    """One purpose.

    `dpv` is the IRI of its parent purpose, `title` the label of its control, `done` what is said of a use.
    `processing`, `categories` and `recipients` say what is done, with what, and who receives it; `processing`
    are DPV terms. `of_dreams` is whether it is asked of each lent dream, or of the person alone. `in_use` is
    whether anything in the house is done for it yet.
    """

    purpose: Purpose
    dpv: str
    title: str
    done: str
    notice: Notice
    processing: tuple[str, ...]
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    of_dreams: bool = True
    in_use: bool = False
    earlier: tuple[Notice, ...] = ()


class Unregistered(KeyError):
    """A purpose without an entry here was about to be used."""


PARTICIPANTS = "members who joined the session"
WORDS_LENT = "the words, the title and the reading of a lent dream"
NUMBERS_OF_A_DREAM = "the numbers read from a lent dream: shape, feelings, moments"
UNTIL_TAKEN_BACK = (
    "until the dreamer takes it back, and its key is then destroyed; once it runs out it opens for nobody"
)

_ENTRIES = (
    RegisteredPurpose(
        Purpose.SHARE_IN_SESSION,
        dpv=f"{DPV}ServiceProvision",
        title="Tell it in this session",
        done="Read in a session",
        notice=Notice(
            2,
            "en",
            "Those who have joined this session may read the words you lend and answer them. When you "
            "withdraw, the words are erased from the session, and everybody who could read them is told that "
            "the dream was taken back; what people remember cannot be erased.",
        ),
        processing=("Store", "MakeAvailable"),
        categories=(WORDS_LENT,),
        recipients=(PARTICIPANTS,),
        retention=UNTIL_TAKEN_BACK,
        in_use=True,
        earlier=(
            Notice(
                1,
                "en",
                "Those who have joined this session may read the words you lend and answer them. When "
                "you withdraw, the words are erased from the session; what people remember cannot be.",
            ),
        ),
    ),
    RegisteredPurpose(
        Purpose.BLEND,
        dpv=f"{DPV}ServiceProvision",
        title="Blend it with the others",
        done="Blended",
        notice=Notice(
            1,
            "en",
            "Your dream may be set beside the others' and drawn towards them, no deeper than the "
            "depth you choose. When you withdraw, every dreamscape made with it is replaced by "
            "one made without it.",
        ),
        processing=("Analyse", "Combine", "Store"),
        categories=(NUMBERS_OF_A_DREAM,),
        recipients=(PARTICIPANTS,),
        retention="as long as the dreamscape stands; it is made again without a dream that is taken back",
        in_use=True,
    ),
    RegisteredPurpose(
        Purpose.QUOTE,
        dpv=f"{DPV}ServiceProvision",
        title="Quote its words",
        done="Quoted",
        notice=Notice(
            1,
            "en",
            "Short pieces of your own wording may stand in the dreamscape, beside your hue. "
            "Without this, your dream takes part as a shape and a place, and none of its words "
            "are shown.",
        ),
        processing=("Combine", "MakeAvailable"),
        categories=("short pieces of the wording of a lent dream",),
        recipients=(PARTICIPANTS,),
        retention="as long as the dreamscape stands; it is made again without words that are taken back",
        in_use=True,
    ),
    RegisteredPurpose(
        Purpose.PUBLISH_TO_GUILD,
        dpv=f"{DPV}ServiceProvision",
        title="Show the dreamscape to the whole guild",
        done="Published to the guild",
        notice=Notice(
            1,
            "en",
            "A dreamscape made with your dream may be seen by members who were not in the session.",
        ),
        processing=("MakeAvailable",),
        categories=("a dreamscape that the dream is in",),
        recipients=("all members of the guild",),
        retention="as long as the dreamscape stands",
    ),
    RegisteredPurpose(
        Purpose.PUBLISH_BEYOND,
        dpv=f"{DPV}ServiceProvision",
        title="Show the dreamscape beyond the guild",
        done="Published beyond the guild",
        notice=Notice(
            1, "en", "A dreamscape made with your dream may be shown to people outside this guild."
        ),
        processing=("MakeAvailable", "Disclose"),
        categories=("a dreamscape that the dream is in",),
        recipients=("people outside the guild",),
        retention="as long as the dreamscape stands; copies that others made cannot be called back",
    ),
    RegisteredPurpose(
        Purpose.EXCHANGE,
        dpv=f"{DPV}ServiceProvision",
        title="Exchange it with other guilds",
        done="Exchanged with another guild",
        notice=Notice(
            1,
            "en",
            "Another guild may use what you lend, under the same terms, in a session held together.",
        ),
        processing=("Share", "Transfer"),
        categories=(WORDS_LENT, NUMBERS_OF_A_DREAM),
        recipients=("members of another guild who joined the session",),
        retention=UNTIL_TAKEN_BACK,
    ),
    RegisteredPurpose(
        Purpose.RESEARCH_AGGREGATE,
        dpv=f"{DPV}NonCommercialResearch",
        title="Count it in research",
        done="Counted in research",
        notice=Notice(
            1,
            "en",
            "Your dream may be counted, together with those of at least four other people, in "
            "figures about how this guild dreams. None of its words are part of that.",
        ),
        processing=("Analyse", "Aggregate"),
        categories=("counts over the dreams of at least five people",),
        recipients=("whoever reads the guild's figures",),
        retention="figures stay; the dream is in none that is made after it is taken back",
    ),
    RegisteredPurpose(
        Purpose.COMPARISON,
        dpv=f"{DPV}NonCommercialResearch",
        title="Compare whether it helps",
        done="Compared",
        notice=Notice(
            1,
            "en",
            "How you sleep and dream may be compared between times with and without a ritual or a session, "
            "to see whether it helps you. You alone see your own comparison; the guild sees only figures "
            "over at least five people.",
        ),
        processing=("Analyse", "Aggregate"),
        categories=("times and ratings of the sleep diary", "which sessions and rituals were kept"),
        recipients=("the dreamer", "for figures over at least five people, the guild"),
        retention="until it is taken back; a comparison is made anew each time and not kept",
        of_dreams=False,
        in_use=True,
    ),
    RegisteredPurpose(
        Purpose.REMINDERS,
        dpv=f"{DPV}Personalisation",
        title="Remind me",
        done="Reminded",
        notice=Notice(
            1,
            "en",
            "You may be reminded of what you take part in: a session that opens, a ritual of tonight, a "
            "deadline. Reminders keep to your quiet hours and hold no word of a dream.",
        ),
        processing=("Use",),
        categories=("the dreamer's time zone and what they take part in",),
        recipients=("the dreamer",),
        retention="until it is taken back; a reminder is gone a day after what it was of",
        of_dreams=False,
        in_use=True,
    ),
)

REGISTRY: Final[Mapping[Purpose, RegisteredPurpose]] = MappingProxyType(
    {entry.purpose: entry for entry in _ENTRIES}
)

NOTICES: Final[Mapping[str, tuple[Purpose, Notice]]] = MappingProxyType(
    {
        notice.digest: (entry.purpose, notice)
        for entry in _ENTRIES
        for notice in (entry.notice, *entry.earlier)
    }
)
"""Every text that was ever shown, by its digest."""


def registered(purpose: Purpose) -> RegisteredPurpose:
    """The entry of a purpose. Raises Unregistered: what nobody was told about, nobody consented to."""
    try:
        return REGISTRY[Purpose(purpose)]
    except (KeyError, ValueError) as error:
        raise Unregistered(
            f"{purpose} is not a registered purpose: add it, with its notice, first."
        ) from error
