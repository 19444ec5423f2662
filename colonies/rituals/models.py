"""Colonies, who belongs to them, and what they keep. A ritual is the colony's, and its words are not secret
within the guild: nothing in it is about one person's night.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from colonies.rituals.enums import LIVE_STANDINGS, Admission, Keeping, Part, Standing
from colonies.rituals.recurrence import Kind, Move, Rhythm
from colonies.rituals.rules import said_aloud
from colonies.rituals.texts import RitualText, Wording, steps_from_json
from guild.tenancy.models import Guild, Membership


def _within_guild(target: Any, **options: Any) -> models.ForeignKey:
    """A reference whose constraint (guild_id, column) is made by the migration, since a plain one may leave
    the guild.
    """
    return models.ForeignKey(target, db_constraint=False, **{"related_name": "+", **options})


class Colony(models.Model):
    """A group within a guild that keeps rituals."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    tradition = models.CharField(max_length=300, blank=True, help_text="In the colony's own words.")
    charter = models.TextField(max_length=4000, blank=True)
    admission = models.CharField(max_length=20, choices=Admission.choices, default=Admission.REQUEST)
    founded_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_colony"
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guild", "slug"], name="one_colony_a_slug"),
            models.CheckConstraint(
                condition=Q(admission__in=Admission.values), name="colony_admission_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Belonging(models.Model):
    """One member and one colony. What has ended stays, and may begin anew as another row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    colony = _within_guild(Colony, on_delete=models.CASCADE)
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    part = models.CharField(max_length=20, choices=Part.choices, default=Part.MEMBER)
    standing = models.CharField(max_length=20, choices=Standing.choices)
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    shows_name = models.BooleanField(
        default=False, help_text="Whether others who keep a ritual at the same time see the name."
    )

    class Meta:
        db_table = "colonies_belonging"
        ordering: ClassVar = ["joined_at", "began_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "colony", "membership"],
                condition=Q(standing__in=LIVE_STANDINGS),
                name="one_live_belonging",
            ),
            models.UniqueConstraint(
                fields=["guild", "colony"],
                condition=Q(standing=Standing.IN, part=Part.LEADER),
                name="one_leader_a_colony",
            ),
        ]

    def __str__(self) -> str:
        return f"belonging {self.id}"

    @property
    def is_leading(self) -> bool:
        return self.standing == Standing.IN and self.part != Part.MEMBER


class Ritual(models.Model):
    """What a colony keeps. Its words are those of its newest version; at rest, it is read and not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    colony = _within_guild(Colony, on_delete=models.CASCADE)
    title = models.CharField(max_length=120, help_text="That of the newest version, for lists.")
    version = models.PositiveIntegerField(default=1, help_text="The number of the newest version.")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    rested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_ritual"
        ordering: ClassVar = ["title", "id"]
        indexes: ClassVar = [models.Index(fields=["guild", "colony", "title"], name="ritual_by_colony")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(version__gte=1), name="ritual_versions_from_one")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_at_rest(self) -> bool:
        return self.rested_at is not None


class RitualVersion(models.Model):
    """What a ritual said from one moment on. Never rewritten; `author` goes when its author asks for that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = _within_guild(Ritual, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    author = _within_guild(Membership, on_delete=models.SET_NULL, null=True)
    title = models.CharField(max_length=120)
    intention = models.TextField(max_length=2000, blank=True)
    tradition = models.CharField(max_length=300, blank=True)
    source = models.TextField(max_length=2000, blank=True)
    credit = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12, default="en")
    contraindications = models.TextField(max_length=2000, blank=True)
    steps = models.JSONField(default=list)
    note = models.TextField(max_length=1000, blank=True, help_text="What changed, and why.")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "colonies_ritualversion"
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guild", "ritual", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def text(self) -> RitualText:
        """The version as plain values."""
        return RitualText(
            title=self.title,
            steps=steps_from_json(self.steps),
            intention=self.intention,
            tradition=self.tradition,
            source=self.source,
            credit=self.credit,
            language=self.language,
            contraindications=self.contraindications,
        )


class Translation(models.Model):
    """One version in another language. A newer version has none until somebody writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    version = _within_guild(RitualVersion, on_delete=models.CASCADE)
    language = models.CharField(max_length=12)
    translator = _within_guild(Membership, on_delete=models.SET_NULL, null=True)
    title = models.CharField(max_length=120)
    intention = models.TextField(max_length=2000, blank=True)
    contraindications = models.TextField(max_length=2000, blank=True)
    step_texts = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_translation"
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "version", "language"], name="one_translation_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def wording(self) -> Wording:
        return Wording(
            language=self.language,
            title=self.title,
            step_texts=tuple(self.step_texts),
            intention=self.intention,
            contraindications=self.contraindications,
        )


