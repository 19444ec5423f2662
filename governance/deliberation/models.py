"""Proposals and what is said about them, who may vote and who has, ballots, and petitions.

A proposal is a text of the guild, readable by its members; the log holds digests of its versions alone.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from governance.deliberation.enums import (
    METHODS,
    RESULTS,
    AmendmentState,
    Kind,
    PetitionState,
    Stance,
    State,
)
from guild.tenancy.models import Guild, Membership

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 160, 12_000, 2_000
DIGEST = 64


def _reference(to: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration."""
    options.setdefault("related_name", "+")
    options.setdefault("on_delete", models.CASCADE)
    return models.ForeignKey(to, db_constraint=False, **options)


class GuildRow(models.Model):
    """What every row of this room has: an id and its guild."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Proposal(GuildRow):
    """Something that the guild is asked to decide. Title and text stand in its versions.

    `law` holds the values of the guild's law that the vote is held under; they, `secret` and `method` are
    fixed when voting opens. `opens_at` is the author's wish; none means as soon as enough sponsor it.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    method = models.CharField(max_length=20, choices=METHODS)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    author = _reference(Membership, on_delete=models.PROTECT)
    current = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=LONGEST_TITLE)
    secret = models.BooleanField(default=False)
    law = models.JSONField(default=dict, blank=True)
    petition = models.UUIDField(null=True, blank=True)
    drafted_at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    opens_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_leaf = models.BigIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_leaf = models.BigIntegerField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=RESULTS, blank=True)
    enacted_at = models.DateTimeField(null=True, blank=True)
    enacted_leaf = models.BigIntegerField(null=True, blank=True)
    hindrance = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "deliberation_proposal"
        ordering = ["-drafted_at", "-id"]
        indexes = [models.Index(fields=["guild", "state", "closes_at"], name="deliberation_by_state")]

    def __str__(self) -> str:
        return f"proposal {self.id}: {self.get_state_display()}"

    @property
    def is_before_opening(self) -> bool:
        return self.state in (State.DRAFT, State.SPONSORED)

    @property
    def has_ended(self) -> bool:
        return self.state in (State.CLOSED, State.ENACTED, State.WITHDRAWN)


class Version(GuildRow):
    """One version of a proposal, never changed. `document` is what its kind enacts, `options` what a ranked
    vote ranks; `digest` is over all of it.
    """

    proposal = _reference(Proposal, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(max_length=LONGEST_TEXT)
    document = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=list, blank=True)
    amendment = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=DIGEST)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "deliberation_version"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "proposal", "number"], name="deliberation_version_once_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.proposal_id}"


class Amendment(GuildRow):
    """Other words for one version of a proposal. Its author takes them over, or says why not."""

    proposal = _reference(Proposal, related_name="amendments")
    made_for = models.PositiveIntegerField()
    by = _reference(Membership, on_delete=models.PROTECT)
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(max_length=LONGEST_TEXT)
    document = models.JSONField(default=dict, blank=True)
    because = models.TextField(max_length=LONGEST_REASON, blank=True)
    state = models.CharField(max_length=20, choices=AmendmentState.choices, default=AmendmentState.OPEN)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    answer = models.TextField(max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "deliberation_amendment"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"amendment {self.id}: {self.get_state_display()}"


class Sponsor(GuildRow):
    """A member who wants one version of a proposal to be voted on."""

    proposal = _reference(Proposal, related_name="sponsors")
    member = _reference(Membership, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "deliberation_sponsor"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "proposal", "member", "version"], name="deliberation_sponsor_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"sponsor of version {self.version} of {self.proposal_id}"


class Argument(GuildRow):
    """A reason for or against, or a question; or a reply to one, which has no reply itself.

    `said_of` is the version that it was said of. It may be hidden with a reason, and is then not shown.
    """

    proposal = _reference(Proposal, related_name="arguments")
    author = _reference(Membership, on_delete=models.PROTECT)
    parent = _reference("self", related_name="replies", null=True, blank=True)
    stance = models.CharField(max_length=10, choices=Stance.choices)
    text = models.TextField(max_length=LONGEST_REASON, blank=True)
    said_of = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.TextField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        db_table = "deliberation_argument"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"argument {self.id}: {self.get_stance_display()}"


class Eligible(GuildRow):
    """Somebody who was a member when voting opened. `voted` says that they voted: not when, nor what."""

    proposal = _reference(Proposal, related_name="eligible")
    member = _reference(Membership, on_delete=models.PROTECT)
    pseudonym = models.UUIDField()
    voted = models.BooleanField(default=False)

    class Meta:
        db_table = "deliberation_eligible"
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["guild", "proposal", "member"], name="deliberation_eligible_once")
        ]

    def __str__(self) -> str:
        return f"eligible in {self.proposal_id}"


