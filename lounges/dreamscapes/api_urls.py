"""Addresses of the API of dreamscapes, below /api/v1/."""

from django.urls import path

from lounges.dreamscapes import api

_GUILD = "g/<slug:guild_slug>"

urlpatterns = [
    path(f"{_GUILD}/dreamscapes/", api.DreamscapeList.as_view(), name="api-dreamscapes"),
    path(f"{_GUILD}/dreamscapes/<uuid:run_id>/", api.DreamscapeDetail.as_view(), name="api-dreamscape"),
    path(
        f"{_GUILD}/dreamscapes/<uuid:run_id>/reflection/",
        api.ReflectionDetail.as_view(),
        name="api-dreamscape-reflection",
    ),
    path(
        f"{_GUILD}/sessions/<uuid:session_id>/blends/", api.BlendRequest.as_view(), name="api-session-blends"
    ),
]
