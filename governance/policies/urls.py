"""The law of a guild as its members read it, below /g/<slug>/law/."""

from django.urls import path

from governance.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.constitution, name="constitution"),
    path("history/", views.history, name="history"),
    path("try/", views.attempt, name="try"),
    path("<slug:article>/", views.template, name="template"),
]
