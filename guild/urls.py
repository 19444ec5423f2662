"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from colonies.rituals import guided_views
from guild.portal import health

api: list[URLPattern | URLResolver] = [
    path("", include("guild.journal.api_urls")),
    path("", include("guild.notifications.api_urls")),
    path("", include("governance.consent.api_urls")),
    path("", include("governance.policies.api_urls")),
    path("", include("governance.offices.api_urls")),
    path("", include("governance.oversight.api_urls")),
    path("", include("governance.deliberation.api_urls")),
    path("", include("lounges.sessions.api_urls")),
    path("", include("lounges.dreamscapes.api_urls")),
    path("", include("colonies.rituals.api_urls")),
    path("", include("colonies.diary.api_urls")),
    path("", include("colonies.reminders.api_urls")),
    path("", include("colonies.exchange.api_urls")),
    path("", include("governance.moderation.api_urls")),
    path("", include("lounges.experiences.api_urls")),
    path("", include("lounges.halts.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("guild.dreamers.urls")),
    path("", include("guild.portal.urls")),
    path("rights/", include("guild.portal.rights.urls")),
    path("journal/", include("guild.journal.urls")),
    path("consents/", include("governance.consent.urls")),
    path("join/", include("governance.offices.joining_urls")),
    path("tonight/", include("colonies.rituals.tonight_urls")),
    path("diary/", include("colonies.diary.urls")),
    path("reminders/", include("colonies.reminders.urls")),
    path("notifications/", include("guild.notifications.urls")),
    path("guided-worker.js", guided_views.worker, name="guided-worker"),
    path("calendar/", include("colonies.rituals.calendar_urls")),
    path("g/<uuid:guild_id>/", include("governance.ledger.urls")),  # for outsiders: before the members' pages
    path("g/<slug:guild_slug>/ledger/", include("governance.oversight.urls")),
    path("g/<slug:guild_slug>/oversight/", include("governance.oversight.enforcer_urls")),
    path("g/<slug:guild_slug>/transparency/", include("governance.oversight.member_urls")),
    path("g/<slug:guild_slug>/law/", include("governance.policies.urls")),
    path("g/<slug:guild_slug>/offices/", include("governance.offices.urls")),
    path("g/<slug:guild_slug>/", include("governance.offices.member_urls")),
    path("g/<slug:guild_slug>/processing/", include("governance.consent.guild_urls")),
    path("g/<slug:guild_slug>/", include("governance.deliberation.urls")),
    path("g/<slug:guild_slug>/", include("lounges.sessions.urls")),
    path("g/<slug:guild_slug>/", include("lounges.dreamscapes.urls")),
    path("g/<slug:guild_slug>/", include("colonies.rituals.urls")),
    path("g/<slug:guild_slug>/", include("colonies.diary.guild_urls")),
    path("g/<slug:guild_slug>/", include("colonies.reminders.guild_urls")),
    path("g/<slug:guild_slug>/", include("colonies.exchange.urls")),
    path("g/<slug:guild_slug>/moderation/", include("governance.moderation.urls")),
    path("g/<slug:guild_slug>/", include("lounges.experiences.urls")),
    path("g/<slug:guild_slug>/", include("lounges.halts.urls")),
    path("api/v1/", include(api)),
]

handler400 = "guild.portal.errors.bad_request"
handler403 = "guild.portal.errors.forbidden"
handler404 = "guild.portal.errors.not_found"
handler500 = "guild.portal.errors.server_error"
