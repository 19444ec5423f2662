"""The log's one table. It only grows: see the migration for the privileges and the trigger that see to it."""

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
