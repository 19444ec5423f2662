"""A letter that can be stopped with one press (RFC 8058), and that mail programs know again as the same."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage


def letter(*, to: str, subject: str, text: str, stop: str, mark: str) -> EmailMessage:
    """`stop` is the address at which a POST ends letters like this one. `mark` is the same for the same
    letter, so that a second copy is known as one.
    """
    headers = {
        "Message-ID": f"<{mark}@{settings.PUBLIC_HOST}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject=subject, body=text, to=[to], headers=headers)


def mark_of(*parts: object) -> str:
    """A name for one message that says nothing of it."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]
