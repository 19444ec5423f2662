"""The public addresses of a guild's log and of the guild as a witness, below /g/<guild id>/."""

from django.urls import path

from governance.ledger import views, witness_views

app_name = "log"
urlpatterns = [
    path("log/checkpoint", views.checkpoint, name="checkpoint"),
    path("log/vkey", views.vkey, name="vkey"),
    path("log/tile/entries/<path:name>", views.entries, name="entries"),
    path("log/tile/<str:level>/<path:name>", views.tile, name="tile"),
    path("witness/vkey", views.witness_vkey, name="witness-vkey"),
    path("witness/add-checkpoint", witness_views.add_checkpoint, name="add-checkpoint"),
]
