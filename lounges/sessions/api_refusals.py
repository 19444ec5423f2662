"""What refusals of sessions are in the API: a field's error, a conflict, or the 403 and 404 of everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ValidationError

from governance.consent.errors import TermsRefused
from guild.tenancy.api_requests import Conflict
from lounges.sessions.errors import Invalid, KeyReused, NotNow


@contextmanager
def answering() -> Iterator[None]:
    """Turns the errors of the services into those of the API."""
    try:
        yield
    except Invalid as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except TermsRefused as error:
        raise ValidationError({"purposes": [str(error)]}) from error
    except (NotNow, KeyReused) as error:
        raise Conflict(str(error)) from error
