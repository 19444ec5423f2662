"""The life story of one lent dream: lent, allowed, used, taken back, its key destroyed. Never its text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import Q

from governance.audits.models import Finding
from governance.consent.enums import ConsentState, Purpose, Scope
from governance.consent.models import RecipientNotice, Restriction, Statement, Subject, UseSubject
from governance.consent.purposes import registered
from governance.consent.standings import Standing, lent_dreams
from governance.ledger.enums import LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.oversight.access import require_enforcer, rulings_of
from governance.oversight.described import title_of
from governance.oversight.errors import NoSuchFinding
from governance.oversight.moments import Moment, Sort, told
from guild.tenancy.models import Membership
from guild.vault.models import DataKey, KeyKind

NEAR: Final = 64
"""How many leaves after a statement the leaf of the same transaction can stand at most."""


@dataclass(frozen=True)
class Story:
    """Everything that rows and leaves say about one contribution."""

    contribution: UUID
    commitment: str
    dreamer: Membership | None
    lent_at: datetime
    withdrawn_at: datetime | None
    key_made_at: datetime | None
    key_destroyed_at: datetime | None
    standings: tuple[Standing, ...]
    moments: tuple[Moment, ...]
    findings: tuple[Finding, ...]

    @property
    def uses(self) -> int:
        return sum(moment.sort is Sort.USE for moment in self.moments)


def story_for(member: Membership, contribution: UUID) -> Story:
    """The whole story, in a number of queries that does not grow. Raises NoSuchFinding, then Denied."""
    guild = member.guild_id
    subject = Subject.objects.filter(guild_id=guild, contribution=contribution).first()
    if subject is None:
        raise NoSuchFinding("No dream was ever lent to this guild under that number.")
    require_enforcer(member)
    statements = _statements(subject)
    keys = DataKey.objects.filter(guild_id=guild, kind=KeyKind.CONTRIBUTION, owner_id=contribution)
    key = keys.order_by("-created_at").first()
    findings = list(Finding.objects.filter(guild_id=guild, contribution=contribution).order_by("found_at"))
    people = _people(guild)
    dreamer = people.get(statements[0].pseudonym) if statements else None
    moments = [
        *_stated(statements, dreamer),
        *_recorded(subject, statements, people),
        *_used(guild, contribution, people),
        *_key(key),
        *_found(guild, findings),
        *told(guild, contribution),
    ]
    return Story(
        contribution=contribution,
        commitment=subject.commitment,
        dreamer=dreamer,
        lent_at=subject.made_at,
        withdrawn_at=subject.withdrawn_at,
        key_made_at=key.created_at if key else None,
        key_destroyed_at=key.destroyed_at if key else None,
        standings=lent_dreams([subject])[0].standings,
        moments=tuple(sorted(moments, key=lambda moment: moment.order)),
        findings=tuple(findings),
    )


def _people(guild: UUID) -> Mapping[UUID, Membership]:
    """Everybody whom the log may name, by pseudonym; those who left too."""
    return {member.pseudonym: member for member in Membership.objects.filter(guild_id=guild)}


def _statements(subject: Subject) -> list[Statement]:
    """All that was ever said about it, by itself or with everything that its dreamer lends there."""
    own = Q(contribution=subject.contribution)
    places = [place for place in (subject.session, subject.lounge, subject.guild_id) if place]
    broader = Q(contribution=None, pseudonym=subject.pseudonym, scope_id__in=places)
    rows = Statement.objects.filter(own | broader, guild_id=subject.guild_id)
    return list(rows.order_by("leaf_index"))


def _stated(statements: Sequence[Statement], dreamer: Membership | None) -> Iterable[Moment]:
    """What was said in one breath stands in one line."""
    for (at, state, _), rows in groupby(statements, key=lambda row: (row.stated_at, row.state, row.scope)):
        said = list(rows)
        yield Moment(
            at=at,
            sort=Sort.CONSENT,
            words=f"Consent {ConsentState(state).label}",
            note=_about(said),
            leaf=said[0].leaf_index,
            who=dreamer,
        )


def _about(said: Sequence[Statement]) -> str:
    """To what, and for how much, where that was more than this dream."""
    purposes = ", ".join(Purpose(row.purpose).label for row in said)
    scope = Scope(said[0].scope)
    broader = "" if scope is Scope.CONTRIBUTION else f", for all that is lent to {scope.label}"
    return f"to {purposes}{broader}"


_RECORDED = {
    LeafKind.CONTRIBUTION_LENT.value: (Sort.LENT, "Lent"),
    LeafKind.CONTRIBUTION_WITHDRAWN.value: (Sort.TAKEN_BACK, "Taken back, and its key destroyed"),
    LeafKind.CONSENT_RESTRICTED.value: (Sort.CONSENT, "Restricted to storage"),
    LeafKind.CONSENT_UNRESTRICTED.value: (Sort.CONSENT, "The restriction was lifted"),
    LeafKind.DREAM_RECTIFIED.value: (Sort.LENT, "Corrected by its dreamer"),
    LeafKind.RECIPIENTS_TOLD.value: (Sort.TAKEN_BACK, "Those whom it had reached were told"),
}


def _recorded(
    subject: Subject, statements: Sequence[Statement], people: Mapping[UUID, Membership]
) -> Iterable[Moment]:
    """The leaves that name it by its commitment: each stands close to one that a row names."""
    leaves = Leaf.objects.filter(
        guild_id=subject.guild_id, index__in=_near(subject, statements), kind__in=list(_RECORDED)
    )
    for leaf in leaves:
        try:
            entry = decode(bytes(leaf.entry))
        except EntryRefused:
            continue  # an audit says so; what the leaf was about, nobody can tell any more
        if subject.commitment in entry.subjects:
            sort, words = _RECORDED[leaf.kind]
            who = people.get(entry.actor) if isinstance(entry.actor, UUID) else None
            yield Moment(leaf.at, sort, words, leaf=leaf.index, who=who)


def _near(subject: Subject, statements: Sequence[Statement]) -> set[int]:
    """Where in the log to look: behind the first and the last word on it, and around what else was done."""
    own = [row.leaf_index for row in statements if row.contribution is not None]
    about = {"guild_id": subject.guild_id, "contribution": subject.contribution}
    acts = Restriction.objects.filter(**about).values_list("leaf_index", flat=True)
    told = RecipientNotice.objects.filter(**about).values_list("leaf_index", flat=True).distinct()
    behind = {index for start in (*own[:1], *own[-1:]) for index in range(start, start + NEAR)}
    around = {act + step for act in (*acts, *told) for step in range(-2, 3)}
    return behind | around


def _used(guild: UUID, contribution: UUID, people: Mapping[UUID, Membership]) -> Iterable[Moment]:
    rows = UseSubject.objects.filter(guild_id=guild, contribution=contribution).select_related("use")
    for row in rows.order_by("leaf_index"):
        others = row.count - 1
        yield Moment(
            at=row.at,
            sort=Sort.USE,
            words=registered(Purpose(row.purpose)).done,
            note=f"with {others} other dream{'' if others == 1 else 's'}" if others else "by itself",
            leaf=row.leaf_index,
            who=_named(row.use.actor, people),
        )


def _named(actor: str, people: Mapping[UUID, Membership]) -> Membership | None:
    try:
        return people.get(UUID(actor))
    except ValueError:
        return None


def _key(key: DataKey | None) -> Iterable[Moment]:
    if key is not None:
        yield Moment(key.created_at, Sort.KEY, "A key of its own was made")
    if key is not None and key.destroyed_at is not None:
        yield Moment(key.destroyed_at, Sort.KEY, "The key was destroyed", "nobody can read it again")


def _found(guild: UUID, findings: Sequence[Finding]) -> Iterable[Moment]:
    """What audits found about it, and what was ruled; a proposal may never take effect, and is not told."""
    for finding in findings:
        yield Moment(finding.found_at, Sort.FOUND, title_of(finding.rule), leaf=finding.made_leaf)
    if not findings:
        return
    rulings = rulings_of(guild).filter(finding__in=findings, in_force_at__isnull=False)
    for ruling in rulings:
        yield Moment(
            at=ruling.in_force_at or ruling.at,
            sort=Sort.RULED,
            words=f"Ruled: {ruling.get_verdict_display()}",
            note=", ".join(remedy.get_kind_display() for remedy in ruling.remedies.all()),
            leaf=ruling.leaf,
            who=ruling.ruled_by,
        )
