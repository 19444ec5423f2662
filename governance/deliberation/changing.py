"""A change of the law, as what a proposal does."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from governance.deliberation.enums import Kind
from governance.deliberation.outcomes import Change, Document, Hand, OutcomeRefused, register
from governance.deliberation.selectors import opened_at_leaf
from governance.policies import drafts, enacting
from governance.policies.drafts import DraftRefused
from governance.policies.errors import Denied
from governance.policies.law import Law, law_of, read_law
from governance.policies.models import PolicySet
from guild.tenancy.models import Guild


def check(guild: Guild, document: Document) -> None:
    """Raises OutcomeRefused unless the draft can become law as the law is now."""
    try:
        drafts.applied(law_of(guild), _read(document))
    except DraftRefused as refusal:
        raise OutcomeRefused(refusal.field, str(refusal)) from refusal


def changes(guild: Guild, document: Document, reference: UUID) -> Sequence[Change]:
    """Line by line; of what was enacted, against the law that it took the place of."""
    try:
        lines = drafts.lines(_law_before(guild, reference), _read(document))
    except DraftRefused as refusal:
        raise OutcomeRefused(refusal.field, str(refusal)) from refusal
    return [Change(line.title, line.before, line.after) for line in lines]


def enact(*, guild: Guild, document: Document, reference: UUID) -> None:
    """Make it the law; once, since the law keeps the reference."""
    try:
        draft = _read(document)
        _require_same_rules(guild, draft, reference)
        enacting.enact(guild=guild, draft=draft, reference=reference)
    except DraftRefused as refusal:
        raise OutcomeRefused(refusal.field, str(refusal)) from refusal
    except Denied as refusal:
        raise OutcomeRefused("document", str(refusal)) from refusal


def _require_same_rules(guild: Guild, draft: drafts.Draft, reference: UUID) -> None:
    """A rule that falls is the one that had its name when voting opened."""
    opened = opened_at_leaf(guild.pk, reference)
    if opened is None or not draft.repealed:
        return
    sets = PolicySet.objects.filter(guild_id=guild.pk, leaf__lt=opened).order_by("-number")
    then = sets.first()
    voted_on = read_law(then.document).forbids if then else ()
    for rule in law_of(guild).forbids:
        if rule.name in draft.repealed and rule not in voted_on:
            raise DraftRefused(
                "repealed", f"Another rule is called {rule.name} by now, and nobody voted on that one."
            )


def _read(document: Document) -> drafts.Draft:
    if not isinstance(document, Mapping):
        raise DraftRefused("document", "A change of the law is an object.")
    plain: dict[str, Any] = dict(document)
    return drafts.read(plain)


def _law_before(guild: Guild, reference: UUID) -> Law:
    """The law that this proposal changed, or would change."""
    made = PolicySet.objects.filter(guild_id=guild.pk, reference=reference).first()
    if made is None:
        return law_of(guild)
    before = PolicySet.objects.filter(guild_id=guild.pk, number__lt=made.number).order_by("-number").first()
    return read_law(before.document if before else {})


HAND = Hand(check=check, changes=changes, enact=enact)


def register_hand() -> None:
    """Called once, when the process starts."""
    register(Kind.POLICY, HAND)
