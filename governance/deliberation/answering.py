"""What the services refused, on a page: beside the field it is about, or on the next page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorDict
from django.http import HttpRequest

from governance.deliberation.errors import DeliberationError, Unfit

UNPROCESSABLE: Final = 422
Made = TypeVar("Made")


@dataclass(frozen=True)
class Refused:
    """A form of a page that was refused: where on the page it stands, by the address that it is sent to, and
    the name of the field that was written in.
    """

    form: BaseForm
    place: str
    name: str

    @property
    def errors(self) -> ErrorDict:
        return self.form.errors

    @property
    def written(self) -> BoundField:
        return self.form[self.name]


def said(form: BaseForm, act: Callable[[], Made]) -> Made | None:
    """What a service returns, or None after its refusal was put where it belongs in the form."""
    try:
        with transaction.atomic():
            return act()
    except Unfit as refusal:
        place = _place_in(form, refusal.field)
        form.add_error(place, str(refusal))
    except DeliberationError as refusal:
        form.add_error(None, str(refusal))
    return None


def _place_in(form: BaseForm, name: str) -> str | None:
    """The field that a refusal is about; a form whose controls are called otherwise says so itself."""
    if name in form.fields:
        return name
    named: Callable[[str], str] | None = getattr(form, "place_of", None)
    place = named(name) if named else name
    return place if place in form.fields else None


def tried(request: HttpRequest, act: Callable[[], object], *, done: str = "", draft: str = "") -> bool:
    """Whether it went through; a refusal is said on the next page. `draft` is put away in the browser."""
    try:
        with transaction.atomic():
            act()
    except DeliberationError as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done, extra_tags=f"draft:{draft}" if draft else "")
    return True


def complaint(form: BaseForm) -> str:
    """All that is wrong with a form, for a page that does not show it again."""
    every: list[Any] = [error for errors in form.errors.values() for error in errors]
    return " ".join(map(str, every)) or "This could not be read: reload the page and try again."


def status_of(*forms: BaseForm | None) -> int:
    return UNPROCESSABLE if any(form is not None and form.errors for form in forms) else 200
