"""The Celery application: `celery -A guild worker`, `celery -A guild beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guild.settings")

app = Celery("guild")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "guild.portal",
        "guild.notifications",
        "governance.ledger",
        "governance.audits",
        "governance.offices",
        "governance.oversight",
        "governance.deliberation",
        "lounges.dreamscapes",
        "lounges.sessions",
        "colonies.exchange",
        "colonies.reminders",
    ]
)


@worker_init.connect
def refuse_without_seed(**_: Any) -> None:
    """No worker runs that could not sign the ledgers."""
    from governance.ledger.signing import refuse_without_seed

    refuse_without_seed()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_role(**_: Any) -> None:
    """No worker runs with rights that would see past row-level security."""
    from guild.tenancy.rolecheck import refuse_unsafe_role

    refuse_unsafe_role()
