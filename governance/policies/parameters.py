"""What a value of a guild's law may be: how it is written, its bounds, and how a person reads it. Pure.

A value is kept as one text, the same for the database, the digest of the law and the ledger. `read` makes
of it what the software works with, and refuses what is out of bounds with a sentence.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

MINUTES_A_DAY: Final = 24 * 60


class ValueRefused(ValueError):
    """A value that a parameter does not take; the message is a sentence to show."""


@dataclass(frozen=True)
class Parameter:
    """One value of a template. `label` is what a form asks, `hint` says what follows from it."""

    name: str
    label: str
    first: str
    hint: str = ""

    def read(self, text: str) -> Any:
        """The value that `text` stands for. Raises ValueRefused."""
        raise ValueRefused("A value of this kind cannot be read.")

    def written(self, text: str) -> str:
        """`text` as it is kept: two ways to write one value are one. Raises ValueRefused."""
        self.read(text)
        return text

    def words(self, text: str) -> str:
        """The value as a person reads it."""
        return text


@dataclass(frozen=True)
class Share(Parameter):
    """A share of a whole, in hundredths."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1)

    def read(self, text: str) -> Decimal:
        try:
            share = Decimal(text)
        except InvalidOperation as error:
            raise ValueRefused("Give a share, such as 0.60.") from error
        if not share.is_finite() or not self.low <= share <= self.high or share != round(share, 2):
            raise ValueRefused(f"Choose a share from {self.low:.0%} to {self.high:.0%}, in whole percent.")
        return share.quantize(Decimal("0.01"))

    def written(self, text: str) -> str:
        return str(self.read(text))

    def words(self, text: str) -> str:
        return f"{Decimal(text) * 100:.0f} %"


@dataclass(frozen=True)
class Whole(Parameter):
    """A whole number of something; `none` is what zero means, where it means that there is no such rule."""

    low: int = 0
    high: int = 0
    unit: tuple[str, str] = ("", "")
    none: str = ""

    def read(self, text: str) -> int:
        try:
            number = int(text)
        except ValueError as error:
            raise ValueRefused("Give a whole number.") from error
        if not self.low <= number <= self.high:
            raise ValueRefused(f"Choose a whole number from {self.low} to {self.high}.")
        return number

    def written(self, text: str) -> str:
        return str(self.read(text))

    def words(self, text: str) -> str:
        number = int(text)
        if self.none and not number:
            return self.none
        return f"{number} {self.unit[0 if number == 1 else 1]}".strip()


@dataclass(frozen=True)
class Hours(Whole):
    """A whole number of hours; a person reads whole days as days."""

    def words(self, text: str) -> str:
        days, hours = divmod(int(text), 24)
        if hours or not days:
            return super().words(text)
        return f"{days} day{'' if days == 1 else 's'}"


@dataclass(frozen=True)
class Choice(Parameter):
    """One of several, each with its words."""

    options: tuple[tuple[str, str], ...] = ()

    def read(self, text: str) -> str:
        if text not in dict(self.options):
            raise ValueRefused("Choose one of: " + "; ".join(label for _, label in self.options) + ".")
        return text

    def words(self, text: str) -> str:
        return dict(self.options)[text]


@dataclass(frozen=True)
class Minute(Parameter):
    """A time of the day, kept as minutes after midnight; 22:30 is understood as well."""

    def read(self, text: str) -> int:
        hours, colon, minutes = text.partition(":")
        try:
            minute = int(hours) * 60 + int(minutes) if colon else int(text)
        except ValueError as error:
            raise ValueRefused("Give a time of the day, such as 22:30.") from error
        if not 0 <= minute < MINUTES_A_DAY or (colon and not 0 <= int(minutes) < 60):
            raise ValueRefused("Give a time of the day from 00:00 to 23:59.")
        return minute

    def written(self, text: str) -> str:
        return str(self.read(text))

    def words(self, text: str) -> str:
        return clock(int(text))


@dataclass(frozen=True)
class Zone(Parameter):
    """A time zone by its name in the time-zone database."""

    def read(self, text: str) -> str:
        if text not in zoneinfo.available_timezones():
            raise ValueRefused("Choose a time zone by its name, such as Europe/Lisbon.")
        return text


