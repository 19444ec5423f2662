"""Addresses of one's own notices, below /notifications/."""

from django.urls import path

from guild.notifications import choice_views, device_views, views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read, name="read"),
    path("choices/", choice_views.choices, name="choices"),
    path("stop/<str:token>/", choice_views.stop, name="stop"),
    path("devices/", device_views.add_device, name="add-device"),
    path("devices/<uuid:device_id>/remove/", device_views.remove_device, name="remove-device"),
    path("<uuid:notice_id>/", views.go, name="go"),
]
