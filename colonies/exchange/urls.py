"""Addresses of the exchange, below /g/<slug>/."""

from django.urls import path

from colonies.exchange import evening_views, house_views, lineage_views, views

app_name = "exchange"

_OFFER = "exchange/<uuid:offer_id>"
_ASKING = "exchange/asked/<uuid:asking_id>"
_HOUSE = "exchange/house/<uuid:house_offer_id>"
_EVENING = "exchange/evenings/<uuid:evening_id>"
_RITUAL = "rituals/<uuid:ritual_id>"

urlpatterns = [
    path("exchange/", views.exchange, name="exchange"),
    path("exchange/diversity/", views.diversity, name="diversity"),
    path("exchange/evenings/new/", evening_views.propose, name="propose"),
    path(f"{_EVENING}/", evening_views.evening, name="evening"),
    path(f"{_EVENING}/answer/", evening_views.answer, name="evening-answer"),
    path(f"{_EVENING}/call-off/", evening_views.call_off, name="evening-call-off"),
    path(f"{_EVENING}/notes/<uuid:note_id>/delete/", evening_views.erase_note, name="evening-unsay"),
    path(f"{_OFFER}/", views.taking, name="taking"),
    path(f"{_OFFER}/adopt/", views.adopt, name="adopt"),
    path(f"{_OFFER}/ask/", views.ask, name="ask"),
    path(f"{_ASKING}/", views.asking, name="asking"),
    path(f"{_ASKING}/take-back/", views.take_back, name="take-back"),
    path(f"{_HOUSE}/", house_views.taking, name="house-taking"),
    path(f"{_HOUSE}/adopt/", house_views.adopt, name="house-adopt"),
    path(f"{_RITUAL}/lineage/", lineage_views.lineage, name="lineage"),
    path(f"{_RITUAL}/adapted/", lineage_views.adapted, name="adapted"),
    path(f"{_RITUAL}/offer/", lineage_views.offer, name="offer"),
    path(f"{_RITUAL}/offer-beyond/", house_views.offer_beyond, name="offer-beyond"),
    path(f"{_RITUAL}/words/", lineage_views.speak, name="speak"),
    path("exchange/words/<uuid:word_id>/delete/", lineage_views.unsay, name="unsay"),
]
