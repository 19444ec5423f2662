"""Addresses of moderation, below /g/<slug>/moderation/."""

from django.urls import path

from governance.moderation import views

app_name = "moderation"

urlpatterns = [
    path("", views.log, name="log"),
    path("report/<slug:kind>/<uuid:target>/", views.report, name="report"),
    path("reports/<uuid:report_id>/", views.case, name="case"),
    path("reports/<uuid:report_id>/appeal/", views.appeal, name="appeal"),
]
