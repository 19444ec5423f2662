"""What blends made, and of what."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.dreamscapes import making
from lounges.dreamscapes import selectors as dreamscapes
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, request_blend
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.guild import SET_VALUE
from tests.faults.manipulations.registry import (
    MADE,
    MADE_AGAIN,
    REFLECTED,
    RUNS,
    VOICES,
    columns,
    flipped,
    manipulation,
)


def made_leaf(scene: Scene, which: UUID | None = None) -> int:
    return int(one("SELECT ended_leaf FROM dreamscapes_run WHERE id = %s", which or scene.standing))


def changed_run(scene: Scene, change: str, *values: Any) -> Place:
    place = "blend.row", made_leaf(scene), RUNS, str(scene.standing)
    sql(f"UPDATE dreamscapes_run SET {change} WHERE id = %s", *values, scene.standing)
    return place


@manipulation
def a_result_is_garbled(scene: Scene) -> Place:
    sql(
        f"UPDATE dreamscapes_dreamscape SET document_sealed = {flipped('document_sealed', 50)} WHERE id = %s",
        scene.standing,
    )
    return "result.seal", made_leaf(scene), MADE, str(scene.standing)


@manipulation
def a_result_is_changed_and_sealed_with_the_right_key(scene: Scene) -> Place:
    run = scene.run()
    with tenant(guild=scene.guild):
        opener = vault.opener(run.key_id)
    sealed = bytes(one("SELECT document_sealed FROM dreamscapes_dreamscape WHERE id = %s", run.pk))
    text = opener.open_text(sealed, dreamscapes.document_place(run)).replace("lamp", "lump")
    again = opener.seal(text, dreamscapes.document_place(run))
    sql("UPDATE dreamscapes_dreamscape SET document_sealed = %s WHERE id = %s", again, run.pk)
    return "result.altered", made_leaf(scene), MADE, str(run.pk)


@manipulation
def a_result_is_given_another_title_with_the_right_key(scene: Scene) -> Place:
    run = scene.run()
    with tenant(guild=scene.guild):
        sealed = vault.opener(run.key_id).seal("Another title", dreamscapes.title_place(run))
    sql("UPDATE dreamscapes_dreamscape SET title_sealed = %s WHERE id = %s", sealed, run.pk)
    return "result.altered", made_leaf(scene), MADE, str(run.pk)


@manipulation
def a_result_is_removed(scene: Scene) -> Place:
    sql("DELETE FROM dreamscapes_dreamscape WHERE id = %s", scene.standing)
    return "result.lost", made_leaf(scene), MADE, str(scene.standing)


@manipulation
def a_superseded_dreamscape_is_brought_back(scene: Scene) -> Place:
    leaf = one("SELECT superseded_leaf FROM dreamscapes_run WHERE id = %s", scene.superseded)
    sql(
        "UPDATE dreamscapes_run SET state = 'finished', because = '', superseded_at = NULL, "
        "superseded_leaf = NULL WHERE id = %s",
        scene.superseded,
    )
    return "blend.row", leaf, RUNS, str(scene.superseded)


@manipulation
def a_dreamscape_is_ended_by_hand(scene: Scene) -> Place:
    return changed_run(scene, "state = 'superseded'")


@manipulation
def the_terms_of_a_blend_are_changed(scene: Scene) -> Place:
    return changed_run(scene, "terms = jsonb_set(terms, '{affect_scale}', '0.3')")


@manipulation
def the_floor_of_a_blend_is_changed(scene: Scene) -> Place:
    return changed_run(scene, "floor = 0.3")


@manipulation
def the_digest_of_what_went_in_is_changed(scene: Scene) -> Place:
    return changed_run(scene, "inputs_digest = %s", "0" * 64)


@manipulation
def the_digest_of_what_came_out_is_changed(scene: Scene) -> Place:
    return changed_run(scene, "outputs_digest = %s", "0" * 64)


@manipulation
def the_end_of_a_dreamscape_is_put_off(scene: Scene) -> Place:
    return changed_run(scene, "expires_at = now() + interval '1 year'")


@manipulation
def a_blend_is_made_by_hand(scene: Scene) -> Place:
    row = uuid4()
    copied = columns(RUNS, id=row, key=uuid4(), supersedes_id=row)
    sql(f"INSERT INTO dreamscapes_run SELECT {copied} WHERE id = %s", scene.standing)
    return "blend.unrecorded", None, RUNS, str(row)


@manipulation
def a_blend_is_removed(scene: Scene) -> Place:
    leaf = one("SELECT requested_leaf FROM dreamscapes_run WHERE id = %s", scene.standing)
    sql("DELETE FROM dreamscapes_run WHERE id = %s", scene.standing)
    return "blend.lost", leaf, RUNS, str(scene.standing)


@manipulation
def a_voice_is_taken_out_of_a_blend(scene: Scene) -> Place:
    leaf = one("SELECT use_leaf FROM dreamscapes_run WHERE id = %s", scene.standing)
    ayla = scene.contributions["ayla"]
    sql("DELETE FROM dreamscapes_voice WHERE run_id = %s AND contribution_id = %s", scene.standing, ayla)
    return "blend.voices", leaf, RUNS, str(scene.standing)


@manipulation
def a_voice_is_added_to_a_blend(scene: Scene) -> Place:
    row, leaf = uuid4(), one("SELECT use_leaf FROM dreamscapes_run WHERE id = %s", scene.standing)
    copied = columns(VOICES, id=row, contribution_id=scene.contributions["mira"])
    sql(
        f"INSERT INTO dreamscapes_voice SELECT {copied} WHERE run_id = %s AND contribution_id = %s",
        scene.standing,
        scene.contributions["ayla"],
    )
    return "blend.voices", leaf, VOICES, str(row)


@manipulation
def a_voice_is_given_to_another_dreamer(scene: Scene) -> Place:
    leaf = one("SELECT use_leaf FROM dreamscapes_run WHERE id = %s", scene.standing)
    pair = (scene.standing, scene.contributions["ayla"])
    row = one("SELECT id FROM dreamscapes_voice WHERE run_id = %s AND contribution_id = %s", *pair)
    sql("UPDATE dreamscapes_voice SET dreamer_id = %s WHERE id = %s", scene.members["finn"].dreamer_id, row)
    return "blend.voices", leaf, VOICES, str(row)


def reflection_of(scene: Scene, name: str) -> UUID:
    pair = (scene.standing, scene.members[name].dreamer_id)
    return UUID(
        str(one("SELECT id FROM dreamscapes_reflection WHERE run_id = %s AND dreamer_id = %s", *pair))
    )


@manipulation
def a_reflection_is_removed(scene: Scene) -> Place:
    sql("DELETE FROM dreamscapes_reflection WHERE id = %s", reflection_of(scene, "ayla"))
    return "reflection.lost", made_leaf(scene), REFLECTED, str(scene.standing)


@manipulation
def two_reflections_are_swapped(scene: Scene) -> list[Place]:
    rows = [reflection_of(scene, name) for name in ("ayla", "finn")]
    sealed = [one("SELECT document_sealed FROM dreamscapes_reflection WHERE id = %s", row) for row in rows]
    for row, other in zip(rows, reversed(sealed), strict=True):
        sql("UPDATE dreamscapes_reflection SET document_sealed = %s WHERE id = %s", bytes(other), row)
    return [("reflection.altered", made_leaf(scene), REFLECTED, str(row)) for row in rows]


@manipulation
def a_reflection_is_changed_and_sealed_with_the_right_key(scene: Scene) -> Place:
    row, run = reflection_of(scene, "ayla"), scene.run()
    with tenant(guild=scene.guild, dreamer=scene.members["ayla"].dreamer_id):
        held = dreamscapes.Reflection.objects.get(pk=row)
        opener = vault.opener(run.key_id)
    place = dreamscapes.reflection_place(held)
    text = opener.open_text(bytes(held.document_sealed), place).replace("lighthouse", "lightvessel")
    sql("UPDATE dreamscapes_reflection SET document_sealed = %s WHERE id = %s", opener.seal(text, place), row)
    return "reflection.altered", made_leaf(scene), REFLECTED, str(row)


def blended_by(scene: Scene, patched: dict[str, Any]) -> BlendRun:
    """Ayla asks for one more blend, and a worker makes it in which these of its parts are others."""
    ayla = scene.members["ayla"]
    kept = {name: getattr(making, name) for name in patched}
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        run = request_blend(session=scene.session, by=ayla, key=uuid4())
    for name, part in patched.items():
        setattr(making, name, part)
    try:
        perform_blend(guild_id=scene.guild, run_id=run.pk)
    finally:
        for name, part in kept.items():
            setattr(making, name, part)
    return scene.run(run.pk)


@manipulation
def a_patched_worker_blends_other_dreams_than_it_opened(scene: Scene) -> Place:
    voice_of = making.voice_of
    run = blended_by(
        scene, {"voice_of": lambda opened: replace(voice_of(opened), points=-voice_of(opened).points)}
    )
    return "blend.again", run.ended_leaf, RUNS, str(run.pk)


MADE_AGAIN.add("a_patched_worker_blends_other_dreams_than_it_opened")


@manipulation
def a_patched_worker_says_that_it_made_something_else(scene: Scene) -> Place:
    """What it seals is what it says, and not what comes out of the dreams."""
    shared = making.shared_document

    def embellished(dreamscape: Any) -> Any:
        return {**shared(dreamscape), "arc": {}}

    run = blended_by(scene, {"shared_document": embellished})
    return "blend.again", run.ended_leaf, RUNS, str(run.pk)


MADE_AGAIN.add("a_patched_worker_says_that_it_made_something_else")


@manipulation
def a_blend_is_made_while_the_floor_is_lowered_for_a_moment(scene: Scene) -> list[Place]:
    sql(SET_VALUE, "{values,individuality_floor}", '"0.30"', scene.guild)
    run = blended_by(scene, {})
    sql(SET_VALUE, "{values,individuality_floor}", '"0.60"', scene.guild)
    return [("blend.floor", run.ended_leaf, "", ""), ("log.law", run.ended_leaf, "", "")]
