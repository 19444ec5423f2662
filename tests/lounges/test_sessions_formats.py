"""The formats: stages, moves, and what each stage allows."""

import itertools

import pytest

from lounges.sessions.formats import FORMATS, OPEN_CIRCLE, Act, format_named

STAGES = ("arriving", "sharing", "associating", "blending", "closing")


def test_open_circle_allows_per_stage():
    gifts = (Act.SHARE, Act.ASSOCIATE, Act.BLEND)
    table = {
        stage: tuple(act.value for act in gifts if OPEN_CIRCLE.allows(act, stage=stage)) for stage in STAGES
    }
    assert table == {
        "arriving": (),
        "sharing": ("session.share",),
        "associating": ("session.share", "session.associate"),
        "blending": ("session.associate", "session.blend"),
        "closing": ("session.associate",),
    }


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_stopping_and_being_there_are_allowed_in_every_stage(form):
    always = {act for act in Act if all(form.allows(act, stage=stage.name) for stage in form.stages)}
    assert always == {
        Act.JOIN,
        Act.STEP_OUT,
        Act.RETURN,
        Act.WITHDRAW,
        Act.SET_STAGE,
        Act.CLOSE,
        Act.BEAT,
        Act.RESIST,
        Act.RELENT,
    }


def test_moves_go_one_forward_or_any_back():
    allowed = {(a, b) for a in STAGES for b in STAGES if OPEN_CIRCLE.may_move(source=a, target=b)}
    forward = set(itertools.pairwise(STAGES))
    back = {(a, b) for a in STAGES for b in STAGES if STAGES.index(b) < STAGES.index(a)}
    assert allowed == forward | back
    assert not OPEN_CIRCLE.may_move(source="arriving", target="nowhere")


def test_stage_order_is_walked_to_the_end():
    names = [OPEN_CIRCLE.first.name]
    while following := OPEN_CIRCLE.after(names[-1]):
        names.append(following.name)
    assert tuple(names) == STAGES


def test_unknown_names_are_refused_with_a_sentence():
    with pytest.raises(KeyError, match="no format called"):
        format_named("seance")
    with pytest.raises(KeyError, match="no stage called"):
        OPEN_CIRCLE.stage("trance")
