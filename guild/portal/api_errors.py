"""Errors of the API: one shape, and nothing of a failed request stays behind."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """As the framework has it, after marking the request's transaction for rollback."""
    if isinstance(exception, DjangoValidationError):
        exception = ValidationError(exception.messages)
    response = exception_handler(exception, context)
    if response is not None and transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    return response
