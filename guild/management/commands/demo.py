"""`manage.py demo`: plays a session in the running product; exits 0 only if every step happened."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guild.portal.demo.errors import DemoFailed
from guild.portal.demo.story import play


class Command(BaseCommand):
    help = "Play a session of five sample dreamers against the running product."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            play(settings.PUBLIC_URL, say=self.stdout.write)
        except DemoFailed as error:
            raise CommandError(str(error)) from error
