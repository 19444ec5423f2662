"""An error of the database is logged without the values that it quotes."""

import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from guild.dreamers.models import Dreamer
from guild.portal.log_lines import WordlessLines

ADDRESS = "somebody.in.particular@example.org"


@pytest.fixture
def taken(db: None) -> IntegrityError:
    """The error of a second account of the same address, which quotes it."""
    Dreamer.objects.create(email=ADDRESS, name="Mira")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Dreamer.objects.create(email=ADDRESS, name="Mira")
    assert ADDRESS in str(caught.value)
    return caught.value


def line(message: str, *arguments: object, error: BaseException | None = None) -> str:
    given = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, arguments, given)
    return WordlessLines("%(levelname)s %(message)s").format(record)


def test_traceback_says_what_failed_and_not_for_whom(taken: IntegrityError) -> None:
    written = line("Internal Server Error: %s", "/accounts/signup/", error=taken)
    assert ADDRESS not in written
    assert written.count("duplicate key value violates unique constraint") == 2  # the cause, and Django's own
    assert "The above exception was the direct cause" in written


@pytest.mark.parametrize("form", ["%s", "%r"])
def test_message_that_holds_the_error_is_held_to_the_same(taken: IntegrityError, form: str) -> None:
    written = line(f"Task raised unexpected: {form}", taken)
    assert ADDRESS not in written
    assert "duplicate key value" in written


def test_detail_of_several_lines_goes_as_a_whole() -> None:
    try:
        raise ValueError(f"refused\nDETAIL:  Failing row contains (1,\nfirst line,\n{ADDRESS}).")
    except ValueError:
        error = sys.exception()
    assert "first line" not in (written := line("It failed.", error=error))
    assert ADDRESS not in written


def test_every_line_of_the_product_is_written_so() -> None:
    logging_of: dict[str, Any] = settings.LOGGING
    assert logging_of["formatters"]["line"]["()"] == "guild.portal.log_lines.WordlessLines"
    assert {handler["formatter"] for handler in logging_of["handlers"].values()} == {"line"}
