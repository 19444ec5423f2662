"""Addresses of one's own nights, below /tonight/."""

from django.urls import path

from colonies.rituals import tonight_views

app_name = "tonight"

urlpatterns = [
    path("", tonight_views.tonight, name="tonight"),
    path("pause/", tonight_views.pause, name="pause"),
    path("<slug:on>/", tonight_views.night, name="night"),
]
