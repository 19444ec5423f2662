"""Addresses of one's own diary, below /diary/."""

from django.urls import path

from colonies.diary import bringing_views, views

app_name = "diary"

urlpatterns = [
    path("", views.diary, name="diary"),
    path("bring/", bringing_views.bring, name="bring"),
    path("bring/preview/", bringing_views.preview, name="preview"),
    path("export.csv", bringing_views.export, name="export"),
    path("morning/", views.morning, name="morning"),
    path("<slug:on>/", views.night, name="night"),
    path("<slug:on>/delete/", views.delete, name="delete"),
]
