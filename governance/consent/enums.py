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


class ConsentState(models.TextChoices):
    """States of a consent (DPV 2.3). Only `GIVEN`, before its expiry, opens anything."""

    GIVEN = "given", "given"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"
    EXPIRED = "expired", "run out"


class Refusal(models.TextChoices):
    """Why the gate kept one contribution shut."""

    UNSTATED = "unstated", "its dreamer was never asked"
    REFUSED = "refused", "its dreamer refused"
    WITHDRAWN = "withdrawn", "its dreamer withdrew consent"
    EXPIRED = "expired", "the consent has run out"
    NOT_THE_DREAMERS = "not_the_dreamers", "the consent was given by somebody else"