class Schedule(models.Model):
    """When a ritual is kept. Times are wall clocks, as text: of `zone` for what is kept together, of wherever
    the sleeper is for what is local. Ended, the row stays: observances speak of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    ritual = _within_guild(Ritual, on_delete=models.CASCADE)
    guest = _within_guild(
        Colony, on_delete=models.CASCADE, null=True, help_text="Another colony that keeps it this once, too."
    )
    kind = models.CharField(max_length=20)
    starts = models.CharField(max_length=16, help_text="2026-11-25T21:30")
    zone = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(default=15)
    rule = models.CharField(max_length=200, blank=True, help_text="An RRULE without UNTIL; empty for once.")
    until = models.DateField(null=True, blank=True)
    also = models.JSONField(default=list, help_text="Further times.")
    without = models.JSONField(default=list, help_text="Times that are left out.")
    moved = models.JSONField(default=list, help_text="Pairs: where the rule has it, and where it is kept.")
    sequence = models.PositiveIntegerField(default=0, help_text="How often it was changed (RFC 5545).")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_schedule"
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["guild", "ritual"], name="schedule_by_ritual")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=Kind.TOGETHER.value) & ~Q(zone="") | Q(kind=Kind.LOCAL.value, zone=""),
                name="together_has_a_zone",
            )
        ]

    def __str__(self) -> str:
        return f"schedule {self.id}"

    @property
    def rule_in_words(self) -> str:
        return said_aloud(self.rule)

    @property
    def rhythm(self) -> Rhythm:
        """The schedule as plain values."""
        return Rhythm(
            kind=Kind(self.kind),
            starts=datetime.fromisoformat(self.starts),
            zone=self.zone,
            length=timedelta(minutes=self.minutes),
            rule=self.rule,
            until=self.until,
            also=tuple(map(datetime.fromisoformat, self.also)),
            without=tuple(map(datetime.fromisoformat, self.without)),
            moved=tuple(Move(*map(datetime.fromisoformat, pair)) for pair in self.moved),
        )

    @property
    def is_together(self) -> bool:
        return self.kind == Kind.TOGETHER

    @property
    def first_day(self) -> date:
        return datetime.fromisoformat(self.starts).date()


class CalendarFeed(models.Model):
    """One person's calendar at a secret address. The secret itself is not kept, only its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "colonies_calendarfeed"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dreamer"], condition=Q(closed_at=None), name="one_open_feed_a_dreamer"
            )
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.id}"


class Observance(models.Model):
    """One person, one ritual, one sleep night. No ledger speaks of it: nights are one's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guild = models.ForeignKey(Guild, on_delete=models.CASCADE, related_name="+")
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    membership = _within_guild(Membership, on_delete=models.CASCADE)
    ritual = _within_guild(Ritual, on_delete=models.CASCADE)
    night = models.DateField(help_text="The sleep night, reckoned where its dreamer was; never recomputed.")
    keeping = models.CharField(max_length=20, choices=Keeping.choices)
    began_at = models.DateTimeField(
        null=True, help_text="When it was begun; empty for what was entered after its night."
    )
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "colonies_observance"
        ordering: ClassVar = ["-night", "-entered_at"]
        indexes: ClassVar = [models.Index(fields=["guild", "ritual", "night"], name="observance_by_night")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guild", "ritual", "membership", "night"], name="one_observance_a_night"
            ),
            models.CheckConstraint(condition=Q(keeping__in=Keeping.values), name="known_keeping"),
        ]

    def __str__(self) -> str:
        return f"observance of the night of {self.night}"

    @property
    def is_late(self) -> bool:
        return self.began_at is None


class Pause(models.Model):
    """Nights on which one does not count on oneself. Nobody is told, and no reason is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dreamer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_night = models.DateField()
    last_night = models.DateField(null=True, blank=True, help_text="Empty while it lasts.")

    class Meta:
        db_table = "colonies_pause"
        ordering: ClassVar = ["-first_night"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dreamer"], condition=Q(last_night=None), name="one_pause_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"pause from {self.first_night}"
