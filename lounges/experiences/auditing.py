"""What an audit looks at in experiences: every version's numbers, state and approvals against the leaves, and
what is suspended.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger.enums import LeafKind
from lounges.experiences.enums import VersionState
from lounges.experiences.models import Experience, ExperienceVersion
from lounges.experiences.recipe import digest_of

EXPERIENCES: Final = "experiences_experience"
VERSIONS: Final = "experiences_version"
_BACK: Final = "Set the row back to what its leaves say, and blend again what was made by it since."

RULES = (
    Rule(
        "experience.altered",
        Severity.CRITICAL,
        "A version of an experience is not what was written.",
        "Its numbers, its state or who approved it was changed past the application.",
        _BACK,
        (Advice.RESTORE, Advice.RE_BLEND),
    ),
    Rule(
        "experience.suspension",
        Severity.CRITICAL,
        "An experience is suspended, or may be used, otherwise than the log tells.",
        "What participants stopped was let go on without a ruling, or the other way round.",
        "Believe the log, set the row back, and look for who had it changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "experience.lost",
        Severity.MAJOR,
        "A version of an experience is missing, or there without a leaf.",
        "The row was removed, or made by hand.",
        _BACK,
        (Advice.RESTORE,),
    ),
)
KINDS: Final = (
    LeafKind.EXPERIENCE_WRITTEN,
    LeafKind.EXPERIENCE_TRIED,
    LeafKind.EXPERIENCE_ENDORSED,
    LeafKind.EXPERIENCE_APPROVED,
    LeafKind.EXPERIENCE_SUSPENDED,
    LeafKind.EXPERIENCE_LIFTED,
    LeafKind.EXPERIENCE_LIFTING_ASKED,
)


@dataclass
class _Version:
    """A version, as its leaves tell of it."""

    leaf: int
    experience: str
    author: str
    number: int
    numbers: str
    state: str = VersionState.DRAFT.value
    approvals: set[str] = field(default_factory=set)


@dataclass
class _Story:
    versions: dict[str, _Version] = field(default_factory=dict)
    suspended: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    asked: dict[str, tuple[int, str]] = field(default_factory=dict)

    def hear(self, index: int, leaf: Mapping[str, Any]) -> None:
        kind, subjects, detail = LeafKind(leaf["kind"]), leaf["subjects"], leaf["detail"]
        if kind is LeafKind.EXPERIENCE_SUSPENDED:
            self.suspended[subjects[0]] = self.settled[subjects[0]] = index
            self.asked.pop(subjects[0], None)
        elif kind is LeafKind.EXPERIENCE_LIFTING_ASKED:
            self.asked.setdefault(subjects[0], (index, leaf["actor"]))
        elif kind is LeafKind.EXPERIENCE_LIFTED:
            if "ruling" in detail or self._takes_two(subjects[0], leaf):
                self.suspended.pop(subjects[0], None)
                self.settled[subjects[0]] = index
        elif kind is LeafKind.EXPERIENCE_WRITTEN:
            told = (subjects[0], leaf["actor"], detail["number"], detail["numbers"])
            self.versions.setdefault(subjects[1], _Version(index, *told))
        elif (version := self.versions.get(subjects[1])) is not None:
            _move(version, kind, leaf["actor"])

    def _takes_two(self, experience: str, leaf: Mapping[str, Any]) -> bool:
        """Whether somebody else asked for what was lifted, since it was suspended."""
        index, asker = self.asked.get(experience, (None, ""))
        return index is not None and index == leaf["detail"].get("asked") and asker != leaf["actor"]


def _move(version: _Version, kind: LeafKind, actor: str) -> None:
    if kind is LeafKind.EXPERIENCE_TRIED:
        version.state = VersionState.EXPERIMENTAL.value
    elif kind is LeafKind.EXPERIENCE_APPROVED:
        version.state = VersionState.APPROVED.value
    else:
        version.approvals.add(actor)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Versions both ways, then what is suspended."""
    story = _Story()
    for index, leaf in leaves_of(examination, *KINDS):
        story.hear(index, leaf)
    yield from _versions(examination, story)
    for row in Experience.objects.filter(guild_id=examination.guild).order_by("id"):
        told = {"suspended": str(row.pk) in story.suspended, "leaf": story.settled.get(str(row.pk))}
        stored = {"suspended": row.is_suspended, "leaf": row.suspended_leaf}
        if apart := differing(told, stored):
            settled = story.settled.get(str(row.pk))
            yield Discrepancy("experience.suspension", settled, EXPERIENCES, str(row.pk), *apart)


def _versions(examination: Examination, story: _Story) -> Iterator[Discrepancy]:
    rows = list(
        ExperienceVersion.objects.filter(guild_id=examination.guild)
        .select_related("author")
        .prefetch_related("approvals__enforcer")
        .order_by("id")
    )
    for row in rows:
        told = story.versions.get(str(row.pk))
        if told is None:
            yield Discrepancy("experience.lost", row.leaf, VERSIONS, str(row.pk), "a leaf", "none")
        elif apart := differing(_told(told), _stored(row)):
            yield Discrepancy("experience.altered", told.leaf, VERSIONS, str(row.pk), *apart)
    for lost in sorted(story.versions.keys() - {str(row.pk) for row in rows}):
        leaf = story.versions[lost].leaf
        yield Discrepancy("experience.lost", leaf, VERSIONS, lost, "a row", "none")
    examination.count("versions of experiences", len(rows))


def _told(told: _Version) -> dict[str, Any]:
    return {
        "experience": told.experience,
        "author": told.author,
        "number": told.number,
        "numbers": told.numbers,
        "state": told.state,
        "approvals": told.approvals,
        "leaf": told.leaf,
    }


def _stored(row: ExperienceVersion) -> dict[str, Any]:
    return {
        "experience": row.experience_id,
        "author": None if row.author is None else row.author.pseudonym,
        "number": row.number,
        "numbers": digest_of(row.numbers),
        "state": row.state,
        "approvals": {approval.enforcer.pseudonym for approval in row.approvals.all()},
        "leaf": row.leaf,
    }


CHECK = Check("experiences", "Experiences, their versions, and what is suspended", look, RULES)
