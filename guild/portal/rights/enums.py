"""The rights a dreamer can use here."""

from django.db import models


class Right(models.TextChoices):
    """What was asked for, as the dreamer's own record keeps it."""

    EXPORT = "export", "everything was exported"
    IMPORT = "import", "an archive was brought in"
    CORRECTION = "correction", "lent copies were corrected"
    RESTRICTION = "restriction", "all use was paused"
    RESUMPTION = "resumption", "the pause was lifted"
    ERASURE = "erasure", "something was erased"


class Extent(models.TextChoices):
    """How much an erasure takes."""

    DREAM = "dream", "one dream"
    JOURNAL = "journal", "the whole journal"
    ACCOUNT = "account", "the whole account"
