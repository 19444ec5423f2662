"""Makes accounts: by e-mail address, compared without regard to case."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from guild.dreamers.models import Dreamer


class DreamerManager(BaseUserManager["Dreamer"]):
    """`create_user` and the look-up that sign-in uses."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Dreamer":
        """An account with a hashed password; without one it can only be entered by a reset or a passkey."""
        dreamer = self.model(email=self.normalize_email(email).lower(), **fields)
        dreamer.set_password(password)
        dreamer.save(using=self._db)
        return dreamer

    def get_by_natural_key(self, username: str | None) -> "Dreamer":
        return self.get(email__iexact=username)
