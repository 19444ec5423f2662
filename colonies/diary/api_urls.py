"""Addresses of one's own diary in the API, below /api/v1/."""

from django.urls import path

from colonies.diary import api

urlpatterns = [
    path("diary/", api.DiaryList.as_view(), name="api-diary"),
    path("diary/<slug:night>/", api.DiaryNight.as_view(), name="api-diary-night"),
]
