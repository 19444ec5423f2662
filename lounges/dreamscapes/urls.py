"""Addresses of dreamscapes, below /g/<slug>/. The id is the run's; it never changes while the run does."""

from django.urls import path

from lounges.dreamscapes import views

app_name = "dreamscapes"

urlpatterns = [
    path("dreamscapes/", views.dreamscape_list, name="list"),
    path("dreamscapes/<uuid:run_id>/", views.detail, name="detail"),
    path("dreamscapes/<uuid:run_id>/reflection/", views.reflection, name="reflection"),
    path("dreamscapes/<uuid:run_id>/withdraw/", views.withdraw, name="withdraw"),
    path("dreamscapes/<uuid:run_id>/renew/", views.renew, name="renew"),
    path("dreamscapes/<uuid:run_id>/retry/", views.retry, name="retry"),
]
