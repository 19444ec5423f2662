"""What a member proposes, as it comes from a form or the API, and as it may stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from governance.deliberation.counting import Method
from governance.deliberation.enums import Kind
from governance.deliberation.errors import Unfit
from governance.deliberation.models import LONGEST_TEXT, LONGEST_TITLE
from governance.deliberation.outcomes import OutcomeRefused, hand_of
from governance.deliberation.wording import digest_of_version, plain, plain_options, plain_title
from guild.tenancy.models import Guild

FARTHEST_AHEAD: Final = timedelta(days=90)


@dataclass(frozen=True)
class Draft:
    """A proposal as it is written. `method` counts only for a free one; elsewhere the law names it."""

    kind: Kind
    title: str
    text: str
    document: Mapping[str, Any] = field(default_factory=dict)
    options: Sequence[str] = ()
    method: Method = Method.MAJORITY
    secret: bool = False
    opens_at: datetime | None = None

    @property
    def digest(self) -> str:
        return digest_of_version(
            title=self.title, text=self.text, document=self.document, options=self.options
        )


def fit(draft: Draft, *, guild: Guild, now: datetime) -> Draft:
    """The draft as it may stand. Raises Unfit, naming the field and saying what to change."""
    title = plain_title(draft.title, longest=LONGEST_TITLE)
    text = plain(draft.text, field="text", longest=LONGEST_TEXT, shortest=10)
    options = list(draft.options)
    if draft.kind != Kind.FREE and draft.method == Method.RANKED:
        raise Unfit("method", "Only a free decision can be made by ranked choice.")
    if draft.kind == Kind.FREE and draft.method == Method.RANKED:
        options = plain_options(options)
    elif any(option.strip() for option in options):
        raise Unfit("options", "Only a vote by ranked choice has options.")
    else:
        options = []
    if draft.secret and draft.kind == Kind.FREE and draft.method == Method.CONSENT:
        raise Unfit("secret", "A vote by consent cannot be secret: an objection has a name, and is answered.")
    if draft.opens_at is not None and not now <= draft.opens_at <= now + FARTHEST_AHEAD:
        raise Unfit("opens_at", f"Choose a time within the next {FARTHEST_AHEAD.days} days.")
    check_document(draft.kind, draft.document, guild=guild)
    return replace(draft, title=title, text=text, options=options)


def check_document(kind: Kind, document: Mapping[str, Any], *, guild: Guild) -> None:
    """Raises Unfit where what the document asks for cannot be done."""
    hand = hand_of(kind)
    if hand is None:
        if kind != Kind.FREE:
            raise Unfit("kind", "Proposals of this kind cannot be made here.")
        if document:
            raise Unfit("document", "A free decision changes nothing in the portal, so it has no document.")
        return
    try:
        hand.check(guild, document)
    except OutcomeRefused as refusal:
        raise Unfit(refusal.field, str(refusal)) from refusal
