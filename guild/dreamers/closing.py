"""Closing an account for good, and keeping it open while something is written for it."""

from datetime import time
from importlib import import_module
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from guild.dreamers.models import Dreamer, Theme

NOWHERE = "erased.invalid"
"""Under this top-level domain no address can exist (RFC 2606)."""


class AccountClosed(PermissionDenied):
    """The account was closed, perhaps a moment ago in another window; nothing is written for it any more."""

    def __init__(self) -> None:
        super().__init__("This account was closed, and nothing can be kept in it any more.")


def keep_open(dreamer: UUID) -> None:
    """Until the transaction ends, nobody closes the account. Raises AccountClosed if somebody has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM dreamers_dreamer WHERE id = %s FOR KEY SHARE", [dreamer])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise AccountClosed


def hold_alone(dreamer: UUID) -> Dreamer:
    """The account, held until the transaction ends, when nobody else writes for it. Raises AccountClosed."""
    held = Dreamer.objects.select_for_update().filter(pk=dreamer, is_active=True).first()
    if held is None:
        raise AccountClosed
    return held


def close_account(*, dreamer: UUID, is_remembered: bool) -> None:
    """Remove the addresses, the factors, the sign-ins everywhere, and all that the account says of a person.

    Where guilds remember that somebody was there (`is_remembered`), a row with nothing but its random id
    stays, since theirs point to it; otherwise it goes too.
    """
    EmailAddress.objects.filter(user_id=dreamer).delete()
    Authenticator.objects.filter(user_id=dreamer).delete()
    sign_out_everywhere(dreamer)
    account = Dreamer.objects.filter(pk=dreamer)
    if not is_remembered:
        account.delete()
        return
    account.update(
        email=f"{uuid4()}@{NOWHERE}",
        name="",
        password=make_password(None),
        last_login=None,
        time_zone="UTC",
        night_turnover_hour=18,
        quiet_from=time(22, 30),
        quiet_until=time(7),
        theme=Theme.SYSTEM,
        is_active=False,
        joined_at=timezone.now(),
    )


def sign_out_everywhere(dreamer: UUID) -> int:
    """End every sign-in of the account, in every browser; how many there were.

    Reads all sign-ins of the house, since none of them says in the clear whose it is.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    model = store.get_model_class()
    theirs = [
        row.session_key
        for row in model.objects.iterator(chunk_size=500)
        if store.decode(row.session_data).get(SESSION_KEY) == str(dreamer)
    ]
    model.objects.filter(session_key__in=theirs).delete()
    return len(theirs)
