"""The wing of colonies."""

from django.apps import AppConfig


class ColoniesConfig(AppConfig):
    name = "colonies"
    label = "colonies"
    verbose_name = "Colonies"
