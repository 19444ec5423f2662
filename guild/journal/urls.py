"""Addresses of the journal. None of them ever holds a word of a dream or of a search."""

from django.urls import path

from guild.journal import transfer_views, views

app_name = "journal"

urlpatterns = [
    path("", views.dream_list, name="list"),
    path("new/", views.dream_new, name="new"),
    path("search/", views.dream_search, name="search"),
    path("calendar/", views.month, name="calendar"),
    path("calendar/<int:year>/<int:month>/", views.month, name="month"),
    path("nights/<slug:night>/", views.night, name="night"),
    path("import/", transfer_views.import_start, name="import"),
    path("import/<uuid:staged_id>/", transfer_views.import_preview, name="import-preview"),
    path("export/", transfer_views.export, name="export"),
    path("<uuid:dream_id>/", views.dream_detail, name="detail"),
    path("<uuid:dream_id>/edit/", views.dream_edit, name="edit"),
    path("<uuid:dream_id>/delete/", views.dream_delete, name="delete"),
    path("<uuid:dream_id>/suggestion/", views.suggestion_accept, name="suggestion"),
]
