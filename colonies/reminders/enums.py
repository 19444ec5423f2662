"""The ways in which one is reminded."""

from django.db import models


class Channel(models.TextChoices):
    """How a reminder comes."""

    PAGE = "page", "On the pages"
    EMAIL = "email", "By e-mail"
    PUSH = "push", "From the browser, on this device"
