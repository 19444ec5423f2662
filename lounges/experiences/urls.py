"""Addresses of experiences, below /g/<slug>/."""

from django.urls import path

from lounges.experiences import views

app_name = "experiences"

_EXPERIENCE = "experiences/<uuid:experience_id>"

urlpatterns = [
    path("experiences/", views.experience_list, name="list"),
    path(f"{_EXPERIENCE}/", views.detail, name="detail"),
    path(f"{_EXPERIENCE}/ask-to-lift/", views.ask_to_lift, name="ask-to-lift"),
    path(f"{_EXPERIENCE}/lift/", views.lift, name="lift"),
    path(f"{_EXPERIENCE}/revise/", views.revise, name="revise"),
    path(f"{_EXPERIENCE}/versions/<int:number>/try/", views.try_out, name="try"),
    path(f"{_EXPERIENCE}/versions/<int:number>/approve/", views.approve, name="approve"),
]