class Ballot(GuildRow):
    """What somebody chose, and what its commitment in the log opens with.

    An open ballot has its `member`, is one row, and its `leaf` is that of the last choice. A secret ballot
    has neither member nor time; a change of it is a new row, and the row before is `superseded`.
    """

    proposal = _reference(Proposal, related_name="ballots")
    member = _reference(Membership, on_delete=models.PROTECT, null=True, blank=True)
    choice = models.CharField(max_length=200)
    nonce = models.BinaryField(max_length=32)
    commitment = models.CharField(max_length=DIGEST)
    leaf = models.BigIntegerField()
    changes = models.PositiveIntegerField(default=0)
    superseded = models.BooleanField(default=False)
    cast_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "deliberation_ballot"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "proposal", "member"], name="deliberation_ballot_one_a_member"
            ),
            models.UniqueConstraint(fields=["guild", "leaf"], name="deliberation_ballot_one_a_leaf"),
        ]

    def __str__(self) -> str:
        return f"ballot {self.id}"


class Objection(GuildRow):
    """Why somebody objects in a vote by consent; its author answers, and who objected may lift it."""

    proposal = _reference(Proposal, related_name="objections")
    member = _reference(Membership, on_delete=models.PROTECT)
    reason = models.TextField(max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=LONGEST_REASON, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_leaf = models.BigIntegerField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "deliberation_objection"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "proposal", "member"], name="deliberation_objection_one_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"objection {self.id}"


class Count(GuildRow):
    """What a vote came to: the document that anybody can count anew, word for word, and its digest."""

    proposal = _reference(Proposal, related_name="counts")
    document = models.TextField()
    digest = models.CharField(max_length=DIGEST)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "deliberation_count"
        constraints = [models.UniqueConstraint(fields=["guild", "proposal"], name="deliberation_count_once")]

    def __str__(self) -> str:
        return f"count of {self.proposal_id}"


class Receipt(models.Model):
    """What opens a secret ballot, sealed for its voter alone: behind their own wall, in no guild."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    proposal = models.UUIDField()
    key_id = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()

    class Meta:
        db_table = "deliberation_receipt"
        constraints = [
            models.UniqueConstraint(fields=["dreamer", "proposal"], name="deliberation_receipt_once")
        ]

    def __str__(self) -> str:
        return f"receipt for a vote on {self.proposal}"


class Petition(GuildRow):
    """What a member asks the guild to decide. Enough signatures make it a proposal."""

    author = _reference(Membership, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(max_length=LONGEST_TEXT)
    document = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=PetitionState.choices, default=PetitionState.OPEN)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()
    proposal = _reference(Proposal, null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_leaf = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "deliberation_petition"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"petition {self.id}: {self.get_state_display()}"


class Signature(GuildRow):
    """A member who asks for the same."""

    petition = _reference(Petition, related_name="signatures")
    member = _reference(Membership, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    leaf = models.BigIntegerField()

    class Meta:
        db_table = "deliberation_signature"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guild", "petition", "member"], name="deliberation_signature_one_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"signature of {self.petition_id}"
