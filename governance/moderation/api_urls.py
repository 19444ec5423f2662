"""Addresses of moderation in the API, below /api/v1/."""

from django.urls import path

from governance.moderation import api

_MODERATION = "g/<slug:guild_slug>/moderation"
_REPORT = f"{_MODERATION}/<uuid:report_id>"

urlpatterns = [
    path(f"{_MODERATION}/", api.ModerationLog.as_view(), name="api-moderation"),
    path(f"{_REPORT}/decision/", api.ModerationDecision.as_view(), name="api-moderation-decision"),
    path(f"{_REPORT}/appeal/", api.ModerationAppealMake.as_view(), name="api-moderation-appeal"),
    path(f"{_REPORT}/answer/", api.ModerationAppealAnswer.as_view(), name="api-moderation-answer"),
]
