"""The letter that takes an invitation to somebody. The address is used once, and kept nowhere."""

import logging
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from guild.tenancy.models import Membership

logger = logging.getLogger(__name__)


def link_of(code: str) -> str:
    """Where the code opens the door. It stands behind the #, which browsers never send."""
    return f"{settings.PUBLIC_URL}{reverse('joining:join')}#{code}"


def send_on_commit(*, address: str, code: str, by: Membership, expires_at: datetime) -> None:
    """Send the letter once the invitation has been committed. One that cannot be sent undoes nothing: whoever
    invites has the link too.
    """
    body = render_to_string(
        "governance/offices/invitation_mail.txt",
        {"link": link_of(code), "guild": by.guild, "inviter": by, "expires_at": expires_at},
    )
    letter = EmailMessage(subject="An invitation to a guild of dreamers", body=body, to=[address])
    transaction.on_commit(partial(_send, letter))


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except OSError as error:  # smtplib's errors are among these
        logger.warning("An invitation could not be sent (%s).", type(error).__name__)
