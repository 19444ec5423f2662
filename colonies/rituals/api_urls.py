"""Addresses of colonies and rituals in the API, below /api/v1/."""

from django.urls import path

from colonies.rituals import api, tonight_api

_GUILD = "g/<slug:guild_slug>"
_COLONY = f"{_GUILD}/colonies/<slug:colony_slug>"
_RITUAL = f"{_GUILD}/rituals/<uuid:ritual_id>"

urlpatterns = [
    path(f"{_GUILD}/colonies/", api.ColonyList.as_view(), name="api-colonies"),
    path(f"{_COLONY}/", api.ColonyDetail.as_view(), name="api-colony"),
    path(f"{_COLONY}/join/", api.ColonyJoin.as_view(), name="api-colony-join"),
    path(f"{_COLONY}/leave/", api.ColonyLeave.as_view(), name="api-colony-leave"),
    path(f"{_COLONY}/rituals/", api.ColonyRituals.as_view(), name="api-colony-rituals"),
    path(f"{_RITUAL}/", api.RitualDetail.as_view(), name="api-ritual"),
    path(f"{_RITUAL}/times/", api.RitualTimes.as_view(), name="api-ritual-times"),
    path("tonight/", tonight_api.TonightList.as_view(), name="api-tonight"),
    path(
        f"{_RITUAL}/observances/<slug:night>/",
        tonight_api.RitualObservance.as_view(),
        name="api-ritual-observance",
    ),
    path(f"{_RITUAL}/versions/", api.RitualVersions.as_view(), name="api-ritual-versions"),
]
