"""Addresses of the exchange, below /g/<slug>/."""

from django.urls import path

from colonies.exchange import views

app_name = "exchange"

urlpatterns = [
    path("exchange/", views.exchange, name="exchange"),
    path("exchange/<uuid:offer_id>/adopt/", views.adopt, name="adopt"),
    path("rituals/<uuid:ritual_id>/lineage/", views.lineage, name="lineage"),
    path("rituals/<uuid:ritual_id>/offer/", views.offer, name="offer"),
]
