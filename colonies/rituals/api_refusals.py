"""What refusals of colonies are in the API: a field's error, a conflict, or the 403 and 404 of everywhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from colonies.rituals.errors import Invalid, NotNow
from guild.tenancy.models import Membership


class Conflict(APIException):
    """The colony, or what somebody else did meanwhile, stands in the way."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def me(request: Request) -> Membership:
    """The caller's membership of the guild in the address; the tenancy middleware has read it."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership


def valid(serializer: type[BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    """The values of `data` by the shape of `serializer`. Raises ValidationError."""
    read = serializer(data=data)
    read.is_valid(raise_exception=True)
    values: Mapping[str, Any] = read.validated_data
    return dict(values)


@contextmanager
def answering() -> Iterator[None]:
    """Turns the errors of the services into those of the API."""
    try:
        yield
    except Invalid as error:
        raise ValidationError({error.field or "non_field_errors": [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error
