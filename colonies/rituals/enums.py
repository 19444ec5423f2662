"""The states of colonies, of those who belong to them, and the kinds of steps."""

from django.db import models


class Admission(models.TextChoices):
    """How one comes into a colony."""

    OPEN = "open", "Open to every member of the guild"
    REQUEST = "request", "By request"
    INVITATION = "invitation", "By invitation"


class Standing(models.TextChoices):
    """Where a member stands with a colony. Ended, the row stays: versions and leaves speak of it."""

    ASKED = "asked", "has asked to join"
    INVITED = "invited", "is invited"
    IN = "in", "belongs to it"
    DECLINED = "declined", "was declined, or declined"
    LEFT = "left", "has left"


class Part(models.TextChoices):
    """What somebody who belongs to a colony does for it."""

    MEMBER = "member", "Member"
    CO_LEADER = "co_leader", "Co-leader"
    LEADER = "leader", "Leader"


class StepKind(models.TextChoices):
    """What a step is made of. `OTHER` is whatever no word here says: the text always does."""

    BREATH = "breath", "Breath"
    LIGHT = "light", "Light"
    STORY = "story", "Story"
    SONG = "song", "Song"
    TEA = "tea", "Tea or another drink"
    SILENCE = "silence", "Silence"
    WRITING = "writing", "Writing"
    WASHING = "washing", "Washing"
    MOVEMENT = "movement", "Movement"
    PRAYER = "prayer", "Prayer or blessing"
    GRATITUDE = "gratitude", "Giving thanks"
    PREPARING = "preparing", "Making the room ready"
    OTHER = "other", "Something else"


class Keeping(models.TextChoices):
    """What somebody says of a ritual and a night. Skipping on purpose is a way of keeping it in mind."""

    KEPT = "kept", "Kept"
    PARTLY = "partly", "Partly"
    SKIPPED = "skipped", "Skipped on purpose"


LIVE_STANDINGS = (Standing.ASKED, Standing.INVITED, Standing.IN)
LEADING_PARTS = (Part.LEADER, Part.CO_LEADER)
