"""Addresses of calls for a stop in the API, below /api/v1/."""

from django.urls import path

from lounges.halts import api

_SESSION = "g/<slug:guild_slug>/sessions/<uuid:session_id>"

urlpatterns = [
    path(f"{_SESSION}/resist/", api.SessionResist.as_view(), name="api-session-resist"),
    path(f"{_SESSION}/relent/", api.SessionRelent.as_view(), name="api-session-relent"),
]
