"""The log itself."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from governance.ledger import signing
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import Entry, decode, encode
from governance.ledger.note import Note, TreeHead
from governance.ledger.tree import MemoryTree, Node, completed_subtrees, leaf_hash, left_siblings
from governance.policies.services import policy_set
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import (
    LEAVES,
    SEEN,
    SIGNED,
    appended,
    flipped,
    manipulation,
)


@manipulation
def a_leaf_is_dropped_from_the_middle(scene: Scene) -> Place:
    sql("DELETE FROM ledger_leaf WHERE guild_id = %s AND index = 20", scene.guild)
    return "log.gap", 20, LEAVES, "20"


@manipulation
def the_tail_is_cut_off(scene: Scene) -> Place:
    size = one("SELECT max(size) FROM ledger_checkpoint WHERE guild_id = %s", scene.guild)
    sql("DELETE FROM ledger_leaf WHERE guild_id = %s AND index >= %s", scene.guild, size - 3)
    row = one("SELECT id FROM ledger_checkpoint WHERE guild_id = %s AND size = %s", scene.guild, size)
    # The audit itself appends again: by then the log may be as long as before, and another.
    return "log.truncated|log.rewritten", None, SIGNED, str(row)


def changed_leaf(scene: Scene, change: str, rule: str, *, index: int = 21) -> Place:
    sql(f"UPDATE ledger_leaf SET {change} WHERE guild_id = %s AND index = {index}", scene.guild)
    return rule, index, LEAVES, str(index)


@manipulation
def the_bytes_of_a_leaf_are_changed(scene: Scene) -> Place:
    return changed_leaf(scene, f"entry = {flipped('entry', 12)}", "log.hash")


@manipulation
def the_hash_of_a_leaf_is_changed(scene: Scene) -> Place:
    return changed_leaf(scene, f"leaf_hash = {flipped('leaf_hash', 0)}", "log.hash")


@manipulation
def the_stored_subtrees_of_a_leaf_are_changed(scene: Scene) -> Place:
    return changed_leaf(scene, f"subtrees = {flipped('subtrees', 3)}", "log.subtrees")


@manipulation
def a_leaf_and_its_hash_are_replaced(scene: Scene) -> Place:
    replaced = "entry = e.new, leaf_hash = sha256('\\x00'::bytea || e.new)"
    sql(
        f"UPDATE ledger_leaf l SET {replaced} FROM (SELECT index, "
        "convert_to(replace(convert_from(entry, 'UTF8'), 'policy_set', 'policy_sat'), 'UTF8') AS new "
        "FROM ledger_leaf WHERE guild_id = %s AND index = 21) e WHERE l.guild_id = %s AND l.index = e.index",
        scene.guild,
        scene.guild,
    )
    return "log.subtrees", 21, LEAVES, "21"


@manipulation
def a_leaf_is_shown_under_another_time(scene: Scene) -> Place:
    return changed_leaf(scene, "at = at - interval '1 day'", "log.columns")


@manipulation
def a_leaf_is_shown_as_of_another_kind(scene: Scene) -> Place:
    return changed_leaf(scene, "kind = 'export.made'", "log.columns")


def rewrite(scene: Scene, *, index: int, change: Callable[[Entry], Entry]) -> list[bytes]:
    """Replace one entry, and every hash that depends on it; the leaf hashes of the new log."""
    rows = sql("SELECT index, entry FROM ledger_leaf WHERE guild_id = %s ORDER BY index", scene.guild)
    entries = {number: bytes(entry) for number, entry in rows}
    entries[index] = encode(change(decode(entries[index])))
    hashes: list[bytes] = []
    for number, entry in sorted(entries.items()):
        tree, hashed = MemoryTree(hashes), leaf_hash(entry)
        siblings = [tree.lookup(Node(*node)) for node in left_siblings(number)]
        sql(
            "UPDATE ledger_leaf SET entry = %s, leaf_hash = %s, subtrees = %s "
            "WHERE guild_id = %s AND index = %s",
            entry,
            hashed,
            b"".join(completed_subtrees(hashed, siblings)),
            scene.guild,
            number,
        )
        hashes.append(hashed)
    return hashes


def with_another_member(entry: Entry) -> Entry:
    return Entry(entry.kind, entry.at, entry.actor, entry.subjects, entry.policy_set, {"office": "leader"})


@manipulation
def the_log_is_rewritten(scene: Scene) -> Place:
    rewrite(scene, index=2, change=with_another_member)
    row = one("SELECT id FROM ledger_checkpoint WHERE guild_id = %s ORDER BY size LIMIT 1", scene.guild)
    size = one("SELECT size FROM ledger_checkpoint WHERE id = %s", row)
    return "log.rewritten", size - 1, SIGNED, str(row)


@manipulation
def the_log_is_rewritten_with_the_signing_key(scene: Scene) -> Place:
    """Whoever holds the key signs every checkpoint anew, and removes what witnesses signed."""
    hashes = rewrite(scene, index=2, change=with_another_member)
    sql("DELETE FROM ledger_cosignature WHERE guild_id = %s", scene.guild)
    signer = signing.log_signer(scene.guild)
    for row, size in sql("SELECT id, size FROM ledger_checkpoint WHERE guild_id = %s", scene.guild):
        head = TreeHead(signer.verifier.name, size, MemoryTree(hashes[:size]).root())
        note = Note(head.text, (signer.sign(head.text),)).raw
        sql("UPDATE ledger_checkpoint SET root = %s, note = %s WHERE id = %s", head.root, note, row)
    seen = one("SELECT id FROM ledger_seen WHERE guild_id = %s", scene.harbour)
    return "witness.other", None, SEEN, str(seen)


@manipulation
def a_leaf_is_written_in_the_name_of_a_stranger(scene: Scene) -> Place:
    law = policy_set(scene.members["ayla"].guild)
    zed = scene.strangers["ayla"].pseudonym
    index = appended(scene, LeafKind.LOUNGE_MADE, actor=zed, subjects=[str(uuid4())], policy_set=law)
    return "log.actor", index, "", ""


@manipulation
def a_leaf_gives_an_office_that_nobody_may_give(scene: Scene) -> Place:
    law, finn = (
        policy_set(scene.members["ayla"].guild),
        scene.members["finn"].pseudonym,
    )
    said = {"subjects": [str(finn)], "policy_set": law, "detail": {"office": "steward"}}
    return "log.office", appended(scene, LeafKind.OFFICE_GRANTED, actor=finn, **said), "", ""


@manipulation
def a_leaf_is_dated_back(scene: Scene) -> Place:
    past = timezone.now() - timedelta(days=2)
    index = appended(scene, LeafKind.EXPORT_MADE, actor=SYSTEM, at=past)
    return "log.time", index, LEAVES, str(index)


def newest_checkpoint(scene: Scene) -> tuple[UUID, int]:
    ((row, size),) = sql(
        "SELECT id, size FROM ledger_checkpoint WHERE guild_id = %s ORDER BY size DESC LIMIT 1", scene.guild
    )
    return row, size


@manipulation
def the_root_of_a_checkpoint_is_changed(scene: Scene) -> Place:
    row, size = newest_checkpoint(scene)
    sql("UPDATE ledger_checkpoint SET root = %s WHERE id = %s", b"r" * 32, row)
    return "checkpoint.row", size - 1, SIGNED, str(row)


@manipulation
def the_note_of_a_checkpoint_is_changed(scene: Scene) -> Place:
    row, size = newest_checkpoint(scene)
    note = one("SELECT note FROM ledger_checkpoint WHERE id = %s", row)
    sql("UPDATE ledger_checkpoint SET note = %s WHERE id = %s", note.replace(f"\n{size}\n", "\n9\n"), row)
    return "checkpoint.signature", size - 1, SIGNED, str(row)


@manipulation
def a_checkpoint_is_signed_with_another_key(scene: Scene) -> Place:
    row, size = newest_checkpoint(scene)
    signer = signing.log_signer(scene.harbour)
    root = bytes(one("SELECT root FROM ledger_checkpoint WHERE id = %s", row))
    head = TreeHead(signing.origin_of(scene.guild), size, root)
    note = Note(head.text, (signer.sign(head.text),)).raw
    sql("UPDATE ledger_checkpoint SET note = %s, vkey = %s WHERE id = %s", note, signer.verifier.vkey, row)
    return "checkpoint.signature", size - 1, SIGNED, str(row)


@manipulation
def a_checkpoint_is_removed(scene: Scene) -> Place:
    row, size = newest_checkpoint(scene)
    sql("DELETE FROM ledger_checkpoint WHERE id = %s", row)
    return "checkpoint.lost", size - 1, SIGNED, str(row)


@manipulation
def a_checkpoint_is_removed_with_what_witnesses_signed(scene: Scene) -> Place:
    ended = scene.audit.ended_leaf
    sql("DELETE FROM ledger_cosignature WHERE guild_id = %s", scene.guild)
    sql("DELETE FROM ledger_checkpoint WHERE guild_id = %s AND size <= %s", scene.guild, ended)
    return "checkpoint.lost", ended, SIGNED, ""


@manipulation
def a_cosignature_is_changed(scene: Scene) -> Place:
    row = one("SELECT id FROM ledger_cosignature WHERE guild_id = %s ORDER BY size LIMIT 1", scene.guild)
    other = one(
        "SELECT line FROM ledger_cosignature WHERE guild_id = %s ORDER BY size DESC LIMIT 1", scene.guild
    )
    sql("UPDATE ledger_cosignature SET line = %s WHERE id = %s", other, row)
    return "checkpoint.cosignature", None, "ledger_cosignature", str(row)
