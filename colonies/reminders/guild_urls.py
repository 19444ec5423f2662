"""Addresses of reminders of a guild's rituals, below /g/<slug>/."""

from django.urls import path

from colonies.reminders import views

app_name = "reminding"

urlpatterns = [
    path("rituals/<uuid:ritual_id>/remind/", views.choose, name="choose"),
]
