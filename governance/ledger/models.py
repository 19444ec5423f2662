"""The log, what was signed of it, and who saw that. All but `SeenLog` only grow: see the migrations for the
privileges and the triggers that see to it.
"""

import uuid

from django.db import models
from django.utils import timezone

from governance.ledger.enums import LeafKind


class Leaf(models.Model):
    """One entry of a guild's log, its bytes verbatim, with the hashes that its arrival completed.

    `subtrees` joins the hashes (32 bytes each) of the complete subtrees of level 1, 2, ... that end with
    this leaf: every node of the tree is stored once, in the row of its last leaf, and no row is ever
    rewritten. `kind` and `at` repeat what `entry` says, for reading in order; the entry alone is evidence.
    """

    pk = models.CompositePrimaryKey("guild_id", "index")
    guild_id = models.UUIDField()
    index = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    entry = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    subtrees = models.BinaryField(default=b"")

    class Meta:
        db_table = "ledger_leaf"
        constraints = [
            models.CheckConstraint(condition=models.Q(index__gte=0), name="leaf_index_counts_from_zero"),
        ]

    def __str__(self) -> str:
        return f"leaf {self.index}: {self.words}"

    @property
    def words(self) -> str:
        """What the kind says to a member."""
        return LeafKind(self.kind).label


class Checkpoint(models.Model):
    """A signed statement of the log's size and root. `note` is the whole note with the log's own signature.

    `vkey` is the key that signed it: after a change of seed or of address the same log goes on under another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    vkey = models.CharField(max_length=400)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "ledger_checkpoint"
        constraints = [
            models.UniqueConstraint(fields=["guild_id", "vkey", "size"], name="ledger_checkpoint_once"),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="ledger_checkpoint_size"),
        ]
        indexes = [models.Index(fields=["guild_id", "-signed_at"], name="ledger_checkpoint_by_time")]

    def __str__(self) -> str:
        return f"checkpoint over {self.size} leaves"


class Cosignature(models.Model):
    """A witness's signature line over a checkpoint: it saw the log grow to that size and never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    checkpoint = models.ForeignKey(
        Checkpoint, on_delete=models.PROTECT, db_constraint=False, related_name="cosignatures"
    )
    vkey = models.CharField(max_length=400)
    size = models.BigIntegerField()
    line = models.CharField(max_length=600)
    cosigned_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_cosignature"
        constraints = [
            models.UniqueConstraint(
                fields=["guild_id", "checkpoint", "vkey"], name="ledger_cosignature_once"
            ),
        ]
        indexes = [models.Index(fields=["guild_id", "vkey", "-size"], name="ledger_cosignature_newest")]

    def __str__(self) -> str:
        return f"cosignature over {self.size} leaves"


class SeenLog(models.Model):
    """What a guild, as a witness, last cosigned of another log. The row of a log is never lowered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild_id = models.UUIDField()
    origin = models.CharField(max_length=300)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "ledger_seen"
        constraints = [models.UniqueConstraint(fields=["guild_id", "origin"], name="ledger_seen_once")]

    def __str__(self) -> str:
        return f"{self.origin} at {self.size} leaves"
