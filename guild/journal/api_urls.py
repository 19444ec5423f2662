"""Addresses of the journal's API, below /api/v1/."""

from django.urls import path

from guild.journal import api

urlpatterns = [
    path("dreams/", api.DreamList.as_view(), name="api-dreams"),
    path("dreams/search/", api.DreamSearch.as_view(), name="api-dreams-search"),
    path("dreams/import/", api.ImportStart.as_view(), name="api-dreams-import"),
    path("dreams/import/<uuid:staged_id>/", api.ImportConfirm.as_view(), name="api-dreams-import-confirm"),
    path("dreams/export/", api.Export.as_view(), name="api-dreams-export"),
    path("dreams/<uuid:dream_id>/", api.DreamDetail.as_view(), name="api-dreams-detail"),
    path("dreams/<uuid:dream_id>/suggestion/", api.DreamSuggestion.as_view(), name="api-dreams-suggestion"),
]
