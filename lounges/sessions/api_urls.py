"""Addresses of lounges and sessions in the API, below /api/v1/."""

from django.urls import path

from lounges.sessions import api, contribution_api

_GUILD = "g/<slug:guild_slug>"
_SESSION = f"{_GUILD}/sessions/<uuid:session_id>"

urlpatterns = [
    path(f"{_GUILD}/lounges/", api.LoungeList.as_view(), name="api-lounges"),
    path(f"{_GUILD}/sessions/", api.SessionList.as_view(), name="api-sessions"),
    path(f"{_SESSION}/", api.SessionDetail.as_view(), name="api-session"),
    path(f"{_SESSION}/open/", api.SessionOpen.as_view(), name="api-session-open"),
    path(f"{_SESSION}/join/", api.SessionJoin.as_view(), name="api-session-join"),
    path(f"{_SESSION}/return/", api.SessionReturn.as_view(), name="api-session-return"),
    path(f"{_SESSION}/step-out/", api.SessionStepOut.as_view(), name="api-session-step-out"),
    path(f"{_SESSION}/stage/", api.SessionStage.as_view(), name="api-session-stage"),
    path(f"{_SESSION}/close/", api.SessionClose.as_view(), name="api-session-close"),
    path(f"{_SESSION}/events/", api.SessionEvents.as_view(), name="api-session-events"),
    path(f"{_SESSION}/snapshot/", api.SessionSnapshot.as_view(), name="api-session-snapshot"),
    path(
        f"{_SESSION}/contributions/",
        contribution_api.SessionContributions.as_view(),
        name="api-session-contributions",
    ),
    path(
        f"{_SESSION}/contributions/<uuid:contribution_id>/",
        contribution_api.SessionContribution.as_view(),
        name="api-session-contribution",
    ),
    path(
        f"{_SESSION}/associations/",
        contribution_api.SessionAssociations.as_view(),
        name="api-session-associations",
    ),
    path(f"{_GUILD}/contributions/", contribution_api.OwnContributions.as_view(), name="api-contributions"),
    path(
        f"{_GUILD}/contributions/<uuid:contribution_id>/withdraw/",
        contribution_api.ContributionWithdraw.as_view(),
        name="api-contribution-withdraw",
    ),
]
