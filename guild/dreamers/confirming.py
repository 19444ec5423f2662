"""Asking once more for the password, or the second factor, before something that cannot be undone."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def confirmed(request: HttpRequest) -> HttpResponse | None:
    """None where the dreamer has confirmed within the last minutes.

    Otherwise a page is left for the confirmation, which leads back to it (the accounts library answers the
    exception), and what was posted is not done: the answer leads back to the page first.
    """
    try:
        _pass(request)
    except ReauthenticationRequired:
        if request.method == "POST":
            return redirect(request.get_full_path())
        raise
    return None


@reauthentication_required
def _pass(request: HttpRequest) -> None:
    """Nothing is done here: the decorator asks."""
