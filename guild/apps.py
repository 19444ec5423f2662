from django.apps import AppConfig

from guild.celery import app as celery_app

__all__ = ["GuildConfig", "celery_app"]  # every process that has our tasks sends them to our broker


class GuildConfig(AppConfig):
    name = "guild"
    label = "guild"
    verbose_name = "Guild"

    def ready(self) -> None:
        """Explicit wiring: the roof tells the journal what it asks after a dream was changed."""
        from guild.journal.afterwards import ask_afterwards
        from guild.portal.rights.correcting import question_about

        ask_afterwards(question_about)
