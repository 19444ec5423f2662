"""Everything that the page of a proposal shows to one reader."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from governance.deliberation import clock, selectors
from governance.deliberation.charting import Bar, bars_of
from governance.deliberation.choices import ABSTAIN, OBJECT, ranking_of
from governance.deliberation.counting import CHOICES, Method, Outcome, count
from governance.deliberation.counts import count_of
from governance.deliberation.documents import poll_of
from governance.deliberation.enums import Kind, Stance, State
from governance.deliberation.models import (
    Amendment,
    Argument,
    Ballot,
    Eligible,
    Objection,
    Proposal,
    Sponsor,
    Version,
)
from governance.deliberation.outcomes import Change, OutcomeRefused, hand_of
from governance.deliberation.receipts import Kept, receipt_of
from governance.deliberation.rules import Rules, rules_for
from governance.deliberation.told import CHOICE_WORDS, METHOD_WORDS, lines_of, sentence_of
from governance.policies.parameters import HOURS
from guild.tenancy.models import Guild, Membership


@dataclass(frozen=True)
class Standing:
    """What moves while one looks: how many sponsor it or voted, and until when."""

    proposal: Proposal
    sponsors: int
    needed: int
    voted: int
    may: int
    is_over: bool

    @property
    def is_moving(self) -> bool:
        """Whether the page should ask again."""
        return self.proposal.state in (State.DRAFT, State.SPONSORED, State.OPEN)

    @property
    def mark(self) -> str:
        """The same as long as the rest of the page still holds."""
        return f"{self.proposal.state}-{self.proposal.current}-{'over' if self.is_over else ''}"


@dataclass(frozen=True)
class Mine:
    """The reader's own ballot: what they chose, in words, and how often they changed it."""

    ballot: UUID
    choice: str
    words: str
    nonce: str
    changes: int
    changed_at: datetime | None


@dataclass(frozen=True)
class Amended:
    """An amendment, what it would do otherwise than the version that it was made for, and the number of the
    version that took it over.
    """

    row: Amendment
    lines: Sequence[Change]
    became: int | None


@dataclass(frozen=True)
class CountShown:
    """What a vote came to: a sentence, numbers as lines, bars, and ballots by name where they have one."""

    outcome: Outcome
    sentence: str
    lines: Sequence[tuple[str, str]]
    bars: Sequence[Bar]
    pairs: Sequence[tuple[str, Sequence[int | None]]]
    named: Sequence[tuple[str, str, int]]
    left: int
    digest: str


@dataclass(frozen=True)
class Page:
    """One proposal as one member sees it."""

    proposal: Proposal
    guild: Guild
    reader: Membership

    @cached_property
    def version(self) -> Version:
        return selectors.version_of(self.proposal)

    @cached_property
    def rules(self) -> Rules:
        return rules_for(self.proposal, self.guild)

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.proposal, self.guild)

    @cached_property
    def sponsors(self) -> list[Sponsor]:
        return selectors.sponsors_of(self.proposal)

    @property
    def is_author(self) -> bool:
        return self.proposal.author_id == self.reader.pk

    @cached_property
    def may_sponsor(self) -> bool:
        sponsoring = any(one.member_id == self.reader.pk for one in self.sponsors)
        return self.proposal.is_before_opening and not self.is_author and not sponsoring

    @cached_property
    def is_eligible(self) -> bool:
        return self._row is not None

    @cached_property
    def may_vote(self) -> bool:
        return self.proposal.state == State.OPEN and not self.standing.is_over and self.is_eligible

    @cached_property
    def _row(self) -> Eligible | None:
        return selectors.eligible_row(self.proposal, self.reader)

    @cached_property
    def has_voted(self) -> bool:
        return self._row is not None and self._row.voted

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(one, CHOICE_WORDS[one]) for one in CHOICES[self.rules.method] if one != OBJECT]

    @property
    def method_words(self) -> str:
        return METHOD_WORDS[self.rules.method]

    @property
    def open_for(self) -> str:
        return HOURS.words(str(self.rules.hours))

    @property
    def is_ranked(self) -> bool:
        return self.rules.method is Method.RANKED

    @property
    def is_by_consent(self) -> bool:
        return self.rules.method is Method.CONSENT

    @cached_property
    def ranks(self) -> list[tuple[int, str, int | None]]:
        """(number, option, the place that the reader gave it) of each option."""
        groups = []
        if self.mine is not None and self.mine.choice != ABSTAIN and self.is_ranked:
            groups = list(ranking_of(self.mine.choice, options=len(self.version.options)))
        placed = {option: place for place, group in enumerate(groups, start=1) for option in group}
        return [(number, text, placed.get(number)) for number, text in enumerate(self.version.options)]

    @cached_property
    def mine(self) -> Mine | None:
        if self.rules.secret:
            return self._mine_by_receipt()
        row = Ballot.objects.filter(
            guild_id=self.guild.pk, proposal=self.proposal, member=self.reader
        ).first()
        if row is None:
            return None
        words = choice_words(row.choice, self.version.options)
        nonce = bytes(row.nonce).hex()
        return Mine(row.pk, row.choice, words, nonce, row.changes, row.changed_at)

    def _mine_by_receipt(self) -> Mine | None:
        kept = self.receipt
        if kept is None:
            return None
        row = Ballot.objects.filter(guild_id=self.guild.pk, proposal=self.proposal, pk=kept.ballot).first()
        words = choice_words(kept.choice, self.version.options)
        return Mine(kept.ballot, kept.choice, words, kept.nonce, row.changes if row else 0, None)

    @cached_property
    def receipt(self) -> Kept | None:
        return receipt_of(self.reader.dreamer_id, self.proposal.pk)

    @cached_property
    def objections(self) -> list[Objection]:
        rows = Objection.objects.filter(guild_id=self.guild.pk, proposal=self.proposal)
        return list(rows.select_related("member"))

    @cached_property
    def amendments(self) -> list[Amendment]:
        rows = Amendment.objects.filter(guild_id=self.guild.pk, proposal=self.proposal)
        return list(rows.select_related("by"))

    @cached_property
    def amended(self) -> list[Amended]:
        """The amendments beside the versions that they were made for."""
        if not self.amendments:
            return []
        versions = selectors.versions_of(self.proposal)
        documents = {one.number: one.document for one in versions}
        became = {one.amendment: one.number for one in versions if one.amendment is not None}
        return [
            Amended(
                row,
                lines_between(self.proposal, documents[row.made_for], row.document, guild=self.guild),
                became.get(row.pk),
            )
            for row in self.amendments
        ]

    @cached_property
    def arguments(self) -> list[tuple[Stance, list[Argument]]]:
        said = selectors.arguments_of(self.proposal)
        return [(stance, [one for one in said if one.stance == stance]) for stance in Stance]

    @property
    def is_discussed(self) -> bool:
        return any(every for _, every in self.arguments)

    @cached_property
    def changes(self) -> Sequence[Change]:
        """What it would change, in words; what cannot be told any more is told by nothing."""
        return changes_of(self.proposal.kind, self.version.document, self.guild, reference=self.proposal.pk)

    @cached_property
    def counted(self) -> CountShown | None:
        return count_shown(self.proposal, self.rules)


