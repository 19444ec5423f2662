"""Reads of a guild's law, in its tenant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.http import Http404

from governance.policies import entities
from governance.policies.drafts import Line
from governance.policies.enums import Action
from governance.policies.law import HOUSE_LAW, Forbid, Law, law_of, read_law
from governance.policies.models import PolicySet
from governance.policies.parameters import PARAMETERS
from governance.policies.services import require
from governance.policies.templates import CHAPTERS, TEMPLATES, Template, template_of
from guild.tenancy.models import Membership


@dataclass(frozen=True)
class Article:
    """One template as it stands: its sentence, and the law that gave it its values (None: the house's)."""

    template: Template
    meaning: str
    since: PolicySet | None

    @property
    def name(self) -> str:
        return self.template.name


@dataclass(frozen=True)
class Constitution:
    """The law of a guild as its members read it; `laws` are all that it had, the latest first."""

    law: Law
    articles: tuple[Article, ...]
    forbids: tuple[tuple[Forbid, PolicySet | None], ...]
    laws: tuple[PolicySet, ...]

    @property
    def chapters(self) -> list[tuple[str, list[Article]]]:
        """The articles by what they are about."""
        by_name = {one.name: one for one in self.articles}
        return [(title, [by_name[name] for name in names]) for title, names in CHAPTERS]


@dataclass(frozen=True)
class Change:
    """One law of the past, and what it changed in the one before it: the first, in what the house says.

    `until` is when the next took its place.
    """

    law: PolicySet
    lines: tuple[Line, ...]
    until: datetime | None = None

    @property
    def caption(self) -> str:
        return f"Law {self.law.number}, {self.law.enacted_at:%-d %B %Y}"


def constitution_for(member: Membership) -> Constitution:
    """The law as it is now, article by article, each with the law it dates from. Raises Denied."""
    require(actor=member, action=Action.VIEW_GUILD, resource=entities.guild(member.guild_id))
    law, laws = law_of(member.guild), tuple(_laws(member.guild_id))
    articles = tuple(
        Article(template, template.meaning(law), _since(laws, template.parameters))
        for template in TEMPLATES.values()
    )
    forbids = tuple((forbid, _since_rule(laws, forbid)) for forbid in law.forbids)
    return Constitution(law, articles, forbids, laws)


def article_for(member: Membership, name: str) -> tuple[Article, list[Change]]:
    """One template as it stands, and when its values changed. Raises Http404, Denied."""
    if name not in TEMPLATES:
        raise Http404("The law has no such article.")
    constitution = constitution_for(member)
    article = next(one for one in constitution.articles if one.name == name)
    changes = [
        replace(change, lines=tuple(line for line in change.lines if line.template == name))
        for change in _changes(constitution.laws)
    ]
    return article, [change for change in changes if change.lines]


def history_for(member: Membership) -> list[Change]:
    """Every law that the guild has had, the latest first, with what each changed. Raises Denied."""
    return _changes(constitution_for(member).laws)


def law_made_under(guild: UUID, digest: str, *, leaf: int) -> PolicySet | None:
    """The law that a decision in this leaf names; None for one of before laws were kept. A guild may have
    come back to an earlier law: the latest before the leaf is meant.
    """
    return PolicySet.objects.filter(guild_id=guild, digest=digest, leaf__lt=leaf).first()


def _laws(guild: UUID) -> list[PolicySet]:
    rows = PolicySet.objects.filter(guild_id=guild).select_related("enacted_by")
    return list(rows.order_by("-number"))


def _since(laws: Sequence[PolicySet], names: Sequence[str]) -> PolicySet | None:
    """The latest law that changed one of these values; the first of all if none did."""
    read = [read_law(one.document) for one in laws]
    for at, (newer, older) in enumerate(pairwise(read)):
        if any(newer.value(name) != older.value(name) for name in names):
            return laws[at]
    return laws[-1] if laws else None


def _since_rule(laws: Sequence[PolicySet], forbid: Forbid) -> PolicySet | None:
    """The law that brought a rule of the members' own."""
    found = None
    for law in laws:
        if forbid not in read_law(law.document).forbids:
            break
        found = law
    return found


def _changes(laws: Sequence[PolicySet]) -> list[Change]:
    read = [read_law(one.document) for one in laws]
    ends = [None, *(law.enacted_at for law in laws)]
    return [
        Change(law, tuple(between(older, newer)), until)
        for law, newer, older, until in zip(laws, read, [*read[1:], HOUSE_LAW], ends, strict=False)
    ]


def between(before: Law, after: Law) -> list[Line]:
    """What differs between two laws, in the order of the constitution."""
    told = [
        Line(
            template_of(name).name,
            parameter.label,
            parameter.words(before.value(name)),
            parameter.words(after.value(name)),
        )
        for name, parameter in PARAMETERS.items()
        if before.value(name) != after.value(name)
    ]
    fell = [
        Line("", f"Rule “{one.name}” falls", one.text, "")
        for one in before.forbids
        if one not in after.forbids
    ]
    came = [
        Line("", f"Rule “{one.name}”", "", one.text) for one in after.forbids if one not in before.forbids
    ]
    return [*told, *fell, *came]
