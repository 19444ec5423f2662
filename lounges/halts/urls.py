"""Addresses of calls for a stop, below /g/<slug>/."""

from django.urls import path

from lounges.halts import views

app_name = "halts"

_SESSION = "sessions/<uuid:session_id>"

urlpatterns = [
    path(f"{_SESSION}/resist/", views.resist, name="resist"),
    path(f"{_SESSION}/relent/", views.relent, name="relent"),
    path(f"{_SESSION}/parts/stop/", views.stop, name="stop"),
]
