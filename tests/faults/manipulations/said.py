"""What was said to lent dreams."""

from typing import Any
from uuid import UUID, uuid4

from governance.ledger.enums import LeafKind
from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.sessions import hearing
from lounges.sessions.models import Association
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import appended, columns, flipped, manipulation

SAID = "lounges_association"


def by_ezra(scene: Scene) -> Association:
    """What Ezra said to Ayla's dream, which is lent still."""
    with tenant(guild=scene.guild):
        return Association.objects.select_related("session").exclude(pk=scene.association).get()


def leaf_of(scene: Scene, association: UUID) -> int:
    """The leaf that was written when it was said."""
    return int(
        one(
            "SELECT index FROM ledger_leaf WHERE guild_id = %s AND kind = 'association.added' "
            "AND position(%s::bytea in entry) > 0",
            scene.guild,
            str(association).encode(),
        )
    )


def changed(scene: Scene, rule: str, change: str, *values: Any) -> Place:
    row = by_ezra(scene).pk
    sql(f"UPDATE lounges_association SET {change} WHERE id = %s", *values, row)
    return rule, leaf_of(scene, row), SAID, str(row)


def sealed_anew(row: Association, words: str) -> bytes:
    """With the right key, for the right place."""
    with tenant(guild=row.guild_id):
        return vault.seal(key_id=hearing.key_of(row), text=words, place=hearing.place_of(row))


@manipulation
def what_was_said_to_a_dream_is_garbled(scene: Scene) -> Place:
    return changed(scene, "said.seal", f"text_sealed = {flipped('text_sealed', 30)}")


@manipulation
def what_was_said_to_a_dream_is_changed_and_sealed_with_the_right_key(scene: Scene) -> Place:
    sealed = sealed_anew(by_ezra(scene), "A key I found at last.")
    return changed(scene, "said.altered", "text_sealed = %s", sealed)


@manipulation
def what_two_members_said_is_swapped(scene: Scene) -> list[Place]:
    row = by_ezra(scene)
    other = one("SELECT text_sealed FROM lounges_association WHERE id = %s", scene.association)
    sql(
        "UPDATE lounges_association SET text_sealed = %s WHERE id = %s",
        bytes(row.text_sealed),
        scene.association,
    )
    sql("UPDATE lounges_association SET text_sealed = %s WHERE id = %s", other, row.pk)
    rows = (row.pk, scene.association)
    return [("said.seal", leaf_of(scene, one), SAID, str(one)) for one in rows]


@manipulation
def what_was_said_is_turned_to_another_dream(scene: Scene) -> Place:
    return changed(scene, "said.row", "contribution_id = %s", scene.contributions["finn"])


@manipulation
def what_was_said_is_put_into_anothers_mouth(scene: Scene) -> Place:
    return changed(scene, "said.row", "membership_id = %s", scene.members["lara"].pk)


@manipulation
def what_was_said_is_dated_back(scene: Scene) -> Place:
    return changed(scene, "said.row", "added_at = added_at - interval '1 hour'")


@manipulation
def what_was_said_is_removed(scene: Scene) -> Place:
    leaf, row = leaf_of(scene, scene.association), scene.association
    sql("DELETE FROM lounges_association WHERE id = %s", row)
    return "said.lost", leaf, SAID, str(row)


@manipulation
def what_was_said_is_removed_and_another_says_that_they_erased_it(scene: Scene) -> Place:
    row, lara = by_ezra(scene).pk, scene.members["lara"]
    leaf = leaf_of(scene, row)
    sql("DELETE FROM lounges_association WHERE id = %s", row)
    appended(scene, LeafKind.ASSOCIATIONS_ERASED, actor=lara.pseudonym, subjects=[str(row)])
    return "said.lost", leaf, SAID, str(row)


@manipulation
def what_was_said_is_moved_to_another_guild(scene: Scene) -> Place:
    leaf, row = leaf_of(scene, scene.association), scene.association
    sql("UPDATE lounges_association SET guild_id = %s WHERE id = %s", scene.harbour, row)
    return "said.lost", leaf, SAID, str(row)


@manipulation
def something_is_said_by_nobody_and_sealed_with_the_right_key(scene: Scene) -> Place:
    row, identity = by_ezra(scene), uuid4()
    sql(f"INSERT INTO lounges_association SELECT {columns(SAID, id=identity)} WHERE id = %s", row.pk)
    row.pk = identity
    sealed = sealed_anew(row, "It was you.")
    sql("UPDATE lounges_association SET text_sealed = %s WHERE id = %s", sealed, identity)
    return "said.unrecorded", None, SAID, str(identity)
