"""The templates of the law: what a guild decides for itself, what it means, where it is obeyed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from governance.policies.law import Law
from governance.policies.parameters import PARAMETERS, Parameter, clock


@dataclass(frozen=True)
class Template:
    """`parameters` are names; `meaning` is the law in one sentence; `rules` are the @ids that it decides by;
    `enforced` says where, for whoever wants to check.
    """

    name: str
    title: str
    parameters: tuple[str, ...]
    meaning: Callable[[Law], str]
    enforced: str
    rules: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Parameter, ...]:
        return tuple(PARAMETERS[name] for name in self.parameters)


def _words(law: Law, name: str) -> str:
    return PARAMETERS[name].words(law.value(name))


def _hours(law: Law) -> str:
    if law.opens_at == law.closes_at:
        return "Sessions may be opened at any time."
    opens, closes = clock(law.opens_at), clock(law.closes_at)
    return f"Sessions may be opened from {opens} to {closes}, by the clock of {law.clock}."


def _quiet(law: Law) -> str:
    if law.quiet_from == law.quiet_until:
        return "The guild keeps no quiet hours of its own; everybody has theirs."
    begins, ends = clock(law.quiet_from), clock(law.quiet_until)
    return f"From {begins} to {ends}, by the clock of {law.clock}, nothing rings in the guild's name."


def _retention(law: Law) -> str:
    if not law.retention_days:
        return "A lent dream stays until its dreamer takes it back or their consent runs out."
    return f"A lent dream is given back by itself after {_words(law, 'retention_days')}."


def _exchange(law: Law) -> str:
    if law.exchange_reach == "none":
        return "Every colony keeps its own rituals."
    if law.exchange_reach == "guild":
        return "Rituals travel between the colonies of this guild, and not beyond it."
    named = len(law.exchange_partners)
    with_whom = f"{named} named guilds" if named > 1 else "one named guild" if named else "all guilds"
    return f"Rituals travel between the colonies of this guild, and with {with_whom} of this house."


def _approvals(law: Law) -> str:
    if not law.experiences_approved_by:
        return "A session may use an experience that nobody has approved, and says so to those who join."
    return f"A session uses an experience only after {_words(law, 'experiences_approved_by')} approved it."


def _terms(law: Law) -> str:
    if not law.term_months:
        return "An office is held until somebody takes it back, or its holder lays it down."
    return f"An office is held for {_words(law, 'term_months')}."


def _changes(law: Law) -> str:
    sponsors = f" after {_words(law, 'sponsors')} took it up" if law.sponsors else ""
    return (
        f"A proposal is voted on for {_words(law, 'change_hours')}{sponsors}, and passes "
        f"{_words(law, 'change_method')} if {_words(law, 'change_quorum')} of the members take part."
    )


_ALL = (
    Template(
        "individuality-floor",
        "Individuality floor",
        ("individuality_floor",),
        lambda law: (
            f"A blend keeps at least {_words(law, 'individuality_floor')} of what sets any two dreams apart."
        ),
        "When a blend is asked for, when it is made, and when it is made again after a withdrawal.",
        ("individuality-floor",),
    ),
    Template(
        "depth",
        "Largest depth",
        ("largest_depth",),
        lambda law: f"Nobody's dream is blended deeper than {_words(law, 'largest_depth')}.",
        "When a dream is lent, when its terms are changed, and when it is blended.",
        ("largest-depth",),
    ),
    Template(
        "group",
        "Smallest group of a blend",
        ("smallest_group",),
        lambda law: f"A blend is made of at least {_words(law, 'smallest_group')}.",
        "When a blend is asked for.",
        ("smallest-group",),
    ),
    Template(
        "publishing",
        "Smallest group behind a figure",
        ("smallest_published",),
        lambda law: f"A figure is shown only where {_words(law, 'smallest_published')} stand behind it.",
        "On the pages of a colony's figures, and of whether a ritual helps.",
        ("too-few-people",),
    ),
    Template(
        "experiences",
        "Approval of experiences",
        ("experiences_approved_by",),
        _approvals,
        "When a session is opened with an experience, and when it blends.",
        ("experience-not-approved",),
    ),
    Template(
        "hosting",
        "Who hosts",
        ("hosts",),
        lambda law: f"A session may be opened by {_words(law, 'hosts')}.",
        "When a session is planned or opened.",
        ("members-host",),
    ),
    Template(
        "hours",
        "Lounge hours",
        ("opens_at", "closes_at", "clock"),
        _hours,
        "When a session is opened; one that is open goes on.",
        ("lounge-hours",),
    ),
    Template(
        "quiet",
        "Quiet hours",
        ("quiet_from", "quiet_until"),
        _quiet,
        "When a message or a push of this guild would be sent: it waits until the quiet ends.",
    ),
    Template(
        "retention",
        "How long dreams stay lent",
        ("retention_days",),
        _retention,
        "Every day, by the worker; audits look for what was overlooked.",
    ),
    Template(
        "halting",
        "Halting a blend",
        ("halt_share",),
        lambda law: (
            f"When {_words(law, 'halt_share')} of the participants call for it, a blend stops at once."
        ),
        "At each call in a live session.",
        ("session-is-halted",),
    ),
    Template(
        "exchange",
        "Exchange of rituals",
        ("exchange_reach", "exchange_partners", "diversity_fall"),
        _exchange,
        "When a ritual is offered, taken up or exchanged on an evening; what is on offer follows at once.",
        (
            "exchange-is-closed",
            "rituals-stay-in-the-guild",
            "rituals-come-from-the-guild",
            "no-exchange-with-that-guild",
        ),
    ),
    Template(
        "changing",
        "How the law changes",
        ("change_method", "change_quorum", "change_hours", "sponsors", "secret_ballots"),
        _changes,
        "When a proposal opens and when its vote is counted.",
    ),
    Template(
        "petitions",
        "Petitions",
        ("petition_share",),
        lambda law: (
            f"A petition signed by {_words(law, 'petition_share')} of the members becomes a proposal."
        ),
        "At each signature, and when members leave or the law changes.",
    ),
    Template(
        "inviting",
        "Who invites",
        ("invited_by",),
        lambda law: f"New members are invited by {_words(law, 'invited_by')}.",
        "When an invitation is made.",
        ("members-invite",),
    ),
    Template(
        "appointing",
        "Who appoints",
        ("appointed_by",),
        lambda law: f"Offices change hands this way: {_words(law, 'appointed_by')}.",
        "When an office is given, taken or handed over.",
        ("offices-by-vote",),
    ),
    Template(
        "terms",
        "Terms of office",
        ("term_months",),
        _terms,
        "When an office is given; the worker ends it on the day.",
    ),
)

TEMPLATES: Final[Mapping[str, Template]] = MappingProxyType({template.name: template for template in _ALL})
CHAPTERS: Final = (
    ("Blending", ("individuality-floor", "depth", "group", "experiences", "halting")),
    ("Sessions, and what is lent to them", ("hosting", "hours", "quiet", "retention")),
    ("Rituals and figures", ("exchange", "publishing")),
    ("How we decide", ("changing", "petitions")),
    ("Members and offices", ("inviting", "appointing", "terms")),
)
"""The templates by what they are about, as pages show them; each is in one."""

_OF_PARAMETER: Final = {name: template for template in _ALL for name in template.parameters}
_OF_RULE: Final = {rule: template for template in _ALL for rule in template.rules}


def template_of(parameter: str) -> Template:
    """The template that a parameter belongs to."""
    return _OF_PARAMETER[parameter]


def template_behind(rule: str) -> Template | None:
    """The template by whose value a rule decides; None for the house's own rules."""
    return _OF_RULE.get(rule)
