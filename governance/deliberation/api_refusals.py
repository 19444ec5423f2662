"""What refusals of deliberation are in the API: a field's error or a conflict."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from rest_framework.exceptions import ValidationError

from governance.deliberation.errors import NotNow, Unfit
from guild.tenancy.api_requests import Conflict


@contextmanager
def answering() -> Iterator[None]:
    """The errors of the services as those of the API; nothing of what they refused stays behind."""
    try:
        with transaction.atomic():
            yield
    except Unfit as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error
