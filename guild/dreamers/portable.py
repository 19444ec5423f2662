"""What a dreamer takes along of the account itself, and which of it another account can take over."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from guild.dreamers.models import Dreamer
from guild.dreamers.services import SETTINGS

Json = dict[str, Any]


def account_of(dreamer: Dreamer) -> Json:
    """Addresses, settings, and how one signs in; no secret is among it."""
    addresses = EmailAddress.objects.filter(user_id=dreamer.pk).order_by("email")
    factors = Authenticator.objects.filter(user_id=dreamer.pk).order_by("created_at", "pk")
    return {
        "account": str(dreamer.pk),
        "joined_at": dreamer.joined_at.isoformat(),
        "last_signed_in_at": dreamer.last_login and dreamer.last_login.isoformat(),
        "addresses": [
            {"address": row.email, "verified": row.verified, "primary": row.primary} for row in addresses
        ],
        "has_password": dreamer.has_usable_password(),
        "factors": [{"kind": row.type, "added_at": row.created_at.isoformat()} for row in factors],
        "settings": {name: getattr(dreamer, name) for name in SETTINGS},
    }