@dataclass(frozen=True)
class YesNo(Parameter):
    yes: str = "yes"
    no: str = "no"

    def read(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueRefused("Answer true or false.")
        return text == "true"

    def words(self, text: str) -> str:
        return self.yes if text == "true" else self.no


@dataclass(frozen=True)
class Guilds(Parameter):
    """Guilds by their ids, in order; none named means all of the house."""

    most: int = 20

    def read(self, text: str) -> tuple[str, ...]:
        try:
            ids = tuple(sorted({str(UUID(word)) for word in text.split()}))
        except ValueError as error:
            raise ValueRefused("Give the id of a guild on each line, or none for all of them.") from error
        if len(ids) > self.most:
            raise ValueRefused(f"Name at most {self.most} guilds, or none for all of them.")
        return ids

    def written(self, text: str) -> str:
        return " ".join(self.read(text))

    def words(self, text: str) -> str:
        return text or "all guilds of this house"


def clock(minute: int) -> str:
    """Minutes after midnight as a clock shows them."""
    return f"{minute // 60:02}:{minute % 60:02}"


FLOOR = Share(
    "individuality_floor",
    "How much of what sets two dreams apart must a blend keep?",
    "0.60",
    "The share of every distance between two voices that the finished dreamscape still shows.",
    Decimal("0.30"),
    Decimal("1.00"),
)
DEPTH = Share(
    "largest_depth",
    "How deep may a dream be blended at most?",
    "1.00",
    "Whoever lends a dream chooses its depth; nobody may be asked for more than this.",
    Decimal("0.10"),
    Decimal("1.00"),
)
SMALLEST_GROUP = Whole(
    "smallest_group",
    "How many voices does a blend need?",
    "2",
    "Among few, a voice is told apart easily.",
    2,
    50,
    ("voice", "voices"),
)
SMALLEST_PUBLISHED = Whole(
    "smallest_published",
    "How many people must stand behind a figure that is shown?",
    "5",
    "Figures of fewer people are not shown: one could tell who they are.",
    5,
    100,
    ("person", "people"),
)
APPROVALS = Whole(
    "experiences_approved_by",
    "How many enforcers must approve an experience before a session may use it?",
    "0",
    "An experience is a recipe of a blend. Whoever wrote it does not approve it.",
    0,
    3,
    ("enforcer", "enforcers"),
    "none",
)
HOSTS = Choice(
    "hosts",
    "Who may open a session?",
    "architects",
    "",
    (("architects", "dream architects and stewards"), ("members", "every member")),
)
OPENS = Minute("opens_at", "From what time may sessions be opened?", "0")
CLOSES = Minute(
    "closes_at", "Until what time may sessions be opened?", "0", "The same time twice means at any time."
)
CLOCK = Zone("clock", "By the clock of which time zone are these hours?", "UTC")
QUIET_FROM = Minute(
    "quiet_from", "From what time is the guild quiet?", "0", "Nothing rings in its name then."
)
QUIET_UNTIL = Minute(
    "quiet_until", "Until what time is the guild quiet?", "0", "The same time twice means never."
)
RETENTION = Whole(
    "retention_days",
    "After how many days is a lent dream given back by itself?",
    "0",
    "Zero: only when its dreamer takes it back, or what they consented to runs out.",
    0,
    3650,
    ("day", "days"),
    "only when its dreamer takes it back",
)
HALT = Share(
    "halt_share",
    "How large a share of those present halts a blend?",
    "0.34",
    "Each participant can call for a halt; at this share it stops at once, and a ruling must follow.",
    Decimal("0.01"),
    Decimal("1.00"),
)
REACH = Choice(
    "exchange_reach",
    "How far may rituals travel?",
    "guild",
    "",
    (
        ("none", "not at all: every colony keeps its own"),
        ("guild", "between the colonies of this guild"),
        ("house", "between guilds of this house, too"),
    ),
)
PARTNERS = Guilds(
    "exchange_partners", "Only with these guilds", "", "One id a line; none for all of the house."
)
FALL = Share(
    "diversity_fall",
    "How far may the distinctness of colonies fall within half a year?",
    "0.25",
    "When it falls further, the guild is told.",
    Decimal("0.05"),
    Decimal("1.00"),
)
METHOD = Choice(
    "change_method",
    "How does a law pass?",
    "majority",
    "",
    (
        ("majority", "by more than half of the votes"),
        ("two_thirds", "by at least two thirds of the votes"),
        ("consent", "when no objection stands"),
    ),
)
QUORUM = Share(
    "change_quorum",
    "How large a share of the members must take part?",
    "0.50",
    "Abstentions count for this, and not for the result.",
    Decimal("0.01"),
    Decimal("1.00"),
)
HOURS = Hours("change_hours", "How long is a vote open?", "72", "", 1, 24 * 30, ("hour", "hours"))
SPONSORS = Whole(
    "sponsors",
    "How many other members must sponsor a proposal before it is voted on?",
    "1",
    "A guild with fewer members asks as many as there are.",
    0,
    20,
    ("sponsor", "sponsors"),
    "none",
)
SECRET = YesNo(
    "secret_ballots",
    "Are ballots secret?",
    "false",
    "Secret ballots stand in the ledger as commitments under a name that only the voter knows.",
    "secret",
    "open",
)
PETITION = Share(
    "petition_share",
    "How large a share of the members makes a petition a proposal?",
    "0.20",
    "",
    Decimal("0.01"),
    Decimal("1.00"),
)
INVITERS = Choice(
    "invited_by",
    "Who may invite?",
    "stewards",
    "Whoever comes in by an invitation is a dreamer, and holds no other office.",
    (("stewards", "stewards"), ("members", "every member")),
)
APPOINTERS = Choice(
    "appointed_by",
    "How does somebody come to an office, and lose it?",
    "stewards",
    "",
    (("stewards", "stewards appoint and dismiss"), ("vote", "by a vote of the members")),
)
TERM = Whole(
    "term_months",
    "How long is the term of an office?",
    "0",
    "For offices that are given from then on.",
    0,
    60,
    ("month", "months"),
    "without an end",
)

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in (
            FLOOR,
            DEPTH,
            SMALLEST_GROUP,
            SMALLEST_PUBLISHED,
            APPROVALS,
            HOSTS,
            OPENS,
            CLOSES,
            CLOCK,
            QUIET_FROM,
            QUIET_UNTIL,
            RETENTION,
            HALT,
            REACH,
            PARTNERS,
            FALL,
            METHOD,
            QUORUM,
            HOURS,
            SPONSORS,
            SECRET,
            PETITION,
            INVITERS,
            APPOINTERS,
            TERM,
        )
    }
)
"""Every parameter by its name, in the order of the constitution."""
