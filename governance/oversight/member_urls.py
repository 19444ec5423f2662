"""What every member may read of oversight, below /g/<slug>/transparency/."""

from django.urls import path

from governance.oversight import report_views

app_name = "transparency"
urlpatterns = [
    path("", report_views.report, name="report"),
    path("rulings/<uuid:ruling_id>/", report_views.ruling_detail, name="ruling"),
]
