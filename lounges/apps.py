"""The wing of lounges, and what its rooms tell each other when the process starts."""

from django.apps import AppConfig


class LoungesConfig(AppConfig):
    """Explicit wiring, in one place: no signals between our own rooms."""

    name = "lounges"
    label = "lounges"

    def ready(self) -> None:
        from governance.audits.registry import register as register_check
        from governance.consent import own_titles, places, recipients
        from governance.consent.enums import Scope
        from governance.consent.openings import on_opening
        from governance.consent.withdrawals import on_withdrawal
        from governance.offices.leaving import on_leaving
        from governance.oversight.moments import told_by
        from lounges.dreamscapes import auditing as dreamscapes_auditing
        from lounges.dreamscapes import leaving as dreamscapes_leaving
        from lounges.dreamscapes import remaking
        from lounges.dreamscapes import stories as dreamscapes_stories
        from lounges.dreamscapes.commands import register_commands
        from lounges.dreamscapes.people import seers_of
        from lounges.dreamscapes.remedies import register_remedies
        from lounges.dreamscapes.services import supersede_for
        from lounges.sessions import auditing as sessions_auditing
        from lounges.sessions import leaving as sessions_leaving
        from lounges.sessions import stories as sessions_stories
        from lounges.sessions.loans import forget
        from lounges.sessions.own_titles import titles_of
        from lounges.sessions.restating import hearers_of, set_aside, take_up
        from lounges.sessions.selectors import lounge_names, session_names

        on_withdrawal(forget)
        on_withdrawal(set_aside)
        on_withdrawal(supersede_for)
        on_opening(take_up)
        recipients.on_naming(hearers_of)
        recipients.on_naming(seers_of)
        own_titles.on_titling(titles_of)
        places.on_naming(Scope.SESSION, session_names)
        places.on_naming(Scope.LOUNGE, lounge_names)
        for check in (sessions_auditing.CHECK, dreamscapes_auditing.CHECK, remaking.CHECK):
            register_check(check)
        for teller in (sessions_stories.told_of, dreamscapes_stories.told_of):
            told_by(teller)
        on_leaving(sessions_leaving.farewell)
        on_leaving(dreamscapes_leaving.farewell)
        register_remedies()
        register_commands()
        self._halts_and_experiences()

    def _halts_and_experiences(self) -> None:
        from governance.audits.registry import register as register_check
        from governance.deliberation.enums import Kind
        from governance.deliberation.kind_forms import register_form
        from governance.moderation.registry import register as register_kind
        from lounges.experiences import approving
        from lounges.experiences import auditing as experiences_auditing
        from lounges.experiences import reporting as experiences_reporting
        from lounges.experiences.approval_forms import ApprovalForm
        from lounges.experiences.lifting import hindered_by
        from lounges.halts import auditing as halts_auditing
        from lounges.halts import commands, remedies
        from lounges.halts.selectors import awaiting_ruling, stop_for
        from lounges.sessions import reporting as sessions_reporting
        from lounges.sessions.pages import on_entering

        for kind in (sessions_reporting.SAID, sessions_reporting.LENT, experiences_reporting.EXPERIENCE):
            register_kind(kind)
        on_entering(stop_for)
        hindered_by(awaiting_ruling)
        approving.register_hand()
        register_form(Kind.EXPERIENCE, ApprovalForm)
        commands.register_commands()
        remedies.register_remedies()
        for check in (experiences_auditing.CHECK, halts_auditing.CHECK):
            register_check(check)
