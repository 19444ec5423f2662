"""Addresses of one's own reminders, below /reminders/."""

from django.urls import path

from colonies.reminders import views

app_name = "reminders"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("now/", views.now, name="now"),
    path("<uuid:reminder_id>/put-away/", views.put_away, name="put-away"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
