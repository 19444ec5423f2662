"""The invitation that a browser's session keeps until its person is in: which guild, and the digest."""

from uuid import UUID

from django.http import HttpRequest

from governance.offices.codes import Named

_KEPT = "invitation"


def keep(request: HttpRequest, named: Named) -> None:
    """Until it is put away, or its person is in. It outlives signing in and signing up."""
    request.session[_KEPT] = [str(named.guild), named.digest]


def kept(request: HttpRequest) -> Named | None:
    """What this browser brought."""
    held = request.session.get(_KEPT)
    return None if held is None else Named(UUID(held[0]), held[1])


def waits(request: HttpRequest) -> bool:
    """Whether an invitation waits in this browser for an answer."""
    return _KEPT in request.session


def forget(request: HttpRequest) -> None:
    """Keep it no longer."""
    request.session.pop(_KEPT, None)
