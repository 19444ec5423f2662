"""The law of a guild, in the API."""

from django.urls import path

from governance.policies import api

urlpatterns = [
    path("g/<slug:guild_slug>/law/", api.Constitution.as_view(), name="api-law"),
    path("g/<slug:guild_slug>/law/preview/", api.Preview.as_view(), name="api-law-preview"),
]
