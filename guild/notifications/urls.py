"""Addresses of one's own notices, below /notifications/."""

from django.urls import path

from guild.notifications import device_views

app_name = "notifications"

urlpatterns = [
    path("devices/", device_views.add_device, name="add-device"),
    path("devices/<uuid:device_id>/remove/", device_views.remove_device, name="remove-device"),
]
