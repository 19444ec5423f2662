"""The closed lists of a dream: its kinds, and Hall and Van de Castle's five classes of emotion."""

from django.db import models


class DreamKind(models.TextChoices):
    DREAM = "dream", "Dream"
    NIGHTMARE = "nightmare", "Nightmare"
    RECURRING = "recurring", "Recurring dream"
    HYPNAGOGIC = "hypnagogic", "Hypnagogic (while falling asleep)"
    DAYDREAM = "daydream", "Daydream"


class Emotion(models.TextChoices):
    """Hall and Van de Castle (1966): the value is the name of the field, the code is theirs."""

    ANGER = "anger", "Anger"
    APPREHENSION = "apprehension", "Apprehension"
    SADNESS = "sadness", "Sadness"
    CONFUSION = "confusion", "Confusion"
    HAPPINESS = "happiness", "Happiness"

    @property
    def code(self) -> str:
        return EMOTION_CODES[self]


EMOTION_CODES: dict[Emotion, str] = {
    Emotion.ANGER: "AN",
    Emotion.APPREHENSION: "AP",
    Emotion.SADNESS: "SD",
    Emotion.CONFUSION: "CO",
    Emotion.HAPPINESS: "HA",
}


class ImportFormat(models.TextChoices):
    JSON_LINES = "jsonl", "JSON lines"
    CSV = "csv", "CSV"
    TEXT = "txt", "Plain text"
