"""What refusals of colonies are in the API: a field's error, a conflict, or the 403 and 404 of everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ValidationError

from colonies.rituals.errors import Invalid, NotNow
from guild.tenancy.api_requests import Conflict


@contextmanager
def answering() -> Iterator[None]:
    """Turns the errors of the services into those of the API."""
    try:
        yield
    except Invalid as error:
        raise ValidationError({error.field or "non_field_errors": [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error