def page_of(proposal: Proposal, reader: Membership) -> Page:
    return Page(proposal, proposal.guild, reader)


def standing_of(proposal: Proposal, guild: Guild) -> Standing:
    """How far a proposal is, by the database's clock."""
    voted, may = selectors.progress_of([proposal]).get(proposal.pk, (0, 0))
    over = (
        proposal.state == State.OPEN
        and proposal.closes_at is not None
        and clock.database_now() >= proposal.closes_at
    )
    return Standing(
        proposal=proposal,
        sponsors=len(selectors.sponsors_of(proposal)),
        needed=selectors.sponsors_needed(proposal, guild),
        voted=voted,
        may=may,
        is_over=over,
    )


def changes_of(kind: str, document: Mapping[str, Any], guild: Guild, *, reference: UUID) -> Sequence[Change]:
    """What a document of that kind changes; nothing for what cannot be done any more."""
    hand = hand_of(Kind(kind))
    if hand is None:
        return ()
    try:
        return hand.changes(guild, document, reference)
    except OutcomeRefused:
        return ()


def lines_between(
    proposal: Proposal, before: Mapping[str, Any], after: Mapping[str, Any], *, guild: Guild
) -> list[Change]:
    """Where two documents of a proposal would do something else: what the one does, and what the other."""
    if before == after:
        return []
    older, newer = (
        {one.title: one for one in changes_of(proposal.kind, document, guild, reference=proposal.pk)}
        for document in (before, after)
    )
    stays = {one.title: one.before for one in (*older.values(), *newer.values())}
    lines = [
        Change(title, *(each[title].after if title in each else as_now for each in (older, newer)))
        for title, as_now in stays.items()
    ]
    return [line for line in lines if line.before != line.after]


def choice_words(choice: str, options: Sequence[str]) -> str:
    """A choice as a person reads it."""
    if choice in CHOICE_WORDS:
        return CHOICE_WORDS[choice]
    groups = ranking_of(choice, options=len(options))
    return ", then ".join(" and ".join(options[one] for one in sorted(group)) for group in groups)


def count_shown(proposal: Proposal, rules: Rules) -> CountShown | None:
    """The count as it was written down; None before there is one."""
    made = count_of(proposal)
    if made is None:
        return None
    vote = json.loads(made.document)
    outcome, options = count(poll_of(vote)), vote["options"]
    return CountShown(
        outcome=outcome,
        sentence=sentence_of(outcome, options=options),
        lines=lines_of(outcome, options=options)[:-1],
        bars=bars_of(outcome, method=rules.method, quorum=rules.quorum_share),
        pairs=_pairs(outcome, options),
        named=_named(vote, proposal),
        left=sum(one["left"] for one in vote["eligible"]),
        digest=made.digest,
    )


def _pairs(outcome: Outcome, options: Sequence[str]) -> list[tuple[str, list[int | None]]]:
    return [
        (options[a], [None if a == b else number for b, number in enumerate(row)])
        for a, row in enumerate(outcome.pairs)
    ]


def _named(vote: Mapping[str, Any], proposal: Proposal) -> list[tuple[str, str, int]]:
    """(who, what they chose, how often they changed it) of an open vote, by name."""
    if vote["rules"]["secret"]:
        return []
    rows = Eligible.objects.filter(guild_id=proposal.guild_id, proposal=proposal).select_related("member")
    names = {str(row.pseudonym): row.member.display_name for row in rows}
    return sorted(
        (names[one["voter"]], choice_words(one["choice"], vote["options"]), one["changes"])
        for one in vote["ballots"]
        if one["voter"] in names
    )
