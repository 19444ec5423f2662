from django.apps import AppConfig

from guild.celery import app as celery_app

__all__ = ["GuildConfig", "celery_app"]  # every process that has our tasks sends them to our broker


class GuildConfig(AppConfig):
    name = "guild"
    label = "guild"
    verbose_name = "Guild"
