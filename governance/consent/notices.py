"""Which text was before a dreamer when they chose. Served notices are recorded, and a choice names the one it
answers.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from governance.consent.enums import Purpose, Surface
from governance.consent.errors import NoticeChanged
from governance.consent.models import ServedNotice
from governance.consent.purposes import NOTICES, Notice, NoticeMark, registered

SHOWN_AGAIN = timedelta(hours=1)
"""The same text on the same page within this time was shown once."""

CHANGED = (
    "The text of “{title}” has changed since this page was opened. Nothing was saved: read it again, "
    "and then choose."
)


def serve(*, dreamer: UUID, purposes: Iterable[Purpose], surface: Surface) -> None:
    """Record that the texts of these purposes are shown to a dreamer now; in a tenant of theirs."""
    now = timezone.now()
    shown = {purpose: registered(purpose).notice for purpose in purposes}
    lately = ServedNotice.objects.filter(
        dreamer_id=dreamer, surface=surface, served_at__gt=now - SHOWN_AGAIN
    ).values_list("digest", flat=True)
    known = set(lately)
    ServedNotice.objects.bulk_create(
        ServedNotice(
            dreamer_id=dreamer,
            purpose=purpose,
            version=notice.version,
            language=notice.language,
            digest=notice.digest,
            surface=surface,
            served_at=now,
        )
        for purpose, notice in shown.items()
        if notice.digest not in known
    )


def current(purpose: Purpose, digest: str) -> NoticeMark:
    """The text in use, if it is the one with this digest. Raises NoticeChanged: nobody says yes to what they
    have not read.
    """
    notice = registered(purpose).notice
    if digest != notice.digest:
        raise NoticeChanged(CHANGED.format(title=registered(purpose).title))
    return notice.mark


def known(purpose: Purpose, digest: str) -> NoticeMark:
    """The text with this digest, current or earlier: a no holds whichever was read. Raises NoticeChanged for
    one that never was of this purpose.
    """
    found: tuple[Purpose, Notice] | None = NOTICES.get(digest)
    if found is None or found[0] is not Purpose(purpose):
        raise NoticeChanged(CHANGED.format(title=registered(purpose).title))
    return found[1].mark


def last_served(dreamer: UUID, mark: NoticeMark) -> ServedNotice | None:
    """When this text was before the dreamer last; None where no page of ours showed it."""
    rows = ServedNotice.objects.filter(dreamer_id=dreamer, digest=mark.digest)
    return rows.order_by("-served_at").first()
