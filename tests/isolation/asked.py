"""What the law is asked while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from governance.policies import engine
from governance.policies.enums import Action
from guild.portal import navigation


@contextmanager
def questions() -> Iterator[list[Action]]:
    """Collects every question that Cedar is asked meanwhile. What the header of every page asks for itself,
    to show a link or not, is left out: a page must ask about what it shows.
    """
    heard: list[Action] = []
    decide = engine.decide

    def listening(**question: Any) -> engine.Verdict:
        heard.append(question["action"])
        return decide(**question)

    with (
        patch.object(engine, "decide", listening),
        patch.object(navigation, "may_oversee", lambda member: False),
    ):
        yield heard
