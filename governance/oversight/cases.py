"""One finding with all that is known and decided about it, as one enforcer sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, F, Func, Value
from django.utils import timezone

from governance.audits.enums import WAITING, FindingState
from governance.audits.models import Finding
from governance.audits.rules import Rule
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.leaves import Entry, decode
from governance.ledger.models import Leaf
from governance.oversight.access import enforcers_of, maker_may_rule, ruled_on, rulings_of
from governance.oversight.described import advised, differences_of, is_late, rule_of, title_of
from governance.oversight.enums import Outcome, RemedyKind, Verdict
from governance.oversight.ruling import UNDECIDED
from governance.oversight.ruling_models import Appeal, Ruling
from governance.policies.enums import Action
from governance.policies.services import authorize
from guild.tenancy.models import Membership

STEPS: Final = (
    LeafKind.FINDING_MADE,
    LeafKind.FINDING_ASSIGNED,
    LeafKind.RULING_MADE,
    LeafKind.RULING_CONFIRMED,
    LeafKind.RULING_DECLINED,
    LeafKind.REMEDY_DONE,
    LeafKind.APPEAL_MADE,
    LeafKind.APPEAL_DECIDED,
    LeafKind.FINDING_CLOSED,
)


@dataclass(frozen=True)
class Step:
    """One leaf about the finding."""

    leaf: int
    at: datetime
    words: str
    note: str
    who: Membership | None


@dataclass(frozen=True)
class Quoted:
    """The leaf that a finding names, as it stands in the log; `entry` is None when it cannot be read."""

    index: int
    at: datetime
    words: str
    entry: Entry | None
    leaf_hash: str


@dataclass(frozen=True)
class Case:
    """`reader` may do only what `may_...` says; `appeal` is the one that waits for an answer."""

    finding: Finding
    rule: Rule
    advised: frozenset[RemedyKind]
    differences: list[tuple[str, str, str]]
    leaf: Quoted | None
    steps: list[Step]
    rulings: list[Ruling]
    appeal: Appeal | None
    enforcers: list[Membership]
    reader: Membership

    @property
    def title(self) -> str:
        return title_of(self.finding.rule)

    @property
    def is_waiting(self) -> bool:
        return self.finding.state in WAITING

    @property
    def is_late(self) -> bool:
        return is_late(self.finding, now=timezone.now())

    @property
    def is_undecided(self) -> bool:
        return self.finding.state in UNDECIDED

    @property
    def proposed(self) -> Ruling | None:
        """The ruling that waits for a second enforcer."""
        return next((ruling for ruling in self.rulings if ruling.is_proposed), None)

    @property
    def may_confirm(self) -> bool:
        ruling = self.proposed
        return ruling is not None and maker_may_rule(ruling) and self._may(Action.CONFIRM_RULING, ruling)

    @property
    def is_without_its_maker(self) -> bool:
        """Whether whoever proposed the ruling is no enforcer any more, so that nobody can confirm it."""
        return self.proposed is not None and not maker_may_rule(self.proposed)

    @property
    def may_decline(self) -> bool:
        """Whether the reader may let the proposal fall; whom it names may not."""
        return self.proposed is not None and self._may(Action.RULE_ON_FINDING, self.proposed)

    @property
    def may_answer(self) -> bool:
        return self.appeal is not None and self._may(Action.DECIDE_APPEAL, self.appeal.ruling, self.appeal)

    @property
    def somebody_may_confirm(self) -> bool:
        """Whether there is any enforcer who could; where not, a steward must appoint one."""
        ruling = self.proposed
        if ruling is None:
            return False
        return self._has_another_than(ruling.ruled_by, ruling.names)

    @property
    def somebody_may_answer(self) -> bool:
        appeal = self.appeal
        if appeal is None:
            return False
        ruling = appeal.ruling
        return self._has_another_than(ruling.ruled_by, ruling.second, ruling.names, appeal.made_by)

    def _has_another_than(self, *had_a_part: Membership | None) -> bool:
        """Whether there is an enforcer who is none of these persons."""
        persons = {one.dreamer_id for one in had_a_part if one is not None}
        return any(enforcer.dreamer_id not in persons for enforcer in self.enforcers)

    def _may(self, action: Action, ruling: Ruling, appeal: Appeal | None = None) -> bool:
        resource = ruled_on(ruling, to=self.reader, appeal=appeal)
        return authorize(actor=self.reader, action=action, resource=resource).allowed


def case_of(finding: Finding, *, reader: Membership) -> Case:
    """Call with what `access.finding_for` gave. A number of queries that stays."""
    rulings = list(rulings_of(finding.guild_id).filter(finding=finding))
    waiting = [appeal for ruling in rulings for appeal in ruling.appeals.all() if not appeal.is_decided]
    for appeal in waiting:
        appeal.ruling = next(ruling for ruling in rulings if ruling.pk == appeal.ruling_id)
    return Case(
        finding=finding,
        rule=rule_of(finding.rule),
        advised=advised(finding),
        differences=differences_of(finding),
        leaf=_quoted(finding),
        steps=_steps(finding),
        rulings=rulings,
        appeal=waiting[0] if waiting and finding.state == FindingState.APPEALED else None,
        enforcers=enforcers_of(finding.guild_id),
        reader=reader,
    )


def _quoted(finding: Finding) -> Quoted | None:
    """The very leaf; None where the finding names none, or the log lacks it."""
    if finding.leaf_index is None:
        return None
    row = Leaf.objects.filter(guild_id=finding.guild_id, index=finding.leaf_index).first()
    if row is None:
        return None
    entry = _read(row)
    words = entry.kind.label if entry else "bytes that are no entry of a ledger"
    return Quoted(row.index, row.at, words, entry, bytes(row.leaf_hash).hex())


def _read(row: Leaf) -> Entry | None:
    """None for a leaf that was altered so that it is none any more: an audit says so."""
    try:
        return decode(bytes(row.entry))
    except EntryRefused:
        return None


def _steps(finding: Finding) -> list[Step]:
    """What the log says was done about the finding, in order."""
    names_it = Func(
        Value(str(finding.pk).encode()),
        F("entry"),
        function="position",
        template="(position(%(expressions)s) > 0)",
        arg_joiner=" IN ",
        output_field=BooleanField(),
    )
    rows = Leaf.objects.filter(
        names_it, guild_id=finding.guild_id, index__gte=finding.made_leaf, kind__in=STEPS
    ).order_by("index")
    entries = [(row, entry) for row in rows if (entry := _read(row)) is not None]
    people = _people(finding.guild_id, [entry for _, entry in entries])
    return [
        Step(
            leaf=row.index,
            at=entry.at,
            words=entry.kind.label,
            note=_note(entry.detail, people),
            who=people.get(entry.actor) if isinstance(entry.actor, UUID) else None,
        )
        for row, entry in entries
    ]


def _people(guild: UUID, entries: list[Entry]) -> Mapping[UUID, Membership]:
    named = {entry.actor for entry in entries if isinstance(entry.actor, UUID)}
    named |= {UUID(entry.detail["to"]) for entry in entries if entry.detail.get("to")}
    return {row.pseudonym: row for row in Membership.objects.filter(guild_id=guild, pseudonym__in=named)}


def _note(detail: Mapping[str, Any], people: Mapping[UUID, Membership]) -> str:
    """What the leaf adds, in words."""
    if "verdict" in detail:
        return str(Verdict(detail["verdict"]).label)
    if "remedy" in detail:
        return str(RemedyKind(detail["remedy"]).label)
    if "outcome" in detail:
        return str(Outcome(detail["outcome"]).label)
    if "to" in detail:
        to = people.get(UUID(detail["to"])) if detail["to"] else None
        return f"to {to.display_name}" if to else "to nobody in particular"
    return ""
