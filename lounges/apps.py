"""The wing of lounges, and what its rooms tell each other when the process starts."""

from django.apps import AppConfig


class LoungesConfig(AppConfig):
    """Explicit wiring, in one place: no signals between our own rooms."""

    name = "lounges"
    label = "lounges"

    def ready(self) -> None:
        from governance.consent.withdrawals import on_withdrawal
        from lounges.dreamscapes.commands import register_commands
        from lounges.dreamscapes.services import supersede_for
        from lounges.sessions.loans import forget

        on_withdrawal(forget)
        on_withdrawal(supersede_for)
        register_commands()
