"""What was lent, and what was said to it."""

from uuid import uuid4

from governance.ledger.enums import LeafKind
from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.sessions.selectors import place_of
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import LENT, columns, flipped, lent_leaf, manipulation


def at_lent(scene: Scene, name: str, rule: str, *, kind: LeafKind = LeafKind.CONTRIBUTION_LENT) -> Place:
    return rule, lent_leaf(scene, name, kind), LENT, str(scene.contributions[name])


@manipulation
def a_word_of_a_lent_dream_is_garbled(scene: Scene) -> Place:
    row = scene.contributions["ayla"]
    sql(
        f"UPDATE lounges_contribution SET text_sealed = {flipped('text_sealed', 40)} WHERE id = %s",
        row,
    )
    return at_lent(scene, "ayla", "lent.seal")


@manipulation
def a_word_of_a_lent_dream_is_changed_and_sealed_with_the_right_key(scene: Scene) -> Place:
    row = scene.lent("ayla")
    with tenant(guild=scene.guild):
        opener = vault.opener(row.key_id)
    words = opener.open_text(bytes(row.text_sealed), place_of(row, "text")).replace(
        "lighthouse", "lightvessel"
    )
    sealed = opener.seal(words, place_of(row, "text"))
    sql("UPDATE lounges_contribution SET text_sealed = %s WHERE id = %s", sealed, row.pk)
    return at_lent(scene, "ayla", "lent.altered")


@manipulation
def the_sealed_words_of_two_rows_are_swapped(scene: Scene) -> list[Place]:
    ayla, ezra = scene.lent("ayla"), scene.lent("ezra")
    for row, other in ((ayla, ezra), (ezra, ayla)):
        sql(
            "UPDATE lounges_contribution SET text_sealed = %s WHERE id = %s", bytes(other.text_sealed), row.pk
        )
    return [at_lent(scene, "ayla", "lent.seal"), at_lent(scene, "ezra", "lent.seal")]


@manipulation
def a_lent_dream_is_moved_to_another_guild(scene: Scene) -> Place:
    row = scene.contributions["ayla"]
    leaf = lent_leaf(scene, "ayla")
    sql("UPDATE lounges_contribution SET guild_id = %s WHERE id = %s", scene.harbour, row)
    return "lent.lost", leaf, LENT, ""


@manipulation
def a_lent_dream_is_brought_in_from_another_guild(scene: Scene) -> Place:
    row = uuid4()
    copied = columns(LENT, id=row, dream_id=uuid4(), guild_id=scene.guild)
    sql(f"INSERT INTO lounges_contribution SELECT {copied} WHERE id = %s", scene.contributions["ayla"])
    return "lent.unrecorded", None, LENT, str(row)


@manipulation
def a_lent_dream_is_put_into_another_session(scene: Scene) -> Place:
    other = uuid4()
    copied = columns("lounges_session", id=other)
    sql(f"INSERT INTO lounges_session SELECT {copied} WHERE id = %s", scene.session.pk)
    sql("UPDATE lounges_contribution SET session_id = %s WHERE id = %s", other, scene.contributions["ayla"])
    return at_lent(scene, "ayla", "lent.row")


@manipulation
def a_dream_lent_to_the_blend_alone_is_told(scene: Scene) -> Place:
    sql("UPDATE lounges_contribution SET told = true WHERE id = %s", scene.contributions["lara"])
    return at_lent(scene, "lara", "lent.row")


@manipulation
def a_told_dream_is_silenced(scene: Scene) -> Place:
    sql("UPDATE lounges_contribution SET told = false WHERE id = %s", scene.contributions["ayla"])
    return at_lent(scene, "ayla", "lent.row")


@manipulation
def a_withdrawal_is_undone(scene: Scene) -> Place:
    sql(
        "UPDATE lounges_contribution SET state = 'lent', withdrawn_at = NULL WHERE id = %s",
        scene.contributions["mira"],
    )
    return at_lent(scene, "mira", "lent.row", kind=LeafKind.CONTRIBUTION_WITHDRAWN)


@manipulation
def a_withdrawn_dream_is_filled_with_what_it_was(scene: Scene) -> Place:
    sql(
        "UPDATE lounges_contribution SET text_sealed = 'from a dump' WHERE id = %s",
        scene.contributions["mira"],
    )
    return at_lent(scene, "mira", "lent.row", kind=LeafKind.CONTRIBUTION_WITHDRAWN)


@manipulation
def an_earlier_revision_is_put_back(scene: Scene) -> Place:
    row = scene.contributions["finn"]
    sql("UPDATE lounges_contribution SET text_sealed = %s WHERE id = %s", scene.before_correction, row)
    return at_lent(scene, "finn", "lent.seal", kind=LeafKind.DREAM_RECTIFIED)


@manipulation
def an_earlier_revision_is_put_back_with_its_number(scene: Scene) -> Place:
    sql(
        "UPDATE lounges_contribution SET text_sealed = %s, revision = 1 WHERE id = %s",
        scene.before_correction,
        scene.contributions["finn"],
    )
    return at_lent(scene, "finn", "lent.row")


@manipulation
def a_lent_dream_is_given_to_another_dreamer(scene: Scene) -> Place:
    ezra = scene.members["ezra"].dreamer_id
    sql("UPDATE lounges_contribution SET dreamer_id = %s WHERE id = %s", ezra, scene.contributions["ayla"])
    return at_lent(scene, "ayla", "lent.row")


@manipulation
def a_lent_dream_is_removed(scene: Scene) -> Place:
    leaf = lent_leaf(scene, "ayla")
    sql("DELETE FROM lounges_contribution WHERE id = %s", scene.contributions["ayla"])
    return "lent.lost", leaf, LENT, ""


@manipulation
def a_lending_is_dated_back(scene: Scene) -> Place:
    sql(
        "UPDATE lounges_contribution SET lent_at = lent_at - interval '1 day' WHERE id = %s",
        scene.contributions["ayla"],
    )
    return at_lent(scene, "ayla", "lent.row")


@manipulation
def what_was_said_to_a_dream_is_garbled(scene: Scene) -> Place:
    row = one("SELECT id FROM lounges_association WHERE id <> %s", scene.association)
    sql(
        f"UPDATE lounges_association SET text_sealed = {flipped('text_sealed', 30)} WHERE id = %s",
        row,
    )
    return "said.seal", None, "lounges_association", str(row)


@manipulation
def a_session_is_given_to_another_host(scene: Scene) -> Place:
    sql("UPDATE lounges_session SET host_id = %s WHERE id = %s", scene.members["mira"].pk, scene.session.pk)
    return "session.row", None, "lounges_session", str(scene.session.pk)
