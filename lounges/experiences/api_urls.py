"""Addresses of experiences in the API, below /api/v1/."""

from django.urls import path

from lounges.experiences import api

_GUILD = "g/<slug:guild_slug>"
_EXPERIENCE = f"{_GUILD}/experiences/<uuid:experience_id>"
_VERSION = f"{_EXPERIENCE}/versions/<int:number>"

urlpatterns = [
    path(f"{_GUILD}/experiences/", api.ExperienceList.as_view(), name="api-experiences"),
    path(f"{_EXPERIENCE}/", api.ExperienceDetail.as_view(), name="api-experience"),
    path(f"{_EXPERIENCE}/ask-to-lift/", api.ExperienceAskToLift.as_view(), name="api-experience-ask-to-lift"),
    path(f"{_EXPERIENCE}/lift/", api.ExperienceLift.as_view(), name="api-experience-lift"),
    path(f"{_VERSION}/try/", api.ExperienceTry.as_view(), name="api-experience-try"),
    path(f"{_VERSION}/approve/", api.ExperienceApprove.as_view(), name="api-experience-approve"),
]
