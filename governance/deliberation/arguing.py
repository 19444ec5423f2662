"""Reasons for and against, questions, and replies to them. Call inside the guild's tenant.

Leaves say that something was said, and never what: the words are their author's, and can be erased.
"""

from uuid import uuid4

from django.db import transaction

from governance.deliberation import announcing
from governance.deliberation.enums import Stance, State
from governance.deliberation.errors import NotNow, Unfit
from governance.deliberation.models import LONGEST_REASON, Argument, Proposal
from governance.deliberation.services import Act, acting
from governance.deliberation.wording import plain
from governance.ledger.enums import LeafKind
from governance.policies.enums import Action
from guild.tenancy.models import Membership


@transaction.atomic
def argue(
    *, proposal: Proposal, by: Membership, stance: Stance, text: str, parent: Argument | None = None
) -> Argument:
    """Say something about a proposal, or reply to what was said; replies have no replies themselves.

    Raises Denied, NotNow once voting has ended, Unfit.
    """
    act = acting(proposal, by=by, action=Action.ARGUE)
    _require_going_on(act)
    words = plain(text, field="text", longest=LONGEST_REASON, shortest=2)
    if parent is not None and parent.parent_id is not None:
        raise Unfit("parent", "A reply has no replies: reply to what it was said to.")
    made = Argument(
        id=uuid4(),
        guild_id=act.proposal.guild_id,
        proposal=act.proposal,
        author=act.by,
        parent=parent,
        stance=stance,
        text=words,
        said_of=act.proposal.current,
    )
    made.leaf = act.record(
        LeafKind.ARGUMENT_MADE,
        made.pk,
        stance=stance.value,
        version=act.proposal.current,
        parent=None if parent is None else parent.pk,
    ).index
    made.save(force_insert=True)
    if parent is not None:
        announcing.replied(made, to=parent)
    return made


@transaction.atomic
def edit(*, argument: Argument, by: Membership, text: str) -> Argument:
    """Put otherwise what one said oneself, before voting opens; that it was edited is shown. The same words
    again change nothing. Raises Denied, NotNow, Unfit.
    """
    act = acting(argument.proposal, by=by, action=Action.ARGUE)
    if argument.author_id != act.by.pk:
        raise NotNow("Only whoever said this can put it otherwise.")
    _require_going_on(act)
    if not act.proposal.is_before_opening:
        raise NotNow("Voting has opened, so what was said stays as it is. Say what you want to add.")
    row = Argument.objects.get(guild_id=act.proposal.guild_id, pk=argument.pk)
    words = plain(text, field="text", longest=LONGEST_REASON, shortest=2)
    if row.text == words:
        return row
    row.text, row.revision = words, row.revision + 1
    leaf = act.record(LeafKind.ARGUMENT_EDITED, row.pk, revision=row.revision)
    row.edited_at = leaf.at
    row.save(update_fields=["text", "revision", "edited_at"])
    return row


def _require_going_on(act: Act) -> None:
    if act.proposal.state == State.WITHDRAWN:
        raise NotNow("This proposal was withdrawn.")
    if act.proposal.has_ended:
        raise NotNow("Voting on this has ended, so nothing can be added.")
