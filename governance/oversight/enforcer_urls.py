"""Pages of oversight, below /g/<slug>/oversight/: for enforcers."""

from django.urls import path

from governance.oversight import dashboard_views, deciding_views, finding_views, story_views
from governance.oversight.exporting import Format

app_name = "oversight"
urlpatterns = [
    path("", dashboard_views.dashboard, name="home"),
    path("audits/", dashboard_views.audits, name="audits"),
    path("audits/<uuid:audit_id>/progress/", dashboard_views.audit_progress, name="progress"),
    path("findings/", finding_views.finding_list, name="findings"),
    path("findings.csv", finding_views.findings_file, {"file_format": Format.CSV}, name="findings-csv"),
    path("findings.json", finding_views.findings_file, {"file_format": Format.JSON}, name="findings-json"),
    path("findings/<uuid:finding_id>/", finding_views.finding_detail, name="finding"),
    path("findings/<uuid:finding_id>/assign/", deciding_views.assign, name="assign"),
    path("rulings/<uuid:proposal_id>/confirm/", deciding_views.confirm, name="confirm"),
    path("rulings/<uuid:proposal_id>/decline/", deciding_views.decline, name="decline"),
    path("appeals/<uuid:appeal_id>/answer/", finding_views.answer, name="answer"),
    path("suspensions/<uuid:suspension_id>/ask/", deciding_views.ask_to_lift, name="ask-to-lift"),
    path("suspensions/<uuid:suspension_id>/lift/", deciding_views.lift, name="lift"),
    path("dreams/<uuid:contribution>/", story_views.story, name="story"),
    path(
        "dreams/<uuid:contribution>.csv",
        story_views.story_file,
        {"file_format": Format.CSV},
        name="story-csv",
    ),
    path(
        "dreams/<uuid:contribution>.json",
        story_views.story_file,
        {"file_format": Format.JSON},
        name="story-json",
    ),
]
