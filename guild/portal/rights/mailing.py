"""The letter that goes with a certificate of erasure: plain text, with no link and no word of a dream."""

import logging
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from guild.portal.rights.enums import Extent

logger = logging.getLogger(__name__)


def send_certificate_on_commit(*, address: str, extent: Extent, certificate: str) -> None:
    """Send it once the erasure has been committed. A letter that cannot be sent undoes nothing."""
    body = render_to_string(
        "portal/rights/certificate_mail.txt", {"extent": extent, "certificate": certificate}
    )
    letter = EmailMessage(subject="Your certificate of erasure", body=body, to=[address])
    transaction.on_commit(partial(_send, letter))


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except OSError as error:  # smtplib's errors are among these
        logger.warning("A certificate of erasure could not be sent (%s).", type(error).__name__)
