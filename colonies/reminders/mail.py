"""The letter that reminds: it names no ritual, no colony and no guild, and can be stopped with one press."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from guild.notifications import mail

SUBJECT = "Tonight"
_SALT = "colonies.reminders.stop"


def stop_token(dreamer: UUID) -> str:
    """Lets whoever holds it stop this dreamer's letters, and nothing else."""
    return signing.dumps(dreamer.hex, salt=_SALT)


def dreamer_of(token: str) -> UUID | None:
    """Whose token it is; None for any other text."""
    try:
        return UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def letter(*, to: str, dreamer: UUID, begins: datetime, zone: ZoneInfo, mark: str) -> EmailMessage:
    """The letter. `mark` is the same for the same reminder, so that a second copy is known as one."""
    stop = settings.PUBLIC_URL + reverse("reminders:stop", kwargs={"token": stop_token(dreamer)})
    context = {
        "begins": f"{begins.astimezone(zone):%H:%M}",
        "address": settings.PUBLIC_URL + reverse("tonight:tonight"),
        "stop": stop,
    }
    text = render_to_string("colonies/reminders/letter.txt", context)
    return mail.letter(to=to, subject=SUBJECT, text=text, stop=stop, mark=mark)
