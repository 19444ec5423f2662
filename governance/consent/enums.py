"""What a dreamer can be asked, and where each answer stands."""

from django.db import models


class Purpose(models.TextChoices):
    """What lent content may be opened for; nothing opens for one without an entry in `purposes.REGISTRY`."""

    SHARE_IN_SESSION = "share_in_session", "be told in this session"
    BLEND = "blend", "be blended"
    QUOTE = "quote", "be quoted"
    PUBLISH_TO_GUILD = "publish_to_guild", "be published to the guild"
    PUBLISH_BEYOND = "publish_beyond", "be published beyond the guild"
    EXCHANGE = "exchange", "be exchanged with other guilds"
    RESEARCH_AGGREGATE = "research_aggregate", "be counted in research"
    COMPARISON = "comparison", "be compared with and without what the guild does"
    REMINDERS = "reminders", "be reminded of"


class Scope(models.TextChoices):
    """What a statement is about, from the narrowest to the broadest."""

    CONTRIBUTION = "contribution", "this dream"
    SESSION = "session", "this session"
    LOUNGE = "lounge", "this lounge"
    GUILD = "guild", "this guild"


class ConsentState(models.TextChoices):
    """States of a consent (DPV 2.3). Only `GIVEN` and `RENEWED`, before their expiry, open anything."""

    UNKNOWN = "unknown", "not known"
    REQUESTED = "requested", "asked for"
    DEFERRED = "deferred", "put off"
    GIVEN = "given", "given"
    RENEWED = "renewed", "given anew"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"
    EXPIRED = "expired", "run out"
    REVOKED = "revoked", "revoked by the guild"
    INVALIDATED = "invalidated", "found not valid"


class Refusal(models.TextChoices):
    """Why the gate kept one contribution shut."""

    UNSTATED = "unstated", "its dreamer was never asked"
    UNKNOWN = "unknown", "no consent of its dreamer can be shown"
    REQUESTED = "requested", "its dreamer has not answered yet"
    DEFERRED = "deferred", "its dreamer put the answer off"
    REFUSED = "refused", "its dreamer refused"
    WITHDRAWN = "withdrawn", "its dreamer withdrew consent"
    EXPIRED = "expired", "the consent has run out"
    REVOKED = "revoked", "the guild revoked the consent"
    INVALIDATED = "invalidated", "the consent was found not to be valid"
    RESTRICTED = "restricted", "its dreamer restricted it: it is stored, and nothing else"
    MISPLACED = "misplaced", "it was lent to another session"
    NOT_THE_DREAMERS = "not_the_dreamers", "the consent was given by somebody else"


class Surface(models.TextChoices):
    """Where a notice was shown."""

    LENDING = "lending", "when lending a dream"
    CONSENTS = "consents", "on the page of consents"
    API = "api", "through the API"


class Told(models.TextChoices):
    """What those who had received a dream are told about it."""

    WITHDRAWN = "withdrawn", "a dream that had reached you was taken back"
    RESTRICTED = "restricted", "a dream that had reached you is set aside"
    RECTIFIED = "rectified", "a dream that had reached you was corrected"


class Cause(models.TextChoices):
    """Why something stands no longer."""

    WITHDRAWN = "withdrawn", "its dreamer took it back"
    LESSENED = "lessened", "its dreamer allows less of it"
    RESTRICTED = "restricted", "its dreamer restricted it to storage"
    REVOKED = "revoked", "the guild revoked the consent"
    INVALIDATED = "invalidated", "the consent was found not to be valid"
