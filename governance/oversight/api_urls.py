"""Addresses of the API of oversight, below /api/v1/."""

from django.urls import path

from governance.oversight import api

_GUILD = "g/<slug:guild_slug>"
_FINDING = f"{_GUILD}/findings/<uuid:finding_id>"
_RULINGS = f"{_GUILD}/rulings"
_PROPOSAL = f"{_RULINGS}/<uuid:proposal_id>"

urlpatterns = [
    path(f"{_GUILD}/findings/", api.FindingList.as_view(), name="api-findings"),
    path(f"{_FINDING}/", api.FindingDetail.as_view(), name="api-finding"),
    path(f"{_FINDING}/assignee/", api.FindingAssignee.as_view(), name="api-finding-assignee"),
    path(f"{_FINDING}/rulings/", api.FindingRulings.as_view(), name="api-finding-rulings"),
    path(f"{_RULINGS}/", api.RulingList.as_view(), name="api-rulings"),
    path(f"{_RULINGS}/<uuid:ruling_id>/", api.RulingDetail.as_view(), name="api-ruling"),
    path(f"{_PROPOSAL}/confirm/", api.RulingConfirmation.as_view(), name="api-ruling-confirm"),
    path(f"{_PROPOSAL}/decline/", api.RulingRefusal.as_view(), name="api-ruling-decline"),
    path(f"{_RULINGS}/<uuid:ruling_id>/appeals/", api.RulingAppeals.as_view(), name="api-ruling-appeals"),
    path(f"{_GUILD}/appeals/<uuid:appeal_id>/answer/", api.AppealAnswer.as_view(), name="api-appeal-answer"),
    path(f"{_GUILD}/audits/", api.AuditList.as_view(), name="api-audits"),
    path(f"{_GUILD}/audits/<uuid:audit_id>/", api.AuditDetail.as_view(), name="api-audit"),
]
