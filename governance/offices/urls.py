"""Who holds which office of a guild, below /g/<slug>/offices/: for stewards."""

from django.urls import path

from governance.offices import views

app_name = "offices"
urlpatterns = [
    path("", views.home, name="home"),
    path("end/", views.end, name="end"),
]
