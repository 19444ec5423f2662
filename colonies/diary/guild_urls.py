"""Addresses of what the diary has to do with a guild, below /g/<slug>/."""

from django.urls import path

from colonies.diary import helping_views

app_name = "helping"

urlpatterns = [
    path("colonies/<slug:colony_slug>/helps/", helping_views.helps, name="helps"),
]
