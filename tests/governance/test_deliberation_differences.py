"""What changed between two texts, word by word."""

import time

import pytest

from governance.deliberation.differences import Run, runs_between


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("", "", ()),
        ("As it was.", "As it was.", (Run("kept", "As it was."),)),
        ("At ten.", "At ten. Or later.", (Run("kept", "At ten."), Run("added", " Or later."))),
        (
            "We close at ten, always.",
            "We close at nine, always.",
            (
                Run("kept", "We close at"),
                Run("kept", " "),
                Run("removed", "ten,"),
                Run("added", "nine,"),
                Run("kept", " always."),
            ),
        ),
        (
            "a b " * 300,
            "a b " * 300 + "c",
            (Run("kept", "a b " * 299 + "a b"), Run("kept", " "), Run("added", "c")),
        ),
    ],
)
def test_words_come_and_go(before: str, after: str, runs: tuple[Run, ...]) -> None:
    assert runs_between(before, after) == runs


def test_texts_of_few_words_are_compared_as_fast_as_others() -> None:
    begun = time.process_time()
    before, after = "x" + "a b " * 2999, "y" + "b a " * 2999 + "z"
    runs = runs_between(before, after)
    assert time.process_time() - begun < 2
    for fate, text in (("removed", before), ("added", after)):
        assert "".join(run.words for run in runs if run.fate in ("kept", fate)) == text
