"""Addresses of the exchange in the API, below /api/v1/."""

from django.urls import path

from colonies.exchange import api

_EXCHANGE = "g/<slug:guild_slug>/exchange"
_OFFER = f"{_EXCHANGE}/offers/<uuid:offer_id>"

urlpatterns = [
    path(f"{_EXCHANGE}/offers/", api.OfferList.as_view(), name="api-offers"),
    path(f"{_OFFER}/", api.OfferDetail.as_view(), name="api-offer"),
    path(f"{_OFFER}/adoptions/", api.OfferAdoptions.as_view(), name="api-offer-adoptions"),
    path(f"{_OFFER}/askings/", api.OfferAskings.as_view(), name="api-offer-askings"),
    path(f"{_EXCHANGE}/askings/", api.AskingList.as_view(), name="api-askings"),
    path(
        f"{_EXCHANGE}/askings/<uuid:asking_id>/answer/",
        api.AskingAnswer.as_view(),
        name="api-asking-answer",
    ),
    path(f"{_EXCHANGE}/house/", api.HouseOfferList.as_view(), name="api-house-offers"),
    path(
        f"{_EXCHANGE}/house/<uuid:house_offer_id>/adoptions/",
        api.HouseOfferAdoptions.as_view(),
        name="api-house-offer-adoptions",
    ),
    path(f"{_EXCHANGE}/diversity/", api.GuildDiversity.as_view(), name="api-diversity"),
    path(
        "g/<slug:guild_slug>/rituals/<uuid:ritual_id>/lineage/",
        api.RitualLineage.as_view(),
        name="api-ritual-lineage",
    ),
]
