"""What a ritual says, and what tells two versions apart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies.rituals.differences import Fate, FieldChange, Run, StepChange, difference, runs_between
from colonies.rituals.errors import Invalid
from colonies.rituals.texts import RitualText, Step, Wording, checked, checked_wording, in_words_of
from colonies.rituals.wording import language_tag

LAMP = Step("light", "Put out the lamp and say whose light it was.", 60)
TEA = Step("tea", "Pour the tea and let it stand.", 240, "Steam in the window.")
SONG = Step("song", "Sing the last verse only.")
EVENING = RitualText(title="The lamp", steps=(LAMP, TEA), source="My aunt Rosa.", language="en")


def test_what_was_written_is_kept_without_space_around_it():
    written = replace(EVENING, title="  The lamp \n", language="EN_gb", intention="\r\n")
    assert checked(written) == replace(EVENING, language="en-GB")


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (replace(EVENING, title=" "), "title"),
        (replace(EVENING, title="x" * 121), "title"),
        (replace(EVENING, steps=()), "steps"),
        (replace(EVENING, steps=(SONG,) * 31), "steps"),
        (replace(EVENING, steps=(replace(SONG, kind="sacrifice"),)), "steps"),
        (replace(EVENING, steps=(replace(SONG, seconds=-1),)), "steps"),
        (replace(EVENING, steps=(replace(SONG, seconds=14_401),)), "steps"),
        (replace(EVENING, steps=(replace(SONG, text=""),)), "steps"),
        (replace(EVENING, credit="a\x00b"), "credit"),
        (replace(EVENING, language="English"), "language"),
    ],
)
def test_what_cannot_be_kept_names_its_field(written: RitualText, field: str):
    with pytest.raises(Invalid) as refused:
        checked(written)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("tag", "spelt"), [("en", "en"), ("pt_br", "pt-BR"), ("sr-latn-rs", "sr-Latn-RS"), ("es-419", "es-419")]
)
def test_a_language_is_spelt_as_usual(tag: str, spelt: str):
    assert language_tag(tag) == spelt


def test_the_length_is_the_sum_of_the_steps_that_have_one():
    assert replace(EVENING, steps=(LAMP, TEA, SONG)).seconds == 300


def test_the_digest_tells_any_two_texts_apart():
    texts = [EVENING, replace(EVENING, credit="Rosa"), replace(EVENING, steps=(TEA, LAMP))]
    assert len({text.digest for text in texts}) == 3
    assert replace(EVENING).digest == EVENING.digest


def test_a_translation_gives_its_words_to_the_same_steps():
    said = checked_wording(Wording("pt", "A lâmpada", (" Apaga. ", "Serve o chá.")), of=EVENING)
    assert in_words_of(EVENING, said) == replace(
        EVENING,
        language="pt",
        title="A lâmpada",
        steps=(replace(LAMP, text="Apaga."), replace(TEA, text="Serve o chá.")),
    )


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording("en", "The lamp", ("a", "b")), "language"),
        (Wording("pt", "A lâmpada", ("a",)), "steps"),
        (Wording("pt", "A lâmpada", ("a", " ")), "steps"),
    ],
)
def test_a_translation_that_leaves_something_out_is_refused(wording: Wording, field: str):
    with pytest.raises(Invalid) as refused:
        checked_wording(wording, of=EVENING)
    assert refused.value.field == field


def test_a_version_that_changes_nothing_has_no_difference():
    assert difference(EVENING, replace(EVENING)).is_empty


def test_steps_that_read_alike_are_changed_and_others_come_and_go():
    longer = replace(LAMP, text="Put out the lamp and say whose light it was, aloud.")
    found = difference(EVENING, replace(EVENING, steps=(SONG, longer), source="My aunt Rosa, in Évora."))
    assert found.fields == (
        FieldChange(
            "source",
            (
                Run(Fate.KEPT, "My aunt "),
                Run(Fate.REMOVED, "Rosa."),
                Run(Fate.ADDED, "Rosa, in Évora."),
            ),
        ),
    )
    assert [(change.fate, change.before, change.after) for change in found.steps] == [
        (Fate.ADDED, None, SONG),
        (Fate.CHANGED, LAMP, longer),
        (Fate.REMOVED, TEA, None),
    ]


def test_a_step_that_takes_longer_is_changed_though_its_words_stay():
    found = difference(EVENING, replace(EVENING, steps=(replace(LAMP, seconds=90), TEA)))
    assert found.steps == (
        StepChange(Fate.CHANGED, LAMP, replace(LAMP, seconds=90), (Run(Fate.KEPT, LAMP.text),)),
        StepChange(Fate.KEPT, TEA, TEA, (Run(Fate.KEPT, TEA.text),)),
    )


def _words(runs: tuple[Run, ...], without: Fate) -> str:
    return "".join(run.words for run in runs if run.fate != without)


@given(st.text("ab \n"), st.text("ab \n"))
def test_both_texts_can_be_read_off_their_difference(before: str, after: str):
    runs = runs_between(before, after)
    assert (_words(runs, Fate.ADDED), _words(runs, Fate.REMOVED)) == (before, after)


STEPS = st.lists(st.sampled_from([LAMP, TEA, SONG, replace(LAMP, text="Put out the lamp.")]), max_size=6)


@given(STEPS, STEPS)
def test_both_lists_of_steps_can_be_read_off_their_difference(before: list[Step], after: list[Step]):
    changes = difference(replace(EVENING, steps=tuple(before)), replace(EVENING, steps=tuple(after))).steps
    assert [change.before for change in changes if change.before is not None] == before
    assert [change.after for change in changes if change.after is not None] == after
