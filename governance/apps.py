"""The wing of governance, and what its rooms tell each other when the process starts."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Explicit wiring, in one place: no signals between our own rooms."""

    name = "governance"
    label = "governance"
    verbose_name = "Governance"

    def ready(self) -> None:
        from governance.audits.checks import moderation, register_checks
        from governance.audits.registry import register
        from governance.deliberation import appointing, changing
        from governance.moderation.registry import refer_by
        from governance.moderation.registry import register as let_be_reported
        from governance.offices.leaving import on_leaving
        from governance.oversight import ruling_check
        from governance.oversight.carrying_out import register_remedies
        from governance.oversight.leaving import farewell
        from governance.oversight.reported_arguments import ARGUMENT
        from governance.policies import replayed  # noqa: F401  (its readers register themselves)
        from governance.policies.quiet_hours import hushes
        from guild.notifications.hushes import on_asking

        on_leaving(farewell)
        register_remedies()
        changing.register_hand()
        appointing.register_hand()
        register_checks()
        register(ruling_check.CHECK)
        register(moderation.CHECK)
        refer_by(moderation.referred)
        let_be_reported(ARGUMENT)
        on_asking(hushes)
