"""Addresses of a dreamer's rights. None of them says whose: they answer to whoever is signed in."""

from django.urls import path

from guild.portal.rights import correcting_views, erasure_views, views
from guild.portal.rights.enums import Extent

app_name = "rights"

DREAM, JOURNAL, ACCOUNT = ({"extent": extent} for extent in Extent)

urlpatterns = [
    path("", views.overview, name="overview"),
    path("export/", views.export, name="export"),
    path("import/", views.bring, name="import"),
    path("import/<uuid:staged_id>/", views.bring_preview, name="import-preview"),
    path("correct/<uuid:dream_id>/", correcting_views.correct, name="correct"),
    path("pause/", views.pause, name="pause"),
    path("resume/", views.resume, name="resume"),
    path("erase/dream/<uuid:dream_id>/", erasure_views.first_step, DREAM, name="erase-dream"),
    path(
        "erase/dream/<uuid:dream_id>/confirm/",
        erasure_views.second_step,
        DREAM,
        name="erase-dream-confirm",
    ),
    path("erase/journal/", erasure_views.first_step, JOURNAL, name="erase-journal"),
    path("erase/journal/confirm/", erasure_views.second_step, JOURNAL, name="erase-journal-confirm"),
    path("erase/account/", erasure_views.first_step, ACCOUNT, name="erase-account"),
    path("erase/account/confirm/", erasure_views.second_step, ACCOUNT, name="erase-account-confirm"),
    path("certificates/<uuid:record_id>/", erasure_views.certificate, name="certificate"),
    path("certificates/<uuid:record_id>/file/", erasure_views.certificate_file, name="certificate-file"),
    path("erased/", erasure_views.erased, name="erased"),
    path("erased/file/", erasure_views.erased_file, name="erased-file"),
]
