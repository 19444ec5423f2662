"""`manage.py load_sample_guild`: once; a second time it says so and changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from guild.portal import sample


class Command(BaseCommand):
    help = "Load the sample guild, unless it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        if sample.is_loaded():
            self.stdout.write("The sample guild is loaded already.")
            return
        sample.load(say=self.stdout.write)
