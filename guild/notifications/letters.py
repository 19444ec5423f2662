"""What goes out: letters and ringing, made of fixed sentences, and the address that stops them.

A letter or a ringing names no guild, no person and no dream, and leads to one's own page alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from guild.notifications import mail
from guild.notifications.enums import Group, When
from guild.notifications.models import Notice

SUBJECT, GATHERED = "Something waits for you", "What has gathered for you"
PUSH_TITLE = "DreamScape Guild"
_STOP, _UNDO = "guild.notifications.stop", "guild.notifications.undo"


@dataclass(frozen=True)
class Stop:
    """What an address of a letter stops: letters about these groups, of any sort or of one."""

    dreamer: UUID
    groups: tuple[Group, ...]
    only: When | None


def stop_token(stop: Stop) -> str:
    """Lets whoever holds it stop these letters, and nothing else. It never runs out: letters grow old."""
    return signing.dumps([stop.dreamer.hex, list(stop.groups), stop.only or ""], salt=_STOP)


def stop_of(token: str) -> Stop | None:
    """What a token stops; None for any other text."""
    try:
        dreamer, groups, only = signing.loads(token, salt=_STOP)
        return Stop(UUID(dreamer), tuple(map(Group, groups)), When(only) if only else None)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def undo_token(before: Mapping[Group, When]) -> str:
    """Holds how it was before; worth something beside the token that stopped it alone."""
    return signing.dumps(dict(before), salt=_UNDO)


def before_of(token: str) -> dict[Group, When] | None:
    """The way back from `undo_token`; None for any other text."""
    try:
        held = signing.loads(token, salt=_UNDO)
        return {Group(group): When(when) for group, when in held.items()}
    except (signing.BadSignature, ValueError, AttributeError):
        return None


def letter(*, to: str, dreamer: UUID, notices: Iterable[Notice], gathered: bool, mark: UUID) -> EmailMessage:
    """One letter about these notices: their sentences for outside, each once with its number."""
    rows = list(notices)
    groups = tuple(group for group in Group if group in {row.said.group for row in rows})
    token = stop_token(Stop(dreamer, groups, When.DIGEST if gathered else None))
    stop = settings.PUBLIC_URL + reverse("notifications:stop", kwargs={"token": token})
    context = {
        "lines": lines(rows),
        "gathered": gathered,
        "groups": [group.label for group in groups],
        "inbox": settings.PUBLIC_URL + reverse("notifications:inbox"),
        "choices": settings.PUBLIC_URL + reverse("notifications:choices"),
        "stop": stop,
    }
    text = render_to_string("notifications/letter.txt", context)
    subject = GATHERED if gathered else SUBJECT
    return mail.letter(to=to, subject=subject, text=text, stop=stop, mark=mail.mark_of(mark))


def ringing(notices: Iterable[Notice], *, mark: str) -> dict[str, str]:
    """What a device shows: one sentence, or how many things wait."""
    rows = list(notices)
    said = {row.said.outside for row in rows}
    body = said.pop() if len(said) == 1 else f"{len(rows)} things wait for you."
    return {"title": PUSH_TITLE, "body": body, "tag": mark, "address": reverse("notifications:inbox")}


def lines(notices: Iterable[Notice]) -> list[str]:
    """Each sentence once, with how often it is meant."""
    counted = Counter(row.said.outside for row in notices)
    return [sentence if times == 1 else f"{sentence} ({times} times)" for sentence, times in counted.items()]
