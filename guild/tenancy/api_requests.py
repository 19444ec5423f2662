"""What every API of a guild asks of a request, and the refusal that something stands in the way."""

from collections.abc import Mapping
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from guild.tenancy.models import Membership


class Conflict(APIException):
    """What is there, or what somebody else did meanwhile, stands in the way."""

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
