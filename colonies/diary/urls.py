"""Addresses of one's own diary, below /diary/."""

from django.urls import path

from colonies.diary import views

app_name = "diary"

urlpatterns = [
    path("", views.diary, name="diary"),
    path("morning/", views.morning, name="morning"),
    path("<slug:on>/", views.night, name="night"),
    path("<slug:on>/delete/", views.delete, name="delete"),
]
