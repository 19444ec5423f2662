"""Who is in a session now, kept in Valkey and told to everyone when it changes. Without Valkey nobody is
shown.
"""

import logging
from uuid import UUID

from django.conf import settings

from lounges.sessions import broker, events
from lounges.sessions.presence import Presence

logger = logging.getLogger(__name__)

PRESENCE = "presence"


def beat(session: UUID, person: UUID) -> list[UUID]:
    """Notes that a person is there, tells the others when they had not been, and gives who is there."""
    try:
        presence = _presence()
        arrived = presence.beat(session, person)
        people = presence.people(session)
    except broker.LOST as error:
        _note(error)
        return []
    if arrived:
        tell(session, people)
    return people


def leave(session: UUID, person: UUID) -> None:
    """Forgets a person at once, and tells the others."""
    try:
        presence = _presence()
        if presence.leave(session, person):
            tell(session, presence.people(session))
    except broker.LOST as error:
        _note(error)


def people(session: UUID) -> list[UUID]:
    """Who is there now."""
    return people_in([session]).get(session, [])


def people_in(sessions: list[UUID]) -> dict[UUID, list[UUID]]:
    """Who is in each session now; nothing while Valkey is away."""
    try:
        return dict(_presence().people_in(sessions))
    except broker.LOST as error:
        _note(error)
        return {}


def tell(session: UUID, people: list[UUID]) -> None:
    """Tells everyone in the session who is there."""
    events.say(session, kind=PRESENCE, data={"people": [str(person) for person in people]})


def _presence() -> Presence:
    return Presence(broker.telling_client(settings.REDIS_URL))


def _note(error: Exception) -> None:
    logger.warning("Presence is not known while Valkey is away (%s).", type(error).__name__)
