"""Addresses of one's own reminders in the API, below /api/v1/."""

from django.urls import path

from colonies.reminders import api

urlpatterns = [
    path("reminders/", api.Reminders.as_view(), name="api-reminders"),
    path(
        "g/<slug:guild_slug>/rituals/<uuid:ritual_id>/reminder/",
        api.ReminderOfRitual.as_view(),
        name="api-ritual-reminder",
    ),
]
