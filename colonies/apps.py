"""The wing of colonies, and what its rooms tell each other when the process starts."""

from django.apps import AppConfig


class ColoniesConfig(AppConfig):
    """Explicit wiring, in one place: no signals between our own rooms."""

    name = "colonies"
    label = "colonies"
    verbose_name = "Colonies"

    def ready(self) -> None:
        from colonies.exchange.house import end_offers, follow_policy
        from colonies.exchange.leaving import farewell
        from colonies.exchange.services import keep_terms
        from colonies.rituals.guards import before_revision, on_ending
        from colonies.rituals.reporting import RITUAL
        from governance.moderation.registry import register
        from governance.offices.leaving import on_leaving
        from governance.policies.enacting import on_enacted

        register(RITUAL)
        before_revision(keep_terms)
        on_ending(end_offers)
        on_enacted(follow_policy)
        on_leaving(farewell)
