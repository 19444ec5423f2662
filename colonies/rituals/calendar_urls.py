"""Addresses of a person's own calendar, below /calendar/."""

from django.urls import path

from colonies.rituals import feed_views

app_name = "calendar"

urlpatterns = [
    path("", feed_views.calendar, name="mine"),
    path("<str:token>.ics", feed_views.feed, name="feed"),
]
