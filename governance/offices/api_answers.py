"""How the API of offices answers: the refusals of its services, and members by their ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from governance.offices.errors import InvitationGone, NameTaken, OfficeRefused, TooOften
from guild.tenancy.api_requests import Conflict, me
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of

NO_MEMBER = "There is no such member in this guild."


class Gone(APIException):
    """The invitation lets nobody in, or not the caller (410)."""

    status_code = 410
    default_code = "gone"


class TooMany(APIException):
    """Tried too often (429)."""

    status_code = 429
    default_code = "throttled"


@contextmanager
def answering() -> Iterator[None]:
    """The errors of the services as those of the API; nothing of what they refused stays behind."""
    try:
        with transaction.atomic():
            yield
    except NameTaken as error:
        raise ValidationError({"display_name": [str(error)]}) from error
    except InvitationGone as error:
        raise Gone(str(error)) from error
    except OfficeRefused as error:
        raise Conflict(str(error)) from error
    except TooOften as error:
        raise TooMany(str(error)) from error


def member_named(request: Request, member: UUID, *, field: str = "member") -> Membership:
    """A live member of the caller's guild, named in what was sent. Raises ValidationError."""
    if (found := _member(request, member)) is None:
        raise ValidationError({field: [NO_MEMBER]})
    return found


def member_at(request: Request, member: UUID) -> Membership:
    """A live member of the caller's guild, named in the address. Raises Http404."""
    if (found := _member(request, member)) is None:
        raise Http404(NO_MEMBER)
    return found


def _member(request: Request, member: UUID) -> Membership | None:
    return next((one for one in members_of(me(request).guild_id) if one.pk == member), None)
