"""Addresses of one's own notices in the API, below /api/v1/."""

from django.urls import path

from guild.notifications import api

urlpatterns = [
    path("notifications/", api.Notices.as_view(), name="api-notifications"),
    path("notifications/read/", api.ReadNotices.as_view(), name="api-notifications-read"),
    path("notifications/choices/", api.ChosenNotices.as_view(), name="api-notifications-choices"),
]
