"""The states and events of live sessions."""

from django.db import models


class SessionState(models.TextChoices):
    SCHEDULED = "scheduled", "scheduled"
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


class ContributionState(models.TextChoices):
    LENT = "lent", "lent"
    RESTRICTED = "restricted", "set aside"
    WITHDRAWN = "withdrawn", "withdrawn"


class Extent(models.TextChoices):
    """How much of a dream was lent. Only the whole dream brings its title along."""

    WHOLE = "whole", "the whole dream"
    EXCERPT = "excerpt", "a part of it, word for word"
    RETOLD = "retold", "a part of it, in new words"


class Confidentiality(models.TextChoices):
    """How far what is told in a session may travel in the mouths of those who heard it."""

    SESSION = "session", "It stays in this session"
    NAMELESS = "nameless", "It may be retold without names"
    GUILD = "guild", "It may be spoken of within the guild"


class EventType(models.TextChoices):
    """What a session's one order consists of. Written for ever: add types, never rename one."""

    SESSION_OPENED = "session.opened"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_STEPPED_OUT = "participant.stepped_out"
    PARTICIPANT_RETURNED = "participant.returned"
    DREAM_SHARED = "dream.shared"
    DREAM_WITHDRAWN = "dream.withdrawn"
    DREAM_RESTRICTED = "dream.restricted"
    DREAM_RESTATED = "dream.restated"
    ASSOCIATION_ADDED = "association.added"
    STAGE_CHANGED = "stage.changed"
    BLEND_REQUESTED = "blend.requested"
    BLEND_FINISHED = "blend.finished"
    BLEND_FAILED = "blend.failed"
    DREAMSCAPE_SUPERSEDED = "dreamscape.superseded"
    SESSION_CLOSED = "session.closed"
    RESISTANCE_CHANGED = "resistance.changed"
    SESSION_HALTED = "session.halted"
